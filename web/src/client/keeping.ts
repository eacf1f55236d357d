/** How the reader keeps each conversation: shown at once, and as it was again where the server refuses. */

import { afterChange, type PreferencesChange } from "../model/keeping.ts";
import type { Rest } from "../protocol/rest.ts";
import type { Copies } from "./copies.ts";

export class Keeping {
  private readonly rest: Pick<Rest, "changePreferences">;
  private readonly copies: Copies;

  constructor(rest: Pick<Rest, "changePreferences">, copies: Copies) {
    this.rest = rest;
    this.copies = copies;
  }

  async change(id: string, change: PreferencesChange): Promise<void> {
    const before = this.copies.row(id)?.preferences;
    if (before === undefined) return;
    const wished = afterChange(before, change, new Date());
    this.copies.putPreferences(id, wished);
    try {
      this.copies.putPreferences(id, await this.rest.changePreferences(id, change));
    } catch (error) {
      // What another device said meanwhile is newer than what was here before.
      if (this.copies.row(id)?.preferences === wished) this.copies.putPreferences(id, before);
      throw error;
    }
  }

  /** A marked conversation came into view: it is unread no longer, though there was nothing to read. */
  seen(id: string): void {
    const row = this.copies.row(id);
    // Where it cannot be told, the mark stays until the next look.
    if (row?.preferences.marked_unread) void this.change(id, { marked_unread: false }).catch(() => undefined);
  }
}
