/** A thread as the rows of a list: date separators, the unread line, and messages in groups of one sender and minute. */

import { isUnreadable } from "./history.ts";
import type { Message } from "./message.ts";
import type { PendingMessage } from "./pending.ts";
import { dayOf } from "./times.ts";

export type Row =
  /** `day` is the local yyyy-mm-dd, `at` the first moment of it in the thread, ISO-8601. */
  | { readonly type: "day"; readonly key: string; readonly day: string; readonly at: string }
  | { readonly type: "unread"; readonly key: string }
  | ({ readonly type: "message"; readonly message: Message; readonly own: boolean } & Grouped)
  | ({ readonly type: "pending"; readonly pending: PendingMessage } & Grouped);

interface Grouped {
  /** An own message has its client_ref here, so that the pending row and what it becomes are one row. */
  readonly key: string;
  /** First and last of its group; the last one has the tail. */
  readonly first: boolean;
  readonly last: boolean;
  /** The quoted message, where it is loaded. */
  readonly replied: Message | null;
}

export interface ThreadContents {
  readonly messages: readonly Message[];
  readonly pending: readonly PendingMessage[];
  readonly me: string;
  /** The "Unread messages" line stands after this seq; null: no line. */
  readonly unreadAfter: number | null;
}

/** Pending messages that have arrived already are left out. */
export function threadRows({ messages, pending, me, unreadAfter }: ThreadContents): Row[] {
  const entries = entriesOf(messages, pending, me);
  const breaks = breaksOf(entries, unreadAfter, me);
  const byId = new Map(messages.map((message) => [message.id, message]));
  const rows: Row[] = [];
  for (const [index, entry] of entries.entries()) {
    const here = breaks[index];
    if (here === "day" || here === "day and unread") rows.push(dayRow(entry));
    if (here === "unread" || here === "day and unread") rows.push({ type: "unread", key: "unread" });
    rows.push(entryRow(entry, { first: here !== null, last: breaks[index + 1] !== null, byId }));
  }
  return rows;
}

type Entry = { readonly sender: string; readonly at_ms: number; readonly own: boolean } & (
  | { readonly message: Message }
  | { readonly pending: PendingMessage }
);

/** What parts an entry from the one before it; null: both are of one group. */
type Break = "day" | "day and unread" | "unread" | "group" | null;

function entriesOf(messages: readonly Message[], pending: readonly PendingMessage[], me: string): readonly Entry[] {
  const arrived = new Set(messages.map((message) => (message.sender === me ? message.client_ref : null)));
  return [
    ...messages.map(
      (message): Entry => ({
        message,
        sender: message.sender,
        at_ms: Date.parse(message.inserted_at),
        own: message.sender === me,
      }),
    ),
    ...pending
      .filter((item) => !arrived.has(item.clientRef))
      .map((item): Entry => ({ pending: item, sender: me, at_ms: item.queuedAt, own: true })),
  ];
}

function breaksOf(entries: readonly Entry[], unreadAfter: number | null, me: string): readonly Break[] {
  const firstUnread = unreadAfter === null ? undefined : entries.find((entry) => isUnread(entry, unreadAfter, me));
  let dayEnd_ms = 0;
  return entries.map((entry, index) => {
    const before = entries[index - 1];
    const isUnreadLine = entry === firstUnread;
    if (before === undefined || entry.at_ms >= dayEnd_ms) {
      dayEnd_ms = endOfDay(entry.at_ms);
      return isUnreadLine ? "day and unread" : "day";
    }
    if (isUnreadLine) return "unread";
    return before.sender === entry.sender && minuteOf(before) === minuteOf(entry) ? null : "group";
  });
}

function isUnread(entry: Entry, unreadAfter: number, me: string): boolean {
  return "message" in entry && entry.message.seq > unreadAfter && isUnreadable(entry.message, me);
}

function minuteOf(entry: Entry): number {
  return Math.floor(entry.at_ms / 60_000);
}

// Asking a Date for its local day is slow in a thread of thousands, so it is asked once per day and not once per message.
function endOfDay(at_ms: number): number {
  const at = new Date(at_ms);
  return new Date(at.getFullYear(), at.getMonth(), at.getDate() + 1).getTime();
}

function dayRow(entry: Entry): Row {
  const at = new Date(entry.at_ms);
  const day = dayOf(at);
  return { type: "day", key: `day ${day}`, day, at: at.toISOString() };
}

function entryRow(
  entry: Entry,
  place: { readonly first: boolean; readonly last: boolean; readonly byId: ReadonlyMap<string, Message> },
): Row {
  const { first, last, byId } = place;
  const replyTo = "pending" in entry ? entry.pending.replyTo : entry.message.reply_to;
  const replied = replyTo === null ? null : (byId.get(replyTo) ?? null);
  if ("pending" in entry) {
    return { type: "pending", key: entry.pending.clientRef, pending: entry.pending, first, last, replied };
  }
  const { message, own } = entry;
  const key = own ? (message.client_ref ?? message.id) : message.id;
  return { type: "message", key, message, own, first, last, replied };
}
