/**
 * What this client gives to the others to hear and see. The microphone and the camera travel in one stream and the screen with its
 * sound in another, by which the others tell them apart.
 */

export type Purpose = "microphone" | "camera" | "screen" | "screenSound";

export class Outgoing {
  readonly face = new MediaStream();
  readonly screen = new MediaStream();
  private readonly tracks = new Map<Purpose, MediaStreamTrack>();

  track(purpose: Purpose): MediaStreamTrack | null {
    return this.tracks.get(purpose) ?? null;
  }

  streamOf(purpose: Purpose): MediaStream {
    return purpose === "screen" || purpose === "screenSound" ? this.screen : this.face;
  }

  all(): ReadonlyMap<Purpose, MediaStreamTrack> {
    return this.tracks;
  }

  /** The former track ends, and with it the light beside a camera. */
  put(purpose: Purpose, track: MediaStreamTrack | null): void {
    const former = this.tracks.get(purpose);
    const stream = this.streamOf(purpose);
    if (former !== undefined) {
      stream.removeTrack(former);
      former.stop();
    }
    if (track === null) this.tracks.delete(purpose);
    else {
      this.tracks.set(purpose, track);
      stream.addTrack(track);
    }
  }

  /** A stream of one track, to be shown to oneself. */
  picture(purpose: "camera" | "screen"): MediaStream | null {
    const track = this.track(purpose);
    return track === null ? null : new MediaStream([track]);
  }

  stop(): void {
    for (const purpose of this.tracks.keys()) this.put(purpose, null);
  }
}
