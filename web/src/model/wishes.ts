/** What the reader has just done to a message and the server has yet to confirm, laid over what it has told. */

import type { Message, Poll, Reaction } from "./message.ts";

/** Per emoji, whether one's reaction is to be there. */
export type ReactionWishes = Readonly<Record<string, boolean>>;

export interface Wishes {
  readonly reactions: ReactionWishes;
  /** The answers chosen; null: nothing is under way. */
  readonly vote: readonly number[] | null;
}

export function withWishes<Shown extends Message>(message: Shown, wishes: Wishes | undefined, myId: string): Shown {
  if (wishes === undefined) return message;
  const reactions = wishedReactions(message.reactions, wishes.reactions, myId);
  const poll = message.poll && wishes.vote ? wishedPoll(message.poll, wishes.vote, myId) : message.poll;
  return { ...message, reactions, poll };
}

export function hasReacted(message: Pick<Message, "reactions">, emoji: string, userId: string): boolean {
  return message.reactions.some((reaction) => reaction.emoji === emoji && reaction.user_ids.includes(userId));
}

/** The indexes of the answers that somebody has chosen. */
export function choicesOf(poll: Poll, userId: string): readonly number[] {
  return poll.options.flatMap((option, index) => (option.user_ids.includes(userId) ? [index] : []));
}

function wishedReactions(reactions: readonly Reaction[], wishes: ReactionWishes, myId: string): readonly Reaction[] {
  const known = reactions
    .map((reaction) => {
      const isWanted = wishes[reaction.emoji];
      const isThere = reaction.user_ids.includes(myId);
      if (isWanted === undefined || isWanted === isThere) return reaction;
      return isWanted
        ? { ...reaction, count: reaction.count + 1, user_ids: [...reaction.user_ids, myId] }
        : { ...reaction, count: reaction.count - 1, user_ids: reaction.user_ids.filter((id) => id !== myId) };
    })
    .filter((reaction) => reaction.count > 0);
  const fresh = Object.keys(wishes).filter(
    (emoji) => wishes[emoji] === true && reactions.every((reaction) => reaction.emoji !== emoji),
  );
  return [...known, ...fresh.map((emoji) => ({ emoji, count: 1, user_ids: [myId] }))];
}

function wishedPoll(poll: Poll, choices: readonly number[], myId: string): Poll {
  const options = poll.options.map((option, index) => {
    const isWanted = choices.includes(index);
    const isThere = option.user_ids.includes(myId);
    if (isWanted === isThere) return option;
    return isWanted
      ? { ...option, count: option.count + 1, user_ids: [...option.user_ids, myId] }
      : { ...option, count: option.count - 1, user_ids: option.user_ids.filter((id) => id !== myId) };
  });
  return { ...poll, options };
}
