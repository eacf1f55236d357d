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

const version = 2;
/** All but the outbox. */
const seen = ["conversations", "threads", "users"] as const;

export async function openAccountDatabase(accountId: string): Promise<AccountDatabase> {
  const database = await openDB<AccountSchema>(nameOf(accountId), version, {
    upgrade,
    // Another tab deletes the database at sign-out, or a newer client wants to upgrade it.
    blocking() {
      database.close();
    },
  });
  return database;
}

/** Everything but the outbox; an account that has no database here gets none by it. */
export async function clearSeen(accountId: string): Promise<void> {
  let isThere = true;
  const opening = openDB<AccountSchema>(nameOf(accountId), version, {
    upgrade(database, oldVersion, _, transaction) {
      isThere = oldVersion > 0;
      if (isThere) return upgrade(database, oldVersion);
      transaction.done.catch(() => undefined);
      transaction.abort();
    },
  });
  const database = await opening.catch((error: unknown) => {
    if (isThere) throw error;
    return null;
  });
  if (database === null) return;
  const transaction = database.transaction(seen, "readwrite");
  for (const name of seen) void transaction.objectStore(name).clear();
  await transaction.done;
  database.close();
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

function upgrade(database: AccountDatabase, oldVersion: number): void {
  // What was seen last is read anew, since messages have more to them now; what is on its way out stays.
  if (oldVersion === 1) for (const name of seen) database.deleteObjectStore(name);
  else makeOutbox(database);
  database.createObjectStore("conversations", { keyPath: "id" });
  database.createObjectStore("threads", { keyPath: "conversationId" });
  database.createObjectStore("users", { keyPath: "id" });
}

function makeOutbox(created: AccountDatabase): void {
  const outbox = created.createObjectStore("outbox", { keyPath: "position", autoIncrement: true });
  outbox.createIndex("clientRef", "clientRef", { unique: true });
}

function nameOf(accountId: string): string {
  return `tertulia.${accountId}`;
}
