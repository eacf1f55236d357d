/**
 * Messages that a server shows again.
 *
 * Within what is sealed each message has a name of its sender's own, and each edit a number. Of two messages with the same name
 * the one with the lower seq is believed, in whichever order they are opened: the newest are opened first, and a reload is to
 * change nothing.
 */

import type { Message } from "../../model/message.ts";

export class Replays {
  /** By conversation, sender and name. */
  private readonly firsts = new Map<string, Message>();
  private readonly again = new Set<string>();
  /** By message, the latest that was seen. */
  private readonly edits = new Map<string, number>();

  /** Takes a message in; answers which one turns out to be shown again: this one, one that was taken in before, or none. */
  take(message: Message, ref: string): Message | null {
    // One without a name is not told from others by it.
    if (ref === "") return null;
    const key = `${message.conversation_id} ${message.sender} ${ref}`;
    const first = this.firsts.get(key) ?? message;
    const [earlier, later] = message.seq < first.seq ? [message, first] : [first, message];
    this.firsts.set(key, earlier);
    if (earlier.id === later.id) return null;
    this.again.add(later.copy_id ?? "");
    return later;
  }

  /** Whether a later edit of the message was seen than this one, which counts as seen from now on. */
  isOutdated(message: Message, edit: number): boolean {
    const latest = Math.max(edit, this.edits.get(message.id) ?? 0);
    this.edits.set(message.id, latest);
    return edit < latest;
  }

  /** The copies of all that are shown again. */
  copyIds(): readonly string[] {
    return [...this.again];
  }
}
