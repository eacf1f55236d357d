/** What somebody does to a message that is there: told alone, since a message that many have reacted to is long. */

import type { Message, Poll, Reaction } from "./message.ts";

interface Told {
  readonly seq: number;
  readonly message_group_id: string;
  readonly user_id: string;
}

export type Act =
  | (Told & { readonly type: "react"; readonly emoji: string })
  | (Told & { readonly type: "unreact"; readonly emoji: string })
  | (Told & { readonly type: "pin"; readonly pinned_at: string })
  | (Told & { readonly type: "unpin" })
  /** `choices` are indexes of answers, instead of any chosen before. */
  | (Told & { readonly type: "vote"; readonly choices: readonly number[] })
  /** All that the person reacts with from now on, sealed for the reader; null: with nothing any more. */
  | (Told & { readonly type: "encrypted_reaction"; readonly content: string | null });

/** The message after an act upon it; as it is where it is another one, or knows of the act already. */
export function afterAct(message: Message, act: Act): Message {
  if (message.id !== act.message_group_id || message.changed_seq >= act.seq) return message;
  const changed = { ...message, changed_seq: act.seq };
  switch (act.type) {
    case "react":
      return { ...changed, reactions: withReaction(message.reactions, act.emoji, act.user_id) };
    case "unreact":
      return { ...changed, reactions: withoutReaction(message.reactions, act.emoji, act.user_id) };
    case "pin":
      return { ...changed, pinned_at: act.pinned_at };
    case "unpin":
      return { ...changed, pinned_at: null };
    case "vote":
      return { ...changed, poll: message.poll && withVote(message.poll, act.user_id, act.choices) };
    case "encrypted_reaction": {
      const { [act.user_id]: _before, ...others } = message.encrypted_reactions ?? {};
      const all = act.content === null ? others : { ...others, [act.user_id]: act.content };
      return { ...changed, encrypted_reactions: all };
    }
  }
}

/**
 * The message after an edit or a deletion, with what the announcement leaves out where it is sealed: the copy's id, and the
 * reactions, which stay.
 */
export function afterRewriting(known: Message, message: Message): Message {
  if (known.encrypted !== true) return message;
  const reactions = message.is_deleted ? {} : (message.encrypted_reactions ?? known.encrypted_reactions ?? {});
  const copyId = message.copy_id ?? known.copy_id;
  return {
    ...message,
    encrypted: true,
    encrypted_reactions: reactions,
    ...(copyId === undefined ? {} : { copy_id: copyId }),
  };
}

function withReaction(reactions: readonly Reaction[], emoji: string, userId: string): readonly Reaction[] {
  if (!reactions.some((reaction) => reaction.emoji === emoji)) return [...reactions, reacted(emoji, [userId])];
  return reactions.map((reaction) =>
    reaction.emoji === emoji && !reaction.user_ids.includes(userId)
      ? reacted(emoji, [...reaction.user_ids, userId])
      : reaction,
  );
}

function withoutReaction(reactions: readonly Reaction[], emoji: string, userId: string): readonly Reaction[] {
  return reactions
    .map((reaction) =>
      reaction.emoji === emoji ? reacted(emoji, reaction.user_ids.filter((id) => id !== userId)) : reaction,
    )
    .filter((reaction) => reaction.count > 0);
}

function reacted(emoji: string, userIds: readonly string[]): Reaction {
  return { emoji, count: userIds.length, user_ids: userIds };
}

function withVote(poll: Poll, userId: string, choices: readonly number[]): Poll {
  const options = poll.options.map((option, index) => {
    const others = option.user_ids.filter((id) => id !== userId);
    const userIds = choices.includes(index) ? [...others, userId] : others;
    return { ...option, count: userIds.length, user_ids: userIds };
  });
  return { ...poll, options };
}
