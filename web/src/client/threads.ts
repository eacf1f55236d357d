/** The threads in view: opened from memory, the cache or the server, and read back page by page. */

import { mergeMessages, type Place } from "../model/history.ts";
import type { Message } from "../model/message.ts";
import { ApiError } from "../protocol/errors.ts";
import type { JoinedConversation } from "../protocol/channels.ts";
import type { Rest } from "../protocol/rest.ts";
import type { Newer, Older } from "../stores/state.ts";
import type { Catchup } from "./catchup.ts";
import type { Copies } from "./copies.ts";
import type { ThreadRecord } from "./database.ts";

export interface ThreadsOptions {
  readonly rest: Pick<Rest, "messages" | "messagesAfter" | "around" | "conversation">;
  readonly copies: Copies;
  readonly catchup: Catchup;
  readonly cached: (conversationId: string) => Promise<ThreadRecord | null>;
  /** A conversation was opened that the list does not have yet. */
  readonly onFound: (conversationId: string) => void;
}

/** A place where the history was cut into pages: `token` asks for what comes before `seq`. */
interface Cut {
  readonly seq: number;
  readonly token: string | null;
}

/** From so many unread messages on a thread is opened where they begin. */
const manyUnread_messages = 60;
const cached_messages = { atLeast: 50, atMost: 400 };

export class Threads {
  private readonly options: ThreadsOptions;
  private readonly shown = new Set<string>();
  private readonly cuts = new Map<string, readonly Cut[]>();

  constructor(options: ThreadsOptions) {
    this.options = options;
  }

  async open(id: string): Promise<void> {
    const { copies, catchup } = this.options;
    this.shown.add(id);
    const thread = copies.thread(id);
    if (thread?.status === "loading") return;
    if (thread?.status === "open") copies.patchThread(id, { unreadAfter: this.unreadLine(id) });
    else await this.load(id);
    await catchup.run(id);
  }

  isShown(id: string): boolean {
    return this.shown.has(id);
  }

  close(id: string): void {
    this.shown.delete(id);
    this.options.copies.patchThread(id, { unreadAfter: null });
  }

  /** The conversation was joined (again): what failed for want of a connection is tried anew. */
  async joined(id: string, joined: JoinedConversation): Promise<void> {
    const { copies } = this.options;
    const thread = copies.thread(id);
    if (thread === null && joined.messages !== undefined) {
      const { items, page_token } = joined.messages;
      const messages = items.toReversed();
      this.cuts.set(id, [{ seq: messages[0]?.seq ?? 0, token: page_token }]);
      copies.putThread(id, {
        status: "open",
        head: joined.conversation.head_seq,
        messages,
        older: olderFrom(page_token),
        newer: atEnd,
        readSeqs: joined.read_seqs,
        unreadAfter: null,
        catchingUp: false,
      });
    }
    if (this.shown.has(id) && copies.thread(id)?.status === "failed") await this.open(id);
  }

  /** Reads an open thread anew after more than can be caught up with: many unread messages from where they begin. */
  async reload(id: string): Promise<void> {
    if (this.options.copies.openThread(id) === null) return;
    const unread = this.manyUnread(id);
    if (unread === null) await this.loadNewest(id);
    else await this.loadAround(id, unread);
  }

  async older(id: string): Promise<void> {
    const { copies, rest } = this.options;
    const thread = copies.openThread(id);
    if (thread === null || thread.older.status === "start" || thread.older.status === "loading") return;
    const { token } = thread.older;
    copies.patchThread(id, { older: { status: "loading", token } });
    try {
      const page = await rest.messages(id, token);
      copies.putUsers(page.users);
      const now = copies.openThread(id);
      // Read anew in the meantime: the page belongs to a stretch that is no more.
      if (now === null || !isLoading(now.older, token)) return;
      const messages = mergeMessages(now.messages, page.items);
      this.cuts.set(id, [...(this.cuts.get(id) ?? []), { seq: messages[0]?.seq ?? 0, token: page.page_token }]);
      copies.patchThread(id, { messages, older: olderFrom(page.page_token) });
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      if (isLoading(copies.openThread(id)?.older, token)) copies.patchThread(id, { older: { status: "failed", token } });
    }
  }

  async newer(id: string): Promise<void> {
    const { copies, rest } = this.options;
    const thread = copies.openThread(id);
    if (thread === null || thread.newer.status === "end" || thread.newer.status === "loading") return;
    const { token } = thread.newer;
    copies.patchThread(id, { newer: { status: "loading", token } });
    try {
      const page = await rest.messagesAfter(id, token);
      copies.putUsers(page.users);
      const now = copies.openThread(id);
      if (now === null || !isLoading(now.newer, token)) return;
      const messages = mergeMessages(now.messages, page.items);
      copies.patchThread(id, { messages, newer: this.newerFrom(id, messages, token, page.page_token) });
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      if (isLoading(copies.openThread(id)?.newer, token)) copies.patchThread(id, { newer: { status: "failed", token } });
    }
  }

  /** Has the thread show what is around a place, and answers which message is there; null where there is none. */
  async around(id: string, place: Place): Promise<string | null> {
    const { copies, catchup } = this.options;
    const loaded = copies.openThread(id)?.messages.find((message) => isAt(message, place));
    if (loaded !== undefined) return loaded.id;
    const target = await this.loadAround(id, place);
    await catchup.run(id);
    return target;
  }

