/** The connection to one other participant: what is sent to them, what comes of them, and how well. */

import { lossBetween, qualityOf } from "../../model/call_quality.ts";
import type { Doubt, Link } from "../../model/voice.ts";
import { type Counters, nothingCounted, sum } from "./counters.ts";
import { originOf, screenOf, withScreen } from "./descriptions.ts";
import { type Incoming, nothingComing } from "./incoming.ts";
import { type Description, Negotiation, unlessClosed } from "./negotiation.ts";
import type { Outgoing } from "./outgoing.ts";
import type { Proof } from "./proofs.ts";
import { Sending } from "./sending.ts";
import { Watch } from "./watch.ts";

export interface PeerOptions {
  readonly isPolite: boolean;
  readonly configuration: RTCConfiguration;
  readonly outgoing: Outgoing;
  /** Resolve once it was said; never reject. In the order of the calls. */
  readonly describe: (description: Description & { readonly proof?: Proof }) => Promise<void>;
  readonly tellCandidate: (candidate: RTCIceCandidateInit | null) => Promise<void>;
  /** Undefined: this conversation asks for no proof. */
  readonly prove: ((sdp: string) => Promise<Proof>) | undefined;
  /** Null: it is theirs, or need not be proven. */
  readonly doubt: (sdp: string, proof: unknown) => Promise<Doubt | null>;
  readonly onLink: (link: Link) => void;
  /** What comes of them now. */
  readonly onIncoming: (incoming: Incoming) => void;
  /** A description came that is of another connection than those before: to be heard by another peer. */
  readonly onBegunAnew: (description: Description, proof: unknown) => void;
}

export class Peer {
  private readonly options: PeerOptions;
  private readonly connection: RTCPeerConnection;
  private readonly negotiation: Negotiation;
  private readonly sending: Sending;
  private readonly watch: Watch;
  /** Of each track the stream that it came in. */
  private readonly streams = new Map<MediaStreamTrack, string>();
  private origin: string | null = null;
  private screenId: string | null = null;
  private link: Link = { status: "connecting" };
  private counted = nothingCounted;
  private saying: Promise<void> = Promise.resolve();

  constructor(options: PeerOptions) {
    this.options = options;
    const connection = new RTCPeerConnection(options.configuration);
    this.connection = connection;
    this.negotiation = new Negotiation({ connection, isPolite: options.isPolite, say: (description) => this.say(description) });
    connection.onnegotiationneeded = () => void this.negotiation.needed().catch(unlessClosed);
    connection.onicecandidate = ({ candidate }) => this.inOrder(() => options.tellCandidate(candidate?.toJSON() ?? null));
    connection.ontrack = ({ track, streams: [stream] }) => void this.streams.set(track, stream?.id ?? "");
    this.watch = new Watch({
      connection,
      onConnected: () => this.put({ status: "connected", quality: null }),
      onLost: () => this.lose(),
      onCounted: (counters) => this.count(counters),
    });
    this.sending = new Sending(connection, options.outgoing, "sendrecv");
    this.send();
    // Who begins has something to offer, and be it only an ear.
    if (!options.isPolite && this.sending.isEmpty()) connection.addTransceiver("audio", { direction: "recvonly" });
  }

  /** Sends what there is to send now, and no more of what there is not. */
  send(): void {
    this.sending.put();
  }

  async hear(description: Description, proof: unknown): Promise<void> {
    const doubt = await this.options.doubt(description.sdp, proof);
    if (doubt !== null) {
      this.put({ status: "unproven", because: doubt });
      return;
    }
    if (this.link.status === "unproven") this.put({ status: "connecting" });
    const origin = originOf(description.sdp);
    this.origin ??= origin;
    if (this.origin !== origin) {
      this.options.onBegunAnew(description, proof);
      return;
    }
    if (!(await this.negotiation.hear(description).catch(unlessClosed))) return;
    this.screenId = screenOf(description.sdp);
    this.sort();
  }

  async hearCandidate(candidate: RTCIceCandidateInit | null): Promise<void> {
    await this.negotiation.hearCandidate(candidate);
  }

  /** The network is another one. */
  restart(): void {
    this.negotiation.restart();
  }

  /** What was said while the server was out of reach is said once more, and a way that is not there is looked for anew. */
  goOn(): void {
    if (this.connection.connectionState === "connected") this.negotiation.sayAgain();
    else this.negotiation.restart();
  }

  close(): void {
    this.watch.stop();
    this.negotiation.close();
    this.connection.onnegotiationneeded = null;
    this.connection.onicecandidate = null;
    this.connection.close();
    this.options.onIncoming(nothingComing);
  }

  private say(description: Description): void {
    const { prove, describe } = this.options;
    const sdp = withScreen(description.sdp, this.sending.screenId());
    this.inOrder(async () => {
      const proof = await prove?.(sdp);
      await describe({ ...description, sdp, ...(proof === undefined ? {} : { proof }) });
    });
    // Whether something comes from there is settled by an answer.
    this.sort();
  }

  private inOrder(act: () => Promise<void>): void {
    // Without the keys for a proof nothing is said, and the other side asks again.
    this.saying = this.saying.then(act).catch(() => undefined);
  }

  /** What comes is told apart by the stream that it comes in. */
  private sort(): void {
    const coming = this.connection
      .getTransceivers()
      .filter(({ currentDirection }) => currentDirection === "sendrecv" || currentDirection === "recvonly")
      .map(({ receiver }) => receiver);
    const videos = coming.filter(({ track }) => track.kind === "video");
    const screen = videos.find(({ track }) => this.streams.get(track) === this.screenId) ?? null;
    const camera = videos.find((receiver) => receiver !== screen) ?? null;
    this.options.onIncoming({ sounds: coming.filter(({ track }) => track.kind === "audio"), camera, screen });
  }

  private lose(): void {
    if (this.link.status === "unproven") return;
    this.put({ status: "unreachable" });
    this.negotiation.restart();
  }

  private put(link: Link): void {
    this.link = link;
    this.options.onLink(link);
  }

  private count({ rtt_ms, byTrack }: Counters): void {
    const now = sum(byTrack.values());
    const loss = lossBetween(this.counted, now);
    this.counted = now;
    if (this.link.status !== "connected") return;
    const quality = qualityOf({ rtt_ms, loss });
    if (quality !== this.link.quality) this.put({ status: "connected", quality });
  }
}
