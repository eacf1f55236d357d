/** The texts of what can be done with messages in English. */

import { countedBy } from "./counted.ts";

export function englishMessages(locale: string) {
  const { number, of } = countedBy(locale);
  return {
    react: "React",
    moreEmoji: "More emoji",
    quickReactions: "Quick reactions",
    reactions: "Reactions",
    reaction: (emoji: string, count: number) => `${emoji} ${number(count)}`,
    /** `names` are set apart by commas already. */
    reactedBy: (names: string, more: number) => (more > 0 ? `${names} and ${number(more)} more` : names),
    forward: "Forward",
    star: "Star",
    unstar: "Remove star",
    starred: "Starred",
    pin: "Pin",
    unpin: "Unpin",
    pinned: "Pinned",
    select: "Select",
    readBy: "Read by",
    history: "Edit history",
    copyLink: "Copy link",
    linkCopied: "Link copied",
    linkCopyFailed: "The link could not be copied.",
    silent: "Sent without a sound",

    deleteTitle: (count: number) => (count === 1 ? "Delete this message?" : `Delete ${of(count, "message", "messages")}?`),
    deleteOwn: (count: number): string => (count === 1 ? "It will be gone for everyone." : "They will be gone for everyone."),
    deleteMany: "They will be gone for everyone. Some were written by others.",

    selecting: {
      bar: "Chosen messages",
      count: (count: number) => `${number(count)} selected`,
      stop: "Stop selecting",
      copied: "Text copied",
      one: (name: string) => `Select: ${name}`,
    },

    pins: {
      bar: "Pinned messages",
      title: "Pinned message",
      nth: (place: number, count: number) => `Pinned message ${number(place)} of ${number(count)}`,
      all: "All pinned messages",
      jump: "Show in chat",
    },

    forwarding: {
      title: (count: number) => (count === 1 ? "Forward message" : `Forward ${of(count, "message", "messages")}`),
      search: "Find a chat",
      chats: "Chats to forward to",
      nothing: "No chat goes by this name.",
      none: "There is no chat yet to forward to.",
      act: "Send",
      actTo: (count: number) => `Send to ${of(count, "chat", "chats")}`,
      tooMany: (most: number) => `At most ${of(most, "chat", "chats")} at once.`,
      done: (name: string) => `Forwarded to ${name}`,
      doneMany: (count: number) => `Forwarded to ${of(count, "chat", "chats")}`,
      from: "Forwarded from",
    },

    poll: {
      name: "Poll",
      one: "Poll",
      several: "Poll, several answers",
      closed: "Closed poll",
      vote: "Vote",
      takeBack: "Take back vote",
      close: "Close poll",
      closeTitle: "Close this poll?",
      closeText: "Nobody will be able to vote any more. The result stays.",
      voters: "Who voted",
      nobody: "No votes yet",
      count: (count: number) => of(count, "vote", "votes"),
      people: (count: number) => of(count, "person voted", "people voted"),
      result: (text: string, votes: number, percent: number) =>
        `${text}: ${of(votes, "vote", "votes")}, ${number(percent)}%`,
      own: "your vote",
      percent: (percent: number) => `${number(percent)}%`,
      results: "Results",
    },

    readers: {
      title: "Read by",
      nobody: "Nobody has read it yet.",
      failed: "Who has read it could not be loaded.",
    },
    versions: {
      title: "Edit history",
      now: "As it is now",
      first: "As it was sent",
      failed: "The earlier versions could not be loaded.",
      none: "No earlier version is kept.",
    },
    person: {
      title: "Profile",
      message: "Send message",
      gone: "This person cannot be shown.",
    },
    stars: {
      title: "Starred messages",
      hint: "What you want to find again",
      empty: "Nothing starred yet",
      emptyText: "Choose “Star” in the menu of a message, and you find it here again.",
      more: "Show more",
      in: (sender: string, chat: string) => `${sender} in ${chat}`,
    },


    code: "Code",
    copyCode: "Copy code",
    hidden: "Hidden text. Press to show it.",
    summary: {
      poll: (question: string) => `📊 ${question}`,
      image: (count: number) => (count === 1 ? "🖼 Picture" : `🖼 ${of(count, "picture", "pictures")}`),
      video: (count: number) => (count === 1 ? "🎬 Video" : `🎬 ${of(count, "video", "videos")}`),
      audio: (count: number) => (count === 1 ? "🎵 Audio" : `🎵 ${of(count, "audio file", "audio files")}`),
      file: (name: string, more: number) => (more === 0 ? `📎 ${name}` : `📎 ${name} and ${number(more)} more`),
    },
  };
}