  /** Has the thread show its newest messages; whoever wants those leaves what is unread behind. */
  async latest(id: string): Promise<void> {
    const { copies, catchup } = this.options;
    if ((copies.openThread(id)?.newer ?? atEnd).status === "end") return;
    await this.loadNewest(id, null);
    await catchup.run(id);
  }

  /** The newest pages of an open thread, to be kept; null when there is none worth keeping. */
  record(id: string): ThreadRecord | null {
    const thread = this.options.copies.openThread(id);
    if (thread === null) return null;
    const { messages, head, newer, readSeqs } = thread;
    if (newer.status !== "end") return null;
    const cuts = this.cuts.get(id) ?? [];
    const enough = messages.at(-cached_messages.atLeast)?.seq ?? 0;
    const cut = cuts.find(({ seq }) => seq <= enough) ?? cuts.at(-1);
    if (cut === undefined) return null;
    const kept = messages.filter((message) => message.seq >= cut.seq);
    if (kept.length > cached_messages.atMost) return null;
    return { conversationId: id, head, messages: kept, olderToken: cut.token, readSeqs };
  }

  private async load(id: string): Promise<void> {
    const { copies, rest, cached, onFound } = this.options;
    copies.putThread(id, { status: "loading" });
    const record = await cached(id);
    try {
      if (copies.row(id) === null) {
        copies.adopt([await rest.conversation(id)]);
        onFound(id);
      }
      const head = copies.row(id)?.head_seq ?? 0;
      const unread = this.manyUnread(id);
      if (unread !== null) await this.loadAround(id, unread);
      // A record ahead of the row is of a history that the server has lost (a backup was put back).
      else if (record === null || record.head > head) await this.loadNewest(id);
      else this.putRecord(record);
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      copies.putThread(id, { status: "failed", failure: { code: error.code, detail: error.message } });
    }
  }

  // The head is taken before the page is read, which so lacks nothing up to there; the rest is caught up with.
  private async loadAround(id: string, place: Place): Promise<string | null> {
    const { copies, rest } = this.options;
    const head = copies.row(id)?.head_seq ?? 0;
    const page = await rest.around(id, place);
    copies.putUsers(page.users);
    const messages = mergeMessages([], page.items);
    this.cuts.set(id, []);
    copies.putThread(id, {
      status: "open",
      head,
      messages,
      older: olderFrom(page.older_token),
      newer: this.newerFrom(id, messages, page.newer_token, page.newer_token),
      readSeqs: copies.openThread(id)?.readSeqs ?? {},
      unreadAfter: copies.openThread(id)?.unreadAfter ?? this.unreadLine(id),
      catchingUp: false,
    });
    return messages.find((message) => message.seq === page.target_seq)?.id ?? null;
  }

  /** A page that was the last one when it was read may not be so any more: then it is asked for again. */
  private newerFrom(id: string, messages: readonly Message[], again: string | null, next: string | null): Newer {
    const last = this.options.copies.row(id)?.last_message ?? null;
    const isBehind = last !== null && last.seq > (messages.at(-1)?.seq ?? 0);
    const token = next ?? (isBehind ? again : null);
    return token === null ? atEnd : { status: "more", token };
  }

  // The head is taken before the page is read, as above; what the page has beyond comes again, and is known.
  private async loadNewest(id: string, unreadAfter = this.unreadLine(id)): Promise<void> {
    const { copies, rest } = this.options;
    const head = copies.row(id)?.head_seq ?? 0;
    const page = await rest.messages(id);
    copies.putUsers(page.users);
    const messages = mergeMessages([], page.items);
    this.cuts.set(id, [{ seq: messages[0]?.seq ?? 0, token: page.page_token }]);
    copies.putThread(id, {
      status: "open",
      head,
      messages,
      older: olderFrom(page.page_token),
      newer: atEnd,
      readSeqs: {},
      unreadAfter,
      catchingUp: false,
    });
  }

  private putRecord({ conversationId: id, head, messages, olderToken, readSeqs }: ThreadRecord): void {
    const row = this.options.copies.row(id);
    this.cuts.set(id, [{ seq: messages[0]?.seq ?? 0, token: olderToken }]);
    this.options.copies.putThread(id, {
      status: "open",
      head,
      messages,
      older: olderFrom(olderToken),
      newer: atEnd,
      readSeqs,
      unreadAfter: this.unreadLine(id),
      catchingUp: row !== null && row.head_seq > head,
    });
  }

  /** Where many unread messages begin; null when there are few, or nothing was read yet. */
  private manyUnread(id: string): Place | null {
    const row = this.options.copies.row(id);
    return row !== null && row.unread > manyUnread_messages && row.read_seq > 0 ? { seq: row.read_seq } : null;
  }

  private unreadLine(id: string): number | null {
    const row = this.options.copies.row(id);
    return row !== null && row.unread > 0 ? row.read_seq : null;
  }
}

const atEnd: Newer = { status: "end" };

/** Whether this page is still awaited: the thread may have been read anew elsewhere in the meantime. */
function isLoading(edge: Older | Newer | undefined, token: string): boolean {
  return edge?.status === "loading" && edge.token === token;
}

function isAt(message: Message, place: Place): boolean {
  if ("message_id" in place) return message.id === place.message_id;
  return "seq" in place && message.seq === place.seq;
}

function olderFrom(token: string | null): Older {
  return token === null ? { status: "start" } : { status: "more", token };
}
