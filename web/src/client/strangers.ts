/** People who speak in a room and of whom the client knows only the id: the rows of what they said name them. */

import type { Rest } from "../protocol/rest.ts";
import type { Stores } from "../stores/stores.ts";
import type { Copies } from "./copies.ts";

const asked_after_ms = 150;

export class Strangers {
  private readonly rest: Pick<Rest, "changes">;
  private readonly users: Stores["users"];
  private readonly copies: Copies;
  /** Per conversation, the first seq at which a stranger spoke. */
  private readonly met_at = new Map<string, number>();
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(rest: Pick<Rest, "changes">, users: Stores["users"], copies: Copies) {
    this.rest = rest;
    this.users = users;
    this.copies = copies;
  }

  /** Somebody spoke at this seq. */
  met(conversationId: string, userId: string, seq: number): void {
    if (userId === this.copies.myId || this.users.getState().byId[userId] !== undefined) return;
    this.met_at.set(conversationId, Math.min(seq, this.met_at.get(conversationId) ?? seq));
    this.timer ??= setTimeout(() => void this.ask(), asked_after_ms);
  }

  stop(): void {
    clearTimeout(this.timer);
  }

  private async ask(): Promise<void> {
    const meetings = [...this.met_at];
    this.met_at.clear();
    this.timer = undefined;
    for (const [id, seq] of meetings) {
      // Without an answer they stay nameless until they speak again.
      const changes = await this.rest.changes(id, seq - 1).catch(() => null);
      if (changes !== null) this.copies.putUsers(changes.users);
    }
  }
}
