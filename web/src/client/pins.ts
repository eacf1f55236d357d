/** What is pinned in the conversations in view: read when asked for, and kept current by what their topics tell. */

import { afterAct, afterRewriting } from "../model/acts.ts";
import type { ConversationEvent } from "../model/events.ts";
import type { Message } from "../model/message.ts";
import { ApiError } from "../protocol/errors.ts";
import type { Rest } from "../protocol/rest.ts";
import type { Stores } from "../stores/stores.ts";
import type { Copies } from "./copies.ts";

export class Pins {
  private readonly rest: Pick<Rest, "pinned">;
  private readonly store: Stores["pins"];
  private readonly copies: Copies;

  constructor(rest: Pick<Rest, "pinned">, store: Stores["pins"], copies: Copies) {
    this.rest = rest;
    this.store = store;
    this.copies = copies;
  }

  /** Never rejects: without an answer what was known stays. */
  async load(id: string): Promise<void> {
    try {
      const { items, users } = await this.rest.pinned(id);
      this.copies.putUsers(users);
      this.put(id, items);
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
    }
  }

  /** The conversation was joined again: what happened meanwhile was not told. */
  rejoined(id: string): void {
    if (this.of(id) !== null) void this.load(id);
  }

  hear(id: string, event: ConversationEvent): void {
    const pins = this.of(id);
    if (pins === null) return;
    switch (event.type) {
      case "pin": {
        const message = this.known(id, event.message_group_id);
        if (message === undefined) void this.load(id);
        else this.put(id, [{ ...message, pinned_at: event.pinned_at }, ...without(pins, message.id)]);
        return;
      }
      case "unpin":
        this.put(id, without(pins, event.message_group_id));
        return;
      case "delete_message":
        this.put(id, without(pins, event.message.id));
        return;
      case "edit_message":
      case "add_previews":
      case "close_poll":
        this.put(id, pins.map((each) => (each.id === event.message.id ? afterRewriting(each, event.message) : each)));
        return;
      case "encrypted_reaction":
      case "react":
      case "unreact":
      case "vote":
        this.put(id, pins.map((each) => afterAct(each, event)));
        return;
      default:
    }
  }

  private known(id: string, messageId: string): Message | undefined {
    return this.copies.openThread(id)?.messages.find((message) => message.id === messageId);
  }

  private of(id: string): readonly Message[] | null {
    return this.store.getState().byConversation[id] ?? null;
  }

  private put(id: string, pins: readonly Message[]): void {
    const before = this.of(id);
    const isSame = before?.length === pins.length && before.every((each, index) => each === pins[index]);
    if (!isSame) this.store.setState(({ byConversation }) => ({ byConversation: { ...byConversation, [id]: pins } }));
  }
}

function without(pins: readonly Message[], messageId: string): readonly Message[] {
  return pins.filter((message) => message.id !== messageId);
}
