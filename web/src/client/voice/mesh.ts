/** The connections to everyone else in a channel, one for each participation, and the signals that they are made with. */

import type { Doubt, Link, Participant } from "../../model/voice.ts";
import type { TopicChannel } from "../../protocol/channels.ts";
import type { Described, Told } from "../../protocol/voice_channel.ts";
import type { Incoming } from "./incoming.ts";
import { isPolite } from "./negotiation.ts";
import type { Outgoing } from "./outgoing.ts";
import { Peer } from "./peer.ts";
import type { Proof } from "./proofs.ts";
import { type Addressed, signal } from "./signals.ts";

/** Whom a connection is with. */
export type Partner = Pick<Participant, "user_id" | "session">;

export interface MeshOptions {
  readonly myId: string;
  readonly outgoing: Outgoing;
  readonly configuration: () => RTCConfiguration;
  readonly channel: () => TopicChannel;
  readonly prove: ((partner: Partner, sdp: string) => Promise<Proof>) | undefined;
  readonly doubt: (partner: Partner, sdp: string, proof: unknown) => Promise<Doubt | null>;
  readonly onLink: (session: string, link: Link) => void;
  readonly onIncoming: (session: string, incoming: Incoming) => void;
}

export class Mesh {
  private readonly options: MeshOptions;
  private readonly peers = new Map<string, { readonly partner: Partner; readonly peer: Peer }>();

  constructor(options: MeshOptions) {
    this.options = options;
  }

  /** Keeps the connections to these, makes those that are missing, and ends all others. */
  connect(partners: readonly Partner[]): void {
    const sessions = new Set(partners.map(({ session }) => session));
    for (const session of this.peers.keys()) if (!sessions.has(session)) this.end(session);
    for (const partner of partners) this.add(partner);
  }

  add(partner: Partner): void {
    if (!this.peers.has(partner.session)) this.peers.set(partner.session, { partner, peer: this.peerOf(partner) });
  }

  end(session: string): void {
    this.peers.get(session)?.peer.close();
    this.peers.delete(session);
  }

  endAll(): void {
    for (const session of this.peers.keys()) this.end(session);
  }

  isEmpty(): boolean {
    return this.peers.size === 0;
  }

  /** What there is to send has changed. */
  send(): void {
    for (const { peer } of this.peers.values()) peer.send();
  }

  hear({ from, from_session, type, sdp, proof }: Described): void {
    void this.find(from, from_session)?.hear({ type, sdp }, proof);
  }

  hearCandidate({ from, from_session, candidate }: Told): void {
    void this.find(from, from_session)?.hearCandidate(candidate);
  }

  /** The network is another one. */
  restart(): void {
    for (const { peer } of this.peers.values()) peer.restart();
  }

  /** The server is there again. */
  goOn(): void {
    for (const { peer } of this.peers.values()) peer.goOn();
  }

  private find(userId: string, session: string): Peer | null {
    const found = this.peers.get(session);
    return found?.partner.user_id === userId ? found.peer : null;
  }

  private peerOf(partner: Partner): Peer {
    const { myId, outgoing, configuration, prove, doubt, onLink, onIncoming } = this.options;
    const { user_id: to, session: to_session } = partner;
    return new Peer({
      isPolite: isPolite(myId, to),
      configuration: configuration(),
      outgoing,
      describe: async ({ type, ...description }) => await this.say(type, { to, to_session, ...description }),
      tellCandidate: async (candidate) => await this.say("ice_candidate", { to, to_session, candidate }),
      prove: prove && (async (sdp) => await prove(partner, sdp)),
      doubt: async (sdp, proof) => await doubt(partner, sdp, proof),
      onLink: (link) => onLink(to_session, link),
      onIncoming: (incoming) => onIncoming(to_session, incoming),
      onBegunAnew: (description, proof) => {
        this.end(to_session);
        onLink(to_session, { status: "connecting" });
        this.add(partner);
        void this.peers.get(to_session)?.peer.hear(description, proof);
      },
    });
  }

  private async say(event: string, payload: Addressed): Promise<void> {
    await signal(this.options.channel(), event, payload, () => this.peers.has(payload.to_session));
  }
}
