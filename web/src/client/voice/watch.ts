/** Looks how one connection stands, and after a while without any asks for another way. */

import { type Counters, countersOf, type Report } from "./counters.ts";

export interface WatchOptions {
  readonly connection: RTCPeerConnection;
  readonly onConnected: () => void;
  /** No way leads there (any more): another one is to be looked for. */
  readonly onLost: () => void;
  /** While it is connected, every two seconds. */
  readonly onCounted: (counters: Counters) => void;
}

const looked_every_ms = 2_000;
/** Looks without a connection, until another way is tried. */
const patience = 5;

export class Watch {
  private readonly options: WatchOptions;
  private readonly timer: ReturnType<typeof setInterval>;
  private waited = 0;

  constructor(options: WatchOptions) {
    this.options = options;
    const { connection, onConnected, onLost } = options;
    connection.onconnectionstatechange = () => {
      if (connection.connectionState === "connected") onConnected();
      if (connection.connectionState === "failed") onLost();
    };
    this.timer = setInterval(() => void this.look(), looked_every_ms);
  }

  stop(): void {
    clearInterval(this.timer);
    this.options.connection.onconnectionstatechange = null;
  }

  private async look(): Promise<void> {
    const { connection, onLost, onCounted } = this.options;
    if (connection.connectionState === "connected") {
      this.waited = 0;
      onCounted(countersOf((await connection.getStats()).values() as Iterable<Report>));
      return;
    }
    // A browser may look for ways for ever, or not at all.
    this.waited += 1;
    if (this.waited % patience === 0) onLost();
  }
}
