/** What was seen last, kept on disk so that the list and known threads are there at once the next time, even offline. */

import { withConversations } from "../stores/conversations.ts";
import type { Stores } from "../stores/stores.ts";
import type { AccountDatabase, ThreadRecord } from "./database.ts";
import type { Threads } from "./threads.ts";

/** Long enough to gather a burst of changes, short enough that a browser that is killed has lost little. */
const saved_after_ms = 200;

export class Cache {
  private readonly database: AccountDatabase;
  private readonly stores: Stores;
  private readonly unsubscribe: (() => void)[] = [];
  private readonly saved = new Map<string, unknown>();
  private threads: Pick<Threads, "record"> | null = null;
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(database: AccountDatabase, stores: Stores) {
    this.database = database;
    this.stores = stores;
  }

  /** Shows the list and the people of the last visit, unless fresher ones are there already. */
  async restore(): Promise<void> {
    const [rows, users] = await Promise.all([this.database.getAll("conversations"), this.database.getAll("users")]);
    for (const row of rows) this.saved.set(`conversation ${row.id}`, row);
    for (const user of users) this.saved.set(`user ${user.id}`, user);
    this.stores.users.setState(({ byId }) => ({
      byId: { ...Object.fromEntries(users.map((user) => [user.id, user])), ...byId },
    }));
    if (rows.length === 0 || this.stores.conversations.getState().status !== "loading") return;
    this.stores.conversations.setState((state) => ({
      ...withConversations(
        state,
        rows.filter((row) => state.byId[row.id] === undefined),
      ),
      status: "ready",
    }));
  }

  async thread(conversationId: string): Promise<ThreadRecord | null> {
    return (await this.database.get("threads", conversationId)) ?? null;
  }

  /** From now on writes what changes, a moment later. */
  follow(threads: Pick<Threads, "record">): void {
    this.threads = threads;
    const { conversations, threads: opened, users } = this.stores;
    for (const store of [conversations, opened, users]) {
      this.unsubscribe.push(store.subscribe(() => this.saveSoon()));
    }
  }

  stop(): void {
    clearTimeout(this.timer);
    for (const unsubscribe of this.unsubscribe) unsubscribe();
  }

  /** Never rejects: a cache that cannot be written (the disk is full, another tab signed out) only makes the next start slower. */
  async save(): Promise<void> {
    clearTimeout(this.timer);
    this.timer = undefined;
    await this.write().catch(() => undefined);
  }

  private async write(): Promise<void> {
    const transaction = this.database.transaction(["conversations", "threads", "users"], "readwrite");
    const { byId } = this.stores.conversations.getState();
    for (const row of this.changed("conversation", byId)) void transaction.objectStore("conversations").put(row);
    for (const user of this.changed("user", this.stores.users.getState().byId)) {
      void transaction.objectStore("users").put(user);
    }
    for (const [id, thread] of Object.entries(this.stores.threads.getState().byConversation)) {
      if (this.saved.get(`thread ${id}`) === thread) continue;
      this.saved.set(`thread ${id}`, thread);
      const record = this.threads?.record(id) ?? null;
      if (record === null) void transaction.objectStore("threads").delete(id);
      else void transaction.objectStore("threads").put(record);
    }
    for (const id of this.gone(byId)) {
      void transaction.objectStore("conversations").delete(id);
      void transaction.objectStore("threads").delete(id);
    }
    await transaction.done;
  }

  private saveSoon(): void {
    this.timer ??= setTimeout(() => void this.save(), saved_after_ms);
  }

  private changed<Value>(kind: string, byId: Readonly<Record<string, Value>>): readonly Value[] {
    return Object.entries(byId).flatMap(([id, value]) => {
      if (this.saved.get(`${kind} ${id}`) === value) return [];
      this.saved.set(`${kind} ${id}`, value);
      return [value];
    });
  }

  private gone(byId: Readonly<Record<string, unknown>>): readonly string[] {
    const ids = [...this.saved.keys()].flatMap((key) => (key.startsWith("conversation ") ? [key.slice(13)] : []));
    const gone = ids.filter((id) => byId[id] === undefined);
    for (const id of gone) for (const kind of ["conversation", "thread"]) this.saved.delete(`${kind} ${id}`);
    return gone;
  }
}
