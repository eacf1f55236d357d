/** Stretches of a conversation's history: messages in order of `seq`, each in its newest known version. */

import type { Message } from "./message.ts";

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

/** Those of `incoming` that belong to a window which goes on before its oldest message. */
export function withinWindow(messages: readonly Message[], incoming: readonly Message[]): readonly Message[] {
  const oldest = messages[0];
  return oldest === undefined ? incoming : incoming.filter((message) => message.seq >= oldest.seq);
}

/** How many living messages of others lie past `readSeq`. */
export function countUnread(messages: readonly Message[], readSeq: number, myId: string): number {
  let count = 0;
  for (let at = messages.length - 1; at >= 0; at -= 1) {
    const message = messages[at];
    if (message === undefined || message.seq <= readSeq) break;
    if (isUnreadable(message, myId)) count += 1;
  }
  return count;
}

/** Whether a message counts as unread while the reader's pointer has not passed it. */
export function isUnreadable(message: Message, myId: string): boolean {
  return message.sender !== myId && !message.is_deleted;
}

/** For sorting. */
export function bySeq(one: Message, other: Message): number {
  return one.seq - other.seq;
}
