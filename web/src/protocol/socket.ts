/**
 * The one WebSocket of a signed-in tab, over the npm `phoenix` client, and when to try again.
 *
 * A browser does not tell why a handshake was refused. So after a connection that never opened, or that ended with
 * 4001 (session ended), the session is asked for over REST, which renews it where it can; only then comes the next try.
 * `phoenix` would retry by itself, but blindly, and not at all in a hidden tab, which is to go on counting unread messages.
 */

import { Socket } from "phoenix";
import type { ConnectionState } from "../model/connection.ts";
import { retryDelay_ms } from "./backoff.ts";

export interface ConnectionOptions {
  /** Path or address of the endpoint, without the `/websocket` at its end. */
  readonly endpoint: string;
  /** For environments without a global WebSocket. */
  readonly transport?: new (endpoint: string) => object;
  /** Whether the session still holds; renewed where it can be. */
  readonly askSession: () => Promise<"signedIn" | "signedOut" | "unreachable">;
  readonly onState: (state: ConnectionState) => void;
  readonly onSessionEnded: () => void;
}

const sessionEndedCode = 4001;
const pushTimeout_ms = 10_000;

export class Connection {
  readonly socket: Socket;
  private readonly options: ConnectionOptions;
  private isWanted = false;
  private hasOpened = false;
  private failedTries = 0;
  private retryTimer: ReturnType<typeof setTimeout> | undefined;

  constructor(options: ConnectionOptions) {
    this.options = options;
    this.socket = new Socket(options.endpoint, {
      timeout: pushTimeout_ms,
      // Only heard of when a heartbeat got no answer: all other losses are met in `lost`, which takes over.
      reconnectAfterMs: (tries) => retryDelay_ms(tries),
      ...(options.transport === undefined ? {} : { transport: options.transport }),
    });
    this.socket.onOpen(() => this.opened());
    this.socket.onClose((event) => void this.lost(event));
  }

  connect(): void {
    this.isWanted = true;
    globalThis.addEventListener?.("online", this.retryNow);
    globalThis.addEventListener?.("offline", this.networkLost);
    globalThis.document?.addEventListener("visibilitychange", this.retryWhenSeen);
    this.attempt();
  }

  disconnect(): void {
    this.isWanted = false;
    clearTimeout(this.retryTimer);
    globalThis.removeEventListener?.("online", this.retryNow);
    globalThis.removeEventListener?.("offline", this.networkLost);
    globalThis.document?.removeEventListener("visibilitychange", this.retryWhenSeen);
    this.socket.disconnect();
    this.options.onState({ status: "idle" });
  }

  /** Tries at once instead of at the appointed time; does nothing while connected. */
  readonly retryNow = (): void => {
    const state = this.socket.connectionState();
    if (!this.isWanted || state === "open" || state === "connecting") return;
    this.failedTries = 0;
    this.attempt();
  };

  // A dead network would show only after a heartbeat without an answer. The next try tells whether the server is gone too.
  private readonly networkLost = (): void => {
    this.socket.disconnect();
    this.hasOpened = false;
    this.failedTries += 1;
    this.retryLater("unreachable");
  };

  private readonly retryWhenSeen = (): void => {
    if (document.visibilityState === "visible") this.retryNow();
  };

  private attempt(): void {
    clearTimeout(this.retryTimer);
    this.hasOpened = false;
    this.options.onState({ status: "connecting" });
    this.socket.connect();
  }

  private opened(): void {
    this.hasOpened = true;
    this.failedTries = 0;
    this.options.onState({ status: "online" });
  }

  private async lost(event: CloseEvent): Promise<void> {
    if (!this.isWanted) return;
    // Takes the retry away from `phoenix`.
    this.socket.disconnect();
    const isDoubtful = !this.hasOpened || event.code === sessionEndedCode;
    this.hasOpened = false;
    this.failedTries += 1;
    this.options.onState({ status: "connecting" });
    const session = isDoubtful ? await this.options.askSession() : "signedIn";
    if (!this.isWanted || this.socket.connectionState() !== "closed") return;
    if (session === "signedOut") {
      this.disconnect();
      this.options.onSessionEnded();
      return;
    }
    this.retryLater(session);
  }

  private retryLater(session: "signedIn" | "unreachable"): void {
    const delay_ms = retryDelay_ms(this.failedTries);
    clearTimeout(this.retryTimer);
    this.retryTimer = setTimeout(() => this.attempt(), delay_ms);
    if (session === "unreachable") this.options.onState({ status: "offline", retryAt: Date.now() + delay_ms });
  }
}
