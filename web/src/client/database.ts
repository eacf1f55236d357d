/** The account's own database in this browser: messages on their way out, and what was seen last. */

import { type DBSchema, deleteDB, type IDBPDatabase, openDB } from "idb";
import type { OwnConversation } from "../model/conversation.ts";
import type { Message } from "../model/message.ts";
import type { User } from "../model/user.ts";
import type { SealedRecord } from "./sealed/records.ts";

/** `position` gives the order of sending; the database allots it. */
export type OutboxRecord = SealedRecord & { readonly position?: number };

/** The newest stretch of a thread as it was at `head`; `olderToken` asks for the page before it. */
export interface ThreadRecord {
  readonly conversationId: string;
  readonly head: number;
  readonly messages: readonly Message[];
  readonly olderToken: string | null;
  readonly readSeqs: Readonly<Record<string, number>>;
}

interface AccountSchema extends DBSchema {
  outbox: { key: number; value: OutboxRecord; indexes: { clientRef: string } };
  conversations: { key: string; value: OwnConversation };
  threads: { key: string; value: ThreadRecord };
  users: { key: string; value: User };
}

export type AccountDatabase = IDBPDatabase<AccountSchema>;

export async function openAccountDatabase(accountId: string): Promise<AccountDatabase> {
  const database = await openDB<AccountSchema>(nameOf(accountId), 2, {
    upgrade(created, oldVersion) {
      if (oldVersion === 1) {
        // What was seen last is read anew, since messages have more to them now; what is on its way out stays.
        for (const name of ["conversations", "threads", "users"] as const) created.deleteObjectStore(name);
      } else makeOutbox(created);
      created.createObjectStore("conversations", { keyPath: "id" });
      created.createObjectStore("threads", { keyPath: "conversationId" });
      created.createObjectStore("users", { keyPath: "id" });
    },
    // Another tab deletes the database at sign-out, or a newer client wants to upgrade it.
    blocking() {
      database.close();
    },
  });
  return database;
}

/** Where what was opened of encrypted conversations is kept, see `sealed/history.ts`. */
export function historyName(accountId: string): string {
  return `tertulia-said.${accountId}`;
}

export async function deleteHistory(accountId: string): Promise<void> {
  await deleteDB(historyName(accountId));
}

export async function deleteAccountDatabase(accountId: string): Promise<void> {
  await deleteDB(nameOf(accountId));
}

function makeOutbox(created: AccountDatabase): void {
  const outbox = created.createObjectStore("outbox", { keyPath: "position", autoIncrement: true });
  outbox.createIndex("clientRef", "clientRef", { unique: true });
}

function nameOf(accountId: string): string {
  return `tertulia.${accountId}`;
}
