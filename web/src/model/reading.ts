/** Read pointers: they take no seq and only move forward. */

import type { OwnConversation } from "./conversation.ts";
import type { Stretch } from "./convergence.ts";
import { countUnread } from "./history.ts";

/**
 * The row after the reader has read up to `readSeq`. `isExact` is false when what was loaded does not tell how many
 * unread messages are left; then the count is the old one.
 */
export function withOwnReading(
  conversation: OwnConversation,
  readSeq: number,
  stretch: Stretch | null,
  myId: string,
): { readonly conversation: OwnConversation; readonly isExact: boolean } {
  if (readSeq <= conversation.read_seq) return { conversation, isExact: true };
  const left = unreadAfter(conversation, readSeq, stretch, myId);
  const { unread, mentions } = left ?? conversation;
  return { conversation: { ...conversation, read_seq: readSeq, unread, mentions }, isExact: left !== null };
}

/** The row after another member has read up to `readSeq`; rooms do not tell. */
export function withOthersReading(conversation: OwnConversation, readSeq: number): OwnConversation {
  if (conversation.kind === "room" || readSeq <= conversation.others_read_seq) return conversation;
  return { ...conversation, others_read_seq: readSeq };
}

/** The furthest pointer of each person out of two tellings. */
export function mergeReadSeqs(
  known: Readonly<Record<string, number>>,
  incoming: Readonly<Record<string, number>>,
): Readonly<Record<string, number>> {
  const moved = Object.entries(incoming).filter(([userId, seq]) => seq > (known[userId] ?? -1));
  return moved.length === 0 ? known : { ...known, ...Object.fromEntries(moved) };
}

function unreadAfter(
  conversation: OwnConversation,
  readSeq: number,
  stretch: Stretch | null,
  myId: string,
): Pick<OwnConversation, "unread" | "mentions"> | null {
  const last = conversation.last_message;
  if (last === null || readSeq >= last.seq) return { unread: 0, mentions: 0 };
  if (stretch === null || !stretch.reachesEnd || stretch.head < conversation.head_seq) return null;
  const oldest = stretch.messages[0];
  const isCovered = stretch.reachesStart || (oldest !== undefined && oldest.seq <= readSeq + 1);
  return isCovered ? countUnread(stretch.messages, readSeq, myId) : null;
}
