/** A connection that keeps the rules of offers and answers (JSEP, RFC 8829, section 3.2), without a network. */

import type { Description, Negotiable } from "../../../src/client/voice/negotiation.ts";

let made = 0;

export class FakeConnection implements Negotiable {
  signalingState: RTCSignalingState = "stable";
  localDescription: { type: RTCSdpType; sdp: string } | null = null;
  remoteDescription: Description | null = null;
  /** What both have agreed on last: the offer and its answer. */
  agreed: { readonly offer: string; readonly answer: string } | null = null;
  readonly candidates: (RTCIceCandidateInit | null)[] = [];
  onneeded: () => void = () => undefined;
  private isDue = false;

  /** Something is to be negotiated, as after addTrack. */
  need(): void {
    this.isDue = true;
    queueMicrotask(() => this.ask());
  }

  restartIce(): void {
    this.need();
  }

  async setLocalDescription(): Promise<void> {
    await Promise.resolve();
    made += 1;
    if (this.signalingState === "have-remote-offer") {
      this.localDescription = { type: "answer", sdp: `answer ${made} to ${this.remoteDescription?.sdp ?? ""}` };
      this.agree(this.remoteDescription?.sdp ?? "", this.localDescription.sdp);
      return;
    }
    this.isDue = false;
    this.localDescription = { type: "offer", sdp: `offer ${made}` };
    this.signalingState = "have-local-offer";
  }

  async setRemoteDescription(description: Description): Promise<void> {
    await Promise.resolve();
    if (description.type === "answer") {
      if (this.signalingState !== "have-local-offer") throw new DOMException("No offer waits.", "InvalidStateError");
      this.remoteDescription = description;
      this.agree(this.localDescription?.sdp ?? "", description.sdp);
      return;
    }
    // What was offered is taken back, and is still to be negotiated.
    if (this.signalingState === "have-local-offer") this.isDue = true;
    this.signalingState = "have-remote-offer";
    this.remoteDescription = description;
  }

  async addIceCandidate(candidate: RTCIceCandidateInit | null): Promise<void> {
    await Promise.resolve();
    if (this.remoteDescription === null) throw new DOMException("Nothing is known of the other.", "InvalidStateError");
    const belongs = candidate === null || candidate.usernameFragment === undefined;
    if (!belongs && !this.remoteDescription.sdp.includes(`${candidate.usernameFragment}`)) {
      throw new DOMException("Unknown ufrag.", "OperationError");
    }
    this.candidates.push(candidate);
  }

  private agree(offer: string, answer: string): void {
    this.signalingState = "stable";
    this.agreed = { offer, answer };
    queueMicrotask(() => this.ask());
  }

  private ask(): void {
    if (this.isDue && this.signalingState === "stable") this.onneeded();
  }
}
