/** What is to be heard of the others, each track by an element of its own, all on one speaker. */

export class Sounds {
  private readonly elements = new Map<MediaStreamTrack, HTMLAudioElement>();
  private readonly bySession = new Map<string, readonly MediaStreamTrack[]>();
  private speakerId = "";
  private isDeafened = false;

  put(session: string, tracks: readonly MediaStreamTrack[]): void {
    for (const track of this.bySession.get(session) ?? []) if (!tracks.includes(track)) this.end(track);
    for (const track of tracks) if (!this.elements.has(track)) this.begin(track);
    if (tracks.length === 0) this.bySession.delete(session);
    else this.bySession.set(session, tracks);
  }

  deafen(isDeafened: boolean): void {
    this.isDeafened = isDeafened;
    for (const element of this.elements.values()) element.muted = isDeafened;
  }

  /** Empty: the usual one. Rejects where that speaker is gone. */
  async chooseSpeaker(deviceId: string): Promise<void> {
    this.speakerId = deviceId;
    await Promise.all([...this.elements.values()].map(async (element) => await element.setSinkId?.(deviceId)));
  }

  stop(): void {
    for (const track of this.elements.keys()) this.end(track);
    this.bySession.clear();
  }

  private begin(track: MediaStreamTrack): void {
    const element = new Audio();
    element.srcObject = new MediaStream([track]);
    element.muted = this.isDeafened;
    this.elements.set(track, element);
    if (this.speakerId !== "") void element.setSinkId?.(this.speakerId).catch(() => undefined);
    // The person has clicked to be here, so that browsers let it play.
    void element.play().catch(() => undefined);
  }

  private end(track: MediaStreamTrack): void {
    const element = this.elements.get(track);
    this.elements.delete(track);
    if (element !== undefined) element.srcObject = null;
  }
}
