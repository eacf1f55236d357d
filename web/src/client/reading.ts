/** The reader's own pointers: moved at once here, told to the server a moment later, and only while the page is in view. */

import type { Rest } from "../protocol/rest.ts";
import type { Copies } from "./copies.ts";
import type { Environment } from "./environment.ts";

const told_after_ms = 300;

export class Reading {
  private readonly rest: Pick<Rest, "read" | "conversation">;
  private readonly copies: Copies;
  private readonly environment: Pick<Environment, "isVisible" | "onVisible" | "notices">;
  private readonly stopListening: () => void;
  private readonly timers = new Map<string, ReturnType<typeof setTimeout>>();
  /** Shown while the page was out of view. */
  private readonly unseen = new Map<string, number>();

  constructor(
    rest: Pick<Rest, "read" | "conversation">,
    copies: Copies,
    environment: Pick<Environment, "isVisible" | "onVisible" | "notices">,
  ) {
    this.rest = rest;
    this.copies = copies;
    this.environment = environment;
    this.stopListening = environment.onVisible(() => this.seen());
  }

  mark(id: string, seq: number): void {
    const row = this.copies.row(id);
    if (row === null || seq <= row.read_seq) return;
    if (!this.environment.isVisible()) {
      this.unseen.set(id, Math.max(seq, this.unseen.get(id) ?? 0));
      return;
    }
    const readSeq = Math.min(seq, row.head_seq);
    this.moved(id, readSeq, this.copies.readHere(id, readSeq));
    this.tell(id);
  }

  /** A message is about to be heard: where all was seen and the page is out of view, the unread line goes before it. */
  coming(id: string, sender: string): void {
    const row = this.copies.row(id);
    if (row === null || sender === this.copies.myId || this.environment.isVisible()) return;
    const seen = Math.max(row.read_seq, this.unseen.get(id) ?? 0);
    if (row.unread === 0 || (row.last_message?.seq ?? 0) <= seen) this.copies.patchThread(id, { unreadAfter: seen });
  }

  /** The server tells of the pointer: another device moved it, or this one did a moment ago. */
  hear(id: string, seq: number): void {
    this.moved(id, seq, this.copies.putReadSeqs(id, { [this.copies.myId]: seq }));
  }

  /** Sends the pointer as it is after a moment; later moves within it go along. */
  tell(id: string): void {
    clearTimeout(this.timers.get(id));
    this.timers.set(
      id,
      setTimeout(() => void this.send(id), told_after_ms),
    );
  }

  stop(): void {
    this.stopListening();
    for (const timer of this.timers.values()) clearTimeout(timer);
  }

  private moved(id: string, seq: number, isExact: boolean): void {
    void this.environment.notices.clear(id, seq);
    if (!isExact) void this.refresh(id);
  }

  private seen(): void {
    const marks = [...this.unseen];
    this.unseen.clear();
    for (const [id, seq] of marks) this.mark(id, seq);
  }

  private async send(id: string): Promise<void> {
    const row = this.copies.row(id);
    if (row === null) return;
    // A failure is made good at the next join, which shows that the server has not heard of it.
    const answer = await this.rest.read(id, row.read_seq).catch(() => null);
    if (answer !== null && answer.unread !== this.copies.row(id)?.unread) await this.refresh(id);
  }

  private async refresh(id: string): Promise<void> {
    const row = await this.rest.conversation(id).catch(() => null);
    if (row !== null) this.copies.adopt([row]);
  }
}
