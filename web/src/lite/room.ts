/**
 * One chat over Socket.IO, for the light pages.
 *
 *   -> join_room {room}                        <- {ok: true, ...} | {error: {code, detail}}
 *   -> message {room, message, client_ref}     <- the same
 *   -> typing {room, typing}
 *   <- message {room, message: {id, seq, sender: {id, display_name}, text, inserted_at, ...}}
 *   <- message_edited, message_deleted, reaction, typing {sender, typing}, presence
 *
 * A plain message is shown as it is heard. After anything else, and whenever something may have been
 * missed, the list is asked for anew.
 */

const ANSWER_MS = 8_000;
const TYPING_EVERY_MS = 3_000;
const TYPING_LASTS_MS = 6_000;

/** What is used of a socket of socket.io-client. */
export interface Wire {
  readonly connected: boolean;
  on(event: string, hear: (payload: unknown) => void): unknown;
  emit(event: string, payload: object): unknown;
  timeout(ms: number): { emitWithAck(event: string, payload: object): Promise<unknown> };
}

/** A message that needs nothing but its words. */
export interface Line {
  readonly id: string;
  readonly seq: number;
  readonly senderId: string;
  readonly name: string;
  readonly text: string;
  readonly insertedAt: string;
}

export interface Listener {
  line(line: Line): void;
  /** The list is no longer what it was. */
  changed(): void;
  typing(names: readonly string[]): void;
}

/** `unknown`: it may have come or not, and the same `client_ref` sends it safely once more. */
export type Sent = { readonly status: "sent" } | { readonly status: "refused"; readonly detail: string } | { readonly status: "unknown" };

export class Room {
  private readonly wire: Wire;
  private readonly id: string;
  private readonly me: string;
  private readonly listener: Listener;
  private readonly now: () => number;
  private readonly typists = new Map<string, ReturnType<typeof setTimeout>>();
  private joined = false;
  private toldTypingAt = Number.NEGATIVE_INFINITY;

  constructor(
    wire: Wire,
    id: string,
    me: string,
    listener: Listener,
    now: () => number = Date.now,
  ) {
    this.wire = wire;
    this.id = id;
    this.me = me;
    this.listener = listener;
    this.now = now;
  }

  listen(): void {
    const { wire, listener } = this;
    wire.on("connect", () => void this.join());
    wire.on("disconnect", () => {
      this.joined = false;
    });
    wire.on("message", (payload) => this.hear(payload));
    for (const event of ["message_edited", "message_deleted", "reaction"]) wire.on(event, () => listener.changed());
    wire.on("typing", (payload) => this.hearTyping(payload));
  }

  async send(text: string, clientRef: string): Promise<Sent> {
    if (!this.joined || !this.wire.connected) return { status: "unknown" };
    try {
      const payload = { room: this.id, message: text, client_ref: clientRef };
      this.rest();
      const answer = record(await this.wire.timeout(ANSWER_MS).emitWithAck("message", payload));
      if (answer["error"] === undefined) return { status: "sent" };
      return { status: "refused", detail: word(record(answer["error"])["detail"]) || "This was not sent." };
    } catch {
      return { status: "unknown" };
    }
  }

  /** Says that one types, as often as it takes for others to see it. */
  type(): void {
    if (!this.joined || this.now() - this.toldTypingAt < TYPING_EVERY_MS) return;
    this.toldTypingAt = this.now();
    this.wire.emit("typing", { room: this.id, typing: true });
  }

  /** Says that one types no more, or the server would not tell others of whoever types on after sending. */
  private rest(): void {
    if (this.toldTypingAt === Number.NEGATIVE_INFINITY) return;
    this.toldTypingAt = Number.NEGATIVE_INFINITY;
    this.wire.emit("typing", { room: this.id, typing: false });
  }

  private async join(): Promise<void> {
    try {
      const answer = record(await this.wire.timeout(ANSWER_MS).emitWithAck("join_room", { room: this.id }));
      this.joined = answer["error"] === undefined;
    } catch {
      this.joined = false;
    }
    // What was said between the page, or the last connection, and this moment.
    if (this.joined) this.listener.changed();
  }

  private hear(payload: unknown): void {
    const message = record(record(payload)["message"]);
    const line = lineOf(message);
    if (line === null) this.listener.changed();
    else this.listener.line(line);
    this.forget(word(record(message["sender"])["display_name"]));
  }

  private hearTyping(payload: unknown): void {
    const said = record(payload);
    const sender = record(said["sender"] ?? said["user"]);
    const name = word(sender["display_name"]);
    if (!name || word(sender["id"]) === this.me) return;
    this.forget(name);
    if (said["typing"] !== false) this.typists.set(name, setTimeout(() => this.forget(name), TYPING_LASTS_MS));
    this.listener.typing([...this.typists.keys()]);
  }

  private forget(name: string): void {
    clearTimeout(this.typists.get(name));
    if (this.typists.delete(name)) this.listener.typing([...this.typists.keys()]);
  }
}

/** Returns a message as a line, or null where there is more to it than words. */
function lineOf(message: Readonly<Record<string, unknown>>): Line | null {
  const { seq, text, inserted_at: insertedAt } = message as { seq?: unknown; text?: unknown; inserted_at?: unknown };
  const sender = record(message["sender"]);
  if (typeof seq !== "number" || typeof text !== "string" || !text || typeof insertedAt !== "string") return null;
  if (["reply_to", "forwarded_from", "poll"].some((key) => (message[key] ?? null) !== null)) return null;
  const files = message["attachments"];
  if (Array.isArray(files) && files.length > 0) return null;
  return {
    id: word(message["id"]),
    seq,
    senderId: word(sender["id"]),
    name: word(sender["display_name"]),
    text,
    insertedAt,
  };
}

function record(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
}

function word(value: unknown): string {
  return typeof value === "string" ? value : "";
}
