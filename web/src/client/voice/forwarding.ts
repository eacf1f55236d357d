/**
 * The two connections to the forwarding server, and the signals that they are made with: `up` carries what this client sends, `down`
 * what the others do (docs/protocols/voice.md, "Through a forwarding server").
 */

import type { Link } from "../../model/voice.ts";
import type { TopicChannel } from "../../protocol/channels.ts";
import { type Described, forwardingServer } from "../../protocol/voice_channel.ts";
import { Down } from "./down.ts";
import { nothingComing, type Way } from "./incoming.ts";
import type { Outgoing } from "./outgoing.ts";
import { signal } from "./signals.ts";
import { Up } from "./up.ts";

export interface ForwardingOptions {
  readonly outgoing: Outgoing;
  readonly configuration: () => RTCConfiguration;
  readonly channel: () => TopicChannel;
  /** There were connections before, by the same session. */
  readonly isAgain: boolean;
  /** Something about a way may be another than before. */
  readonly onChange: () => void;
}

type End = "up" | "down";

export class Forwarding {
  private readonly options: ForwardingOptions;
  private readonly up: Up;
  private readonly down: Down;
  private isClosed = false;
  /** One thing after the other: a candidate belongs to the description before it. */
  private saying: Promise<void> = Promise.resolve();

  constructor(options: ForwardingOptions) {
    this.options = options;
    const { configuration, outgoing } = options;
    const toldBy = (end: End) => ({
      configuration,
      describe: ({ type, sdp }: { readonly type: string; readonly sdp: string }) => this.say(type, end, { sdp }),
      tellCandidate: (candidate: RTCIceCandidateInit | null) => this.say("ice_candidate", end, { candidate }),
      onChange: () => this.tellChange(),
    });
    this.down = new Down({ ...toldBy("down"), ask: () => this.ask() });
    this.up = new Up({ ...toldBy("up"), outgoing });
    if (options.isAgain) this.ask();
  }

  /** Both connections carry what there is. */
  stands(): boolean {
    return this.down.status === "connected" && (this.up.status === "connected" || this.up.status === "idle");
  }

  /** The way to somebody by the forwarding server. */
  way(session: string): Way {
    const incoming = this.down.incoming(session);
    return { incoming: incoming ?? nothingComing, link: this.link(session, incoming !== undefined) };
  }

  send(): void {
    this.up.send();
  }

  /** The server's candidates stand in its descriptions. */
  hear({ from_session, type, sdp, streams = {} }: Described): void {
    if (from_session === "up" && type === "answer") this.up.hear({ type, sdp });
    if (from_session === "down" && type === "offer") void this.down.hear({ type, sdp }, streams);
  }

  /** The network is another one. */
  restart(): void {
    this.up.restart();
    this.down.restart();
  }

  /** The chat's server is there again. */
  goOn(): void {
    this.up.goOn();
    this.down.goOn();
  }

  close(): void {
    this.isClosed = true;
    this.up.close();
    this.down.close();
  }

  private link(session: string, isCarried: boolean): Link {
    const { up, down } = this;
    if (up.status === "unreachable" || down.status === "unreachable") return { status: "unreachable" };
    if (down.status === "connected") return { status: "connected", quality: down.quality(session) };
    // Whoever sends nothing is as near as the server is.
    return !isCarried && up.status === "connected" ? { status: "connected", quality: null } : { status: "connecting" };
  }

  // Where the server cannot be told, an offer is said again.
  private say(event: string, end: End, content: object): void {
    const payload = { to: forwardingServer, to_session: end, ...content };
    const act = async () => await signal(this.options.channel(), event, payload, () => !this.isClosed);
    this.saying = this.saying.then(act).catch(() => undefined);
  }

  /** An empty offer asks for the server's own, on another connection. */
  private ask(): void {
    this.say("offer", "down", { sdp: "" });
  }

  private tellChange(): void {
    if (!this.isClosed) this.options.onChange();
  }
}
