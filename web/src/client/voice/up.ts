/** The connection that carries what this client sends to the forwarding server. The client makes all offers on it. */

import { withScreen } from "./descriptions.ts";
import { type Description, Negotiation, unlessClosed } from "./negotiation.ts";
import type { Outgoing } from "./outgoing.ts";
import { Sending } from "./sending.ts";
import { Watch } from "./watch.ts";

export interface UpOptions {
  readonly outgoing: Outgoing;
  readonly configuration: () => RTCConfiguration;
  readonly describe: (description: Description) => void;
  readonly tellCandidate: (candidate: RTCIceCandidateInit | null) => void;
  readonly onChange: () => void;
}

/** `idle`: there was nothing to send yet. */
export type UpStatus = "idle" | "connecting" | "connected" | "unreachable";

interface Held {
  readonly connection: RTCPeerConnection;
  readonly negotiation: Negotiation;
  readonly sending: Sending;
  readonly watch: Watch;
}

export class Up {
  status: UpStatus = "idle";
  private readonly options: UpOptions;
  private held: Held;

  constructor(options: UpOptions) {
    this.options = options;
    this.held = this.begin();
    this.send();
  }

  /** What there is to send has changed. */
  send(): void {
    this.held.sending.put();
    if (this.status === "idle" && !this.held.sending.isEmpty()) this.put("connecting");
  }

  hear(answer: Description): void {
    void this.held.negotiation.hear(answer).catch(unlessClosed);
  }

  /** The network is another one. */
  restart(): void {
    if (this.status !== "idle") this.held.negotiation.restart();
  }

  /** What was said while the chat's server was out of reach is said once more. */
  goOn(): void {
    if (this.status === "connected") this.held.negotiation.sayAgain();
    else this.restart();
  }

  close(): void {
    const { connection, negotiation, watch } = this.held;
    watch.stop();
    negotiation.close();
    connection.onnegotiationneeded = null;
    connection.onicecandidate = null;
    connection.close();
  }

  private begin(): Held {
    const { configuration, outgoing, describe, tellCandidate } = this.options;
    const connection = new RTCPeerConnection(configuration());
    const sending = new Sending(connection, outgoing, "sendonly");
    const negotiation = new Negotiation({
      connection,
      isPolite: false,
      say: ({ type, sdp }) => describe({ type, sdp: withScreen(sdp, sending.screenId()) }),
    });
    connection.onnegotiationneeded = () => void negotiation.needed().catch(unlessClosed);
    connection.onicecandidate = ({ candidate }) => tellCandidate(candidate?.toJSON() ?? null);
    const watch = new Watch({
      connection,
      onConnected: () => this.put("connected"),
      onLost: () => this.lose(),
      onCounted: () => undefined,
    });
    return { connection, sending, negotiation, watch };
  }

  private lose(): void {
    if (this.status === "idle") return;
    // The forwarding server lets go of a connection that it has not heard of for a while: then a way to it leads nowhere.
    if (this.status === "unreachable") {
      this.close();
      this.held = this.begin();
      this.held.sending.put();
      return;
    }
    this.put("unreachable");
    this.held.negotiation.restart();
  }

  private put(status: UpStatus): void {
    this.status = status;
    this.options.onChange();
  }
}
