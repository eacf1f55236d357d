/** Stretches of a conversation's history: messages in order of `seq`, each in its newest known version. */

import { isMentioned, type Message } from "./message.ts";

/**
 * Lays `incoming` over `messages`: of two versions of one message the later change wins, unknown ones are put in their
 * place. Answers `messages` itself when nothing changed.
 */
export function mergeMessages(messages: readonly Message[], incoming: readonly Message[]): readonly Message[] {
  const sorted = incoming.toSorted(bySeq);
  const merged: Message[] = [];
  let changed = false;
  let at = 0;
  for (const candidate of sorted) {
    for (let known = messages[at]; known !== undefined && known.seq < candidate.seq; known = messages[at]) {
      merged.push(known);
      at += 1;
    }
    const known = messages[at]?.seq === candidate.seq ? messages[at] : merged.at(-1);
    if (known?.seq !== candidate.seq) {
      merged.push(candidate);
      changed = true;
    } else if (candidate.changed_seq > known.changed_seq) {
      if (known === messages[at]) at += 1;
      else merged.pop();
      merged.push(candidate);
      changed = true;
    }
  }
  return changed ? merged.concat(messages.slice(at)) : messages;
}

/** A place in a history: a message, a seq, or the first message at or after a moment (ISO-8601). */
export type Place = { readonly message_id: string } | { readonly seq: number } | { readonly at: string };

/** What is loaded of a history: messages without gaps, and whether anything lies before or after them. */
export interface Window {
  readonly messages: readonly Message[];
  readonly reachesStart: boolean;
  readonly reachesEnd: boolean;
}

/** Those of `incoming` that belong into the window: what lies beyond an edge that it does not reach comes with a page. */
export function withinWindow({ messages, reachesStart, reachesEnd }: Window, incoming: readonly Message[]): readonly Message[] {
  const from = reachesStart ? 0 : (messages[0]?.seq ?? 0);
  const to = reachesEnd ? Number.POSITIVE_INFINITY : (messages.at(-1)?.seq ?? Number.POSITIVE_INFINITY);
  return incoming.filter((message) => from <= message.seq && message.seq <= to);
}

/** How many living messages of others lie past `readSeq`, and how many of them mention the reader. */
export function countUnread(
  messages: readonly Message[],
  readSeq: number,
  myId: string,
): { readonly unread: number; readonly mentions: number } {
  let unread = 0;
  let mentions = 0;
  for (let at = messages.length - 1; at >= 0; at -= 1) {
    const message = messages[at];
    if (message === undefined || message.seq <= readSeq) break;
    if (!isUnreadable(message, myId)) continue;
    unread += 1;
    if (isMentioned(message, myId)) mentions += 1;
  }
  return { unread, mentions };
}

/** Whether a message counts as unread while the reader's pointer has not passed it. */
export function isUnreadable(message: Message, myId: string): boolean {
  return message.sender !== myId && !message.is_deleted;
}

/** For sorting. */
export function bySeq(one: Message, other: Message): number {
  return one.seq - other.seq;
}
