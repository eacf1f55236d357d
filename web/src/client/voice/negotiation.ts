/**
 * Perfect negotiation (the W3C's WebRTC specification, section 10.7) between two clients that may both make offers at any time:
 * where two offers cross, the polite one takes its own back. At the very beginning it lets the other begin: Chromium finds no way
 * any more where a first offer is taken back while ways are looked for.
 *
 * Nothing is lost for good here: an offer that gets no answer is said again, since either may have met a socket that was down.
 */

/** What of an RTCPeerConnection is negotiated with. */
export interface Negotiable {
  readonly signalingState: RTCSignalingState;
  readonly localDescription: { readonly type: RTCSdpType; readonly sdp: string } | null;
  setLocalDescription(): Promise<void>;
  setRemoteDescription(description: Description): Promise<void>;
  addIceCandidate(candidate: RTCIceCandidateInit | null): Promise<void>;
  restartIce(): void;
}

export interface Description {
  readonly type: "offer" | "answer";
  readonly sdp: string;
}

export interface NegotiationOptions {
  readonly connection: Negotiable;
  readonly isPolite: boolean;
  readonly say: (description: Description) => void;
}

const repeated_after_ms = 4_000;
/** Who should begin may be of another make, or have nothing to offer. */
const begins_after_ms = 2_000;

/** Of two people the one whose id comes first gives way; both know it without a word. */
export function isPolite(myId: string, otherId: string): boolean {
  return myId < otherId;
}

/** The connection was let go of while this was under way. */
export function unlessClosed(error: unknown): false {
  const isClosed = error instanceof DOMException && error.name === "InvalidStateError";
  if (!isClosed) throw error;
  return false;
}

export class Negotiation {
  private readonly options: NegotiationOptions;
  private hasHeard = false;
  private hasBegun: boolean;
  private early: (RTCIceCandidateInit | null)[] = [];
  private beginning: ReturnType<typeof setTimeout> | undefined;
  private repeating: ReturnType<typeof setTimeout> | undefined;
  /**
   * One thing after the other: a candidate belongs to the description before it, and an offer that is begun while another one is
   * being answered would come out as an answer.
   */
  private turn: Promise<unknown> = Promise.resolve();

  constructor(options: NegotiationOptions) {
    this.options = options;
    this.hasBegun = !options.isPolite;
  }

  /** The connection has something to negotiate. */
  async needed(): Promise<void> {
    if (!this.hasBegun) {
      this.beginning ??= setTimeout(() => {
        this.hasBegun = true;
        void this.needed();
      }, begins_after_ms);
      return;
    }
    await this.inTurn(async () => {
      const { connection } = this.options;
      // It is asked for again once this is over.
      if (connection.signalingState !== "stable") return;
      await connection.setLocalDescription();
      this.sayOwn();
    });
  }

  /** Settles once the description was taken, or let pass: false. Rejects where it cannot be used. */
  async hear(description: Description): Promise<boolean> {
    return await this.inTurn(async () => await this.take(description));
  }

  async hearCandidate(candidate: RTCIceCandidateInit | null): Promise<void> {
    await this.inTurn(async () => {
      if (this.hasHeard) await this.add(candidate);
      else this.early.push(candidate);
    });
  }

  /** The way that the media take does not lead there (any more): others are looked for. */
  restart(): void {
    this.options.connection.restartIce();
  }

  /** One has come back to those who carry the signals: what was said last may have been lost. */
  sayAgain(): void {
    if (this.options.connection.signalingState === "have-local-offer") this.sayOwn();
  }

  close(): void {
    clearTimeout(this.beginning);
    clearTimeout(this.repeating);
  }

  private async take(description: Description): Promise<boolean> {
    const { connection } = this.options;
    const isOffer = description.type === "offer";
    const isCrossing = isOffer && connection.signalingState !== "stable" && !this.options.isPolite;
    // An answer to what was taken back, or to what was said twice and answered already.
    const isStray = !isOffer && connection.signalingState !== "have-local-offer";
    if (isCrossing || isStray) return false;

    // An own offer is taken back by this.
    await connection.setRemoteDescription(description);
    this.hasHeard = true;
    // What is still to be negotiated is asked for again.
    this.hasBegun = true;
    clearTimeout(this.beginning);
    clearTimeout(this.repeating);
    if (isOffer) {
      await connection.setLocalDescription();
      this.sayOwn();
    }
    for (const candidate of this.early.splice(0)) await this.add(candidate);
    return true;
  }

  private async add(candidate: RTCIceCandidateInit | null): Promise<void> {
    // One of an offer that was let pass or taken back fits nothing; and one that cannot be used is one way less.
    await this.options.connection.addIceCandidate(candidate).catch(() => undefined);
  }

  private sayOwn(): void {
    const description = this.options.connection.localDescription;
    if (description?.type !== "offer" && description?.type !== "answer") return;
    this.options.say({ type: description.type, sdp: description.sdp });
    clearTimeout(this.repeating);
    if (description.type === "offer") this.repeating = setTimeout(() => this.sayAgain(), repeated_after_ms);
  }

  private async inTurn<T>(act: () => Promise<T>): Promise<T> {
    const done = this.turn.then(act);
    this.turn = done.catch(() => undefined);
    return await done;
  }
}
