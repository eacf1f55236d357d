/**
 * Events on their way into the copies.
 *
 * Those of an open conversation come on one topic, in order: one that is ahead of its copy shows a hole. Those of an encrypted
 * one come on two, the conversation's own and the reader's, and each may be ahead of the other: what is early waits for what
 * belongs before or beside it, and only when that does not come it is a hole.
 */

import type { ConversationEvent } from "../model/events.ts";
import type { Catchup } from "./catchup.ts";
import type { Copies } from "./copies.ts";

/** How long the other topic may lag behind. */
const patience_ms = 500;
/** More than so many in waiting are a hole and not a lag. */
const maxWaiting = 200;

export class Hearing {
  private readonly copies: Pick<Copies, "hear" | "row">;
  private readonly catchup: Pick<Catchup, "heardAhead">;
  private readonly waiting = new Map<string, ConversationEvent[]>();
  private readonly timers = new Map<string, ReturnType<typeof setTimeout>>();

  constructor(copies: Pick<Copies, "hear" | "row">, catchup: Pick<Catchup, "heardAhead">) {
    this.copies = copies;
    this.catchup = catchup;
  }

  hear(id: string, event: ConversationEvent): void {
    if (this.copies.hear(id, event)) this.early(id, event);
    else if (this.waiting.has(id)) this.lookAgain(id);
  }

  /** The copy was brought up to date in another way. */
  caughtUp(id: string): void {
    if (this.waiting.has(id)) this.lookAgain(id);
  }

  stop(): void {
    for (const timer of this.timers.values()) clearTimeout(timer);
    this.waiting.clear();
  }

  private early(id: string, event: ConversationEvent): void {
    if (this.copies.row(id)?.encrypted !== true) {
      this.catchup.heardAhead(id, event.seq);
      return;
    }
    const events = [...(this.waiting.get(id) ?? []), event];
    this.waiting.set(id, events);
    if (events.length > maxWaiting) this.giveUp(id);
    else if (!this.timers.has(id)) this.timers.set(id, setTimeout(() => this.giveUp(id), patience_ms));
    // A half may be of use for one piece of the copy, and so bring on what waits.
    this.lookAgain(id);
  }

  /** What waits and has had its turn since goes, in order of seq, since each may bring on the next. */
  private lookAgain(id: string): void {
    const events = (this.waiting.get(id) ?? []).toSorted((one, other) => one.seq - other.seq);
    const left = events.filter((event) => this.copies.hear(id, event));
    if (left.length > 0) this.waiting.set(id, left);
    else this.settle(id);
  }

  private giveUp(id: string): void {
    const seqs = (this.waiting.get(id) ?? []).map((event) => event.seq);
    this.settle(id);
    if (seqs.length > 0) this.catchup.heardAhead(id, Math.max(...seqs));
  }

  private settle(id: string): void {
    clearTimeout(this.timers.get(id));
    this.timers.delete(id);
    this.waiting.delete(id);
  }
}
