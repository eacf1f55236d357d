/** How what this client gives is sent over one connection: a sender for each purpose, which stays once it is there. */

import type { Outgoing, Purpose } from "./outgoing.ts";

export class Sending {
  private readonly connection: RTCPeerConnection;
  private readonly outgoing: Outgoing;
  private readonly direction: "sendrecv" | "sendonly";
  private readonly senders = new Map<Purpose, RTCRtpSender>();

  constructor(connection: RTCPeerConnection, outgoing: Outgoing, direction: "sendrecv" | "sendonly") {
    this.connection = connection;
    this.outgoing = outgoing;
    this.direction = direction;
  }

  /** Nothing was ever sent by it. */
  isEmpty(): boolean {
    return this.senders.size === 0;
  }

  /** Sends what there is to send now, and no more of what there is not. */
  put(): void {
    const { outgoing, senders } = this;
    // The sender stays: each new one would add a medium to the description, which never gets shorter.
    for (const [purpose, sender] of senders) {
      if (outgoing.track(purpose) === null && sender.track !== null) this.connection.removeTrack(sender);
    }
    for (const [purpose, track] of outgoing.all()) {
      const sender = senders.get(purpose);
      if (sender === undefined) senders.set(purpose, this.add(purpose, track));
      else if (sender.track !== track) this.replace(purpose, sender, track);
    }
  }

  /** What a description says of the screen. */
  screenId(): string | null {
    return this.outgoing.track("screen") === null ? null : this.outgoing.screen.id;
  }

  private add(purpose: Purpose, track: MediaStreamTrack): RTCRtpSender {
    const { connection, direction } = this;
    const stream = this.outgoing.streamOf(purpose);
    // This one takes a medium that the other side has begun.
    if (direction === "sendrecv") return connection.addTrack(track, stream);
    return connection.addTransceiver(track, { direction, streams: [stream] }).sender;
  }

  private replace(purpose: Purpose, sender: RTCRtpSender, track: MediaStreamTrack): void {
    const wasOff = sender.track === null;
    void sender.replaceTrack(track);
    if (!wasOff) return;
    const transceiver = this.connection.getTransceivers().find((each) => each.sender === sender);
    sender.setStreams(this.outgoing.streamOf(purpose));
    if (transceiver) transceiver.direction = this.direction;
  }
}
