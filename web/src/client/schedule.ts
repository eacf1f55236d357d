/** What waits to be sent at its time, per conversation; read again whenever any device of the person changed it. */

import type { Scheduled } from "../model/scheduled.ts";
import { ApiError } from "../protocol/errors.ts";
import type { Rest } from "../protocol/rest.ts";
import type { Stores } from "../stores/stores.ts";

export interface ScheduledDraft {
  readonly content: string;
  readonly sendAt: Date;
  readonly replyTo?: string | null;
  readonly silent?: boolean;
}

export type Schedule = ReturnType<typeof createSchedule>;

export function createSchedule(store: Stores["schedules"], rest: Rest) {
  const put = (conversationId: string, next: (items: readonly Scheduled[]) => readonly Scheduled[]) =>
    store.setState(({ byConversation }) => ({
      byConversation: { ...byConversation, [conversationId]: inOrder(next(byConversation[conversationId] ?? [])) },
    }));
  const load = async (conversationId: string): Promise<void> => {
    const items = await rest.scheduled(conversationId);
    put(conversationId, () => items);
  };
  const without = (item: Scheduled) =>
    put(item.conversation_id, (items) => items.filter(({ id }) => id !== item.id));

  return {
    load,
    /** Never rejects: what could not be read is read when the chat is opened again. */
    hear: async (conversationId: string): Promise<void> => {
      // Nobody has looked at it yet.
      if (store.getState().byConversation[conversationId] === undefined) return;
      await load(conversationId).catch((error: unknown) => {
        if (!(error instanceof ApiError)) throw error;
      });
    },
    add: async (conversationId: string, { content, sendAt, replyTo = null, silent = false }: ScheduledDraft) => {
      const item = await rest.schedule(conversationId, {
        content,
        send_at: sendAt.toISOString(),
        reply_to: replyTo,
        silent,
      });
      put(conversationId, (items) => [...items.filter(({ id }) => id !== item.id), item]);
    },
    change: async (id: string, edit: { readonly content?: string; readonly sendAt?: Date }) => {
      const { content, sendAt } = edit;
      const item = await rest.changeScheduled(id, {
        ...(content === undefined ? {} : { content }),
        ...(sendAt === undefined ? {} : { send_at: sendAt.toISOString() }),
      });
      put(item.conversation_id, (items) => items.map((each) => (each.id === id ? item : each)));
    },
    remove: async (item: Scheduled) => {
      await rest.removeScheduled(item.id);
      without(item);
    },
    sendNow: async (item: Scheduled) => {
      await rest.sendScheduled(item.id);
      without(item);
    },
  };
}

function inOrder(items: readonly Scheduled[]): readonly Scheduled[] {
  return items.toSorted((one, other) => one.send_at.localeCompare(other.send_at));
}
