/** Closing holes: asks for the rows changed since a copy's head, until every piece of the copy is current. */

import type { Changes } from "../model/conversation.ts";
import { applyChanges, continueChanges, holeAfter } from "../model/convergence.ts";
import { retryDelay_ms } from "../protocol/backoff.ts";
import { bySeq } from "../model/history.ts";
import type { Message } from "../model/message.ts";
import { ApiError } from "../protocol/errors.ts";
import type { Rest } from "../protocol/rest.ts";
import type { Copies } from "./copies.ts";

export interface CatchupOptions {
  readonly rest: Pick<Rest, "changes">;
  readonly copies: Copies;
  /** The gap is too wide to be filled row by row. */
  readonly onTooFar: (conversationId: string) => Promise<void>;
  /** Messages that were sent after what the copy knew, in order of their seq. */
  readonly onNews: (conversationId: string, messages: readonly Message[]) => void;
  /** After the copy has taken an answer in. */
  readonly onChanges: (conversationId: string, changes: Changes) => void;
  readonly onGone: (conversationId: string) => void;
}

/** Each answer has up to 500 rows; a gap of more answers than this is cheaper to read anew. */
const maxAnswers = 4;

export class Catchup {
  private readonly options: CatchupOptions;
  private readonly running = new Map<string, Promise<void>>();
  /** The furthest seq of which an event was heard that could not be applied. */
  private readonly announced = new Map<string, number>();
  private readonly retryTimers = new Map<string, ReturnType<typeof setTimeout>>();
  private failedTries = 0;

  constructor(options: CatchupOptions) {
    this.options = options;
  }

  /** An event was heard that does not follow upon the copy. */
  heardAhead(id: string, seq: number): void {
    this.announced.set(id, Math.max(seq, this.announced.get(id) ?? 0));
    void this.run(id);
  }

  /** Settles when the copy is current, or cannot be made so now; never rejects. */
  run(id: string): Promise<void> {
    const running = this.running.get(id);
    if (running !== undefined) return running;
    const run = Promise.resolve().then(() => this.close(id));
    this.running.set(id, run);
    return run;
  }

  /** Takes in what an answer tells about the copy, and about people. */
  apply(id: string, changes: Changes): void {
    const { copies } = this.options;
    copies.putUsers(changes.users);
    const snapshot = copies.get(id);
    if (snapshot === null) return;
    copies.put(id, applyChanges(snapshot, changes, copies.myId));
    copies.putReadSeqs(id, changes.read_seqs);
    const head = snapshot.conversation.head_seq;
    const news = changes.messages.filter((message) => message.seq > head).toSorted(bySeq);
    if (news.length > 0) this.options.onNews(id, news);
    this.options.onChanges(id, changes);
  }

  stop(): void {
    for (const timer of this.retryTimers.values()) clearTimeout(timer);
  }

  private async close(id: string): Promise<void> {
    const { copies, onTooFar, onGone } = this.options;
    try {
      for (let since = this.behindSince(id); since !== null; since = this.behindSince(id)) {
        copies.patchThread(id, { catchingUp: true });
        const announced = this.announced.get(id);
        const changes = await this.changesSince(id, since);
        if (changes === null) await onTooFar(id);
        else this.apply(id, changes);
        // Nothing came of it, and nothing was heard meanwhile: asking again would go on for ever.
        if (this.behindSince(id) === since && this.announced.get(id) === announced) break;
      }
      this.failedTries = 0;
      copies.patchThread(id, { catchingUp: false });
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      if (error.status === 404) onGone(id);
      // Offline: the join after the reconnection comes back to it.
      else if (error.code !== "offline") this.retryLater(id);
    } finally {
      // In the same turn as the last look at the copy, so that whatever is heard next starts a run of its own.
      this.running.delete(id);
    }
  }

  /** The seq to ask from; null when nothing is missing. */
  private behindSince(id: string): number | null {
    const snapshot = this.options.copies.get(id);
    if (snapshot === null) return null;
    const head = snapshot.conversation.head_seq;
    return holeAfter(snapshot) ?? (head < (this.announced.get(id) ?? 0) ? head : null);
  }

  private async changesSince(id: string, since: number): Promise<Changes | null> {
    let changes = await this.options.rest.changes(id, since);
    for (let answers = 1; !changes.complete; answers += 1) {
      if (answers === maxAnswers) return null;
      changes = continueChanges(changes, await this.options.rest.changes(id, changes.seq));
    }
    return changes;
  }

  private retryLater(id: string): void {
    this.failedTries += 1;
    clearTimeout(this.retryTimers.get(id));
    this.retryTimers.set(
      id,
      setTimeout(() => void this.run(id), retryDelay_ms(this.failedTries)),
    );
  }
}
