/** The form under the messages, which sends over the socket while there is one, and else as forms do. */

import type { Room, Sent } from "./room.ts";

export interface Fields {
  readonly text: string;
  readonly clientRef: string;
  readonly isReply: boolean;
}

/** What is done with the form. */
export interface Form {
  fields(): Fields;
  /** Empties it; what is sent next goes by another `client_ref`. */
  clear(): void;
  refuse(detail: string): void;
  /** Sends it as it stands, by leaving the page. */
  post(): void;
}

export class Composer {
  private readonly room: Pick<Room, "send">;
  private readonly form: Form;
  private underway = false;

  constructor(
    room: Pick<Room, "send">,
    form: Form,
  ) {
    this.room = room;
    this.form = form;
  }

  async submit(): Promise<void> {
    // A second press while the first is on its way is the same message.
    if (this.underway) return;
    const { text, clientRef, isReply } = this.form.fields();
    if (text.trim() === "") return;
    this.underway = true;
    try {
      // What answers another message goes by the form, which says which.
      this.settle(isReply ? { status: "unknown" } : await this.room.send(text, clientRef));
    } finally {
      this.underway = false;
    }
  }

  private settle(sent: Sent): void {
    if (sent.status === "sent") this.form.clear();
    else if (sent.status === "refused") this.form.refuse(sent.detail);
    // With the same client_ref it lands once, even if it had come already.
    else this.form.post();
  }
}
