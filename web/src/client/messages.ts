/** What a person can do with messages that are there. */

import type { Page } from "../model/conversation.ts";
import type { Message } from "../model/message.ts";
import type { Reader, Version } from "../model/traces.ts";
import { ApiError } from "../protocol/errors.ts";
import type { Rest } from "../protocol/rest.ts";
import type { Account } from "./account.ts";
import { newClientRef } from "./refs.ts";

/** Every method that answers a promise rejects with `ApiError` when the server refuses or cannot be reached. */
export interface Messages {
  /** Has one's reaction there or not; it is seen at once in `stores.wishes`, and not any more where it is refused. */
  react(message: Message, emoji: string, isWanted: boolean): Promise<void>;
  /** Votes, instead of any vote before; no choices take it back. */
  vote(message: Message, choices: readonly number[]): Promise<void>;
  closePoll(messageId: string): Promise<void>;

  pin(messageId: string, isPinned: boolean): Promise<void>;
  /** Reads what is pinned into `stores.pins`, kept current from then on. Never rejects. */
  loadPinned(conversationId: string): Promise<void>;
  star(messageId: string, isStarred: boolean): Promise<void>;
  /** The messages with the reader's star, the latest star first. */
  starred(pageToken?: string): Promise<Page<Message>>;

  /** Answers what forwards these messages in their order. Called again after a failure, it sends nothing twice. */
  startForwarding(messages: readonly Message[]): (conversationIds: readonly string[]) => Promise<void>;
  /** How it read, oldest first; for its author. */
  versions(messageId: string): Promise<readonly Version[]>;
  /** Who has read it; not in rooms. */
  readers(messageId: string): Promise<readonly Reader[]>;
}

export function createMessages(rest: Rest, account: () => Account): Messages {
  const takeIn = (message: Message) => account().copies.takeIn(message.conversation_id, [message]);
  return {
    react: async (message, emoji, isWanted) => await account().wishes.react(message, emoji, isWanted),
    vote: async (message, choices) => await account().wishes.vote(message, choices),
    closePoll: async (messageId) => takeIn(await rest.closePoll(messageId)),

    pin: async (messageId, isPinned) => void (await (isPinned ? rest.pin(messageId) : rest.unpin(messageId))),
    loadPinned: async (conversationId) => await account().pins.load(conversationId),
    star: async (messageId, isStarred) => {
      const { copies } = account();
      copies.putStar(messageId, isStarred);
      try {
        await (isStarred ? rest.star(messageId) : rest.unstar(messageId));
      } catch (error) {
        copies.putStar(messageId, !isStarred);
        throw error;
      }
    },
    starred: async (pageToken) => {
      const page = await rest.starred(pageToken);
      account().copies.putUsers(page.users);
      account().seals.want(page.items);
      return page;
    },

    startForwarding: (messages) => {
      const items = messages.map((message) => ({ message, clientRef: newClientRef() }));
      return async (conversationIds) => {
        for (const { message, clientRef } of items) {
          for (const copy of await rest.forward(message.id, conversationIds, clientRef)) takeIn(copy);
        }
      };
    },
    versions: rest.versions,
    readers: async (messageId) => {
      const readers = await rest.readers(messageId);
      account().copies.putUsers(readers.map(({ user }) => user));
      return readers;
    },
  };
}

/** Reads which messages have a star. Never rejects: without an answer what was known stays. */
export async function readStars(rest: Pick<Rest, "starredIds">, put: (ids: readonly string[]) => void): Promise<void> {
  try {
    put(await rest.starredIds());
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
  }
}
