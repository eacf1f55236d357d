/** The connection that carries what the others send, from the forwarding server. The server makes all offers on it. */

import { lossBetween, type Quality, qualityOf } from "../../model/call_quality.ts";
import type { MediumOwner } from "../../protocol/voice_channel.ts";
import { type Counted, type Counters, nothingCounted, sum } from "./counters.ts";
import { credentialsOf } from "./descriptions.ts";
import type { Incoming } from "./incoming.ts";
import { incomingBySession } from "./media_owners.ts";
import { type Description, Negotiation, unlessClosed } from "./negotiation.ts";
import { Watch } from "./watch.ts";

export interface DownOptions {
  readonly configuration: () => RTCConfiguration;
  readonly describe: (description: Description) => void;
  readonly tellCandidate: (candidate: RTCIceCandidateInit | null) => void;
  /** No way leads from there (any more): the server is to offer another one. */
  readonly ask: () => void;
  readonly onChange: () => void;
}

/** `idle`: there was nothing to hear yet. */
export type DownStatus = "idle" | "connecting" | "connected" | "unreachable";

interface Held {
  readonly connection: RTCPeerConnection;
  readonly negotiation: Negotiation;
  readonly watch: Watch;
  readonly credentials: string;
}

export class Down {
  status: DownStatus = "idle";
  private readonly options: DownOptions;
  private held: Held | null = null;
  private bySession: ReadonlyMap<string, Incoming> = new Map();
  private readonly counted = new Map<string, Counted>();
  private readonly qualities = new Map<string, Quality>();

  constructor(options: DownOptions) {
    this.options = options;
  }

  incoming(session: string): Incoming | undefined {
    return this.bySession.get(session);
  }

  quality(session: string): Quality | null {
    return this.qualities.get(session) ?? null;
  }

  async hear(offer: Description, owners: Readonly<Record<string, MediumOwner>>): Promise<void> {
    const held = this.heldFor(credentialsOf(offer.sdp));
    const missed = (error: unknown) => this.miss(held, error);
    if (!(await held.negotiation.hear(offer).catch(missed)) || held !== this.held) return;
    this.bySession = incomingBySession(held.connection.getTransceivers(), owners);
    this.options.onChange();
  }

  /** The network is another one. */
  restart(): void {
    if (this.held !== null) this.options.ask();
  }

  /** The chat's server is there again; an offer of it may have been lost. */
  goOn(): void {
    if (this.status !== "connected") this.options.ask();
  }

  close(): void {
    const { held } = this;
    this.held = null;
    this.bySession = new Map();
    if (held === null) return;
    held.watch.stop();
    held.negotiation.close();
    held.connection.onicecandidate = null;
    held.connection.close();
  }

  /** An offer that cannot be used gets no answer, for which the server waits: it is asked for another connection. */
  private miss(held: Held, error: unknown): false {
    // As long as none stands, the watch asks for one.
    if (held === this.held && this.status === "connected") this.options.ask();
    return unlessClosed(error);
  }

  /** An offer with other credentials is the beginning of another connection: the server has let go of the one before. */
  private heldFor(credentials: string): Held {
    if (this.held?.credentials === credentials) return this.held;
    this.close();
    this.held = this.begin(credentials);
    this.put("connecting");
    return this.held;
  }

  private begin(credentials: string): Held {
    const { configuration, describe, tellCandidate } = this.options;
    const connection = new RTCPeerConnection(configuration());
    connection.onicecandidate = ({ candidate }) => tellCandidate(candidate?.toJSON() ?? null);
    const watch = new Watch({
      connection,
      onConnected: () => this.put("connected"),
      onLost: () => {
        this.put("unreachable");
        this.options.ask();
      },
      onCounted: (counters) => this.count(counters),
    });
    return { connection, negotiation: new Negotiation({ connection, isPolite: true, say: describe }), watch, credentials };
  }

  private count({ rtt_ms, byTrack }: Counters): void {
    for (const [session, { sounds, camera, screen }] of this.bySession) {
      const tracks = [...sounds, camera, screen].flatMap((each) => (each === null ? [] : [each.track]));
      const now = sum(tracks.map(({ id }) => byTrack.get(id) ?? nothingCounted));
      const loss = lossBetween(this.counted.get(session) ?? nothingCounted, now);
      this.counted.set(session, now);
      this.qualities.set(session, qualityOf({ rtt_ms, loss }));
    }
    this.options.onChange();
  }

  private put(status: DownStatus): void {
    this.status = status;
    this.options.onChange();
  }
}
