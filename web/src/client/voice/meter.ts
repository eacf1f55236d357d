/** How loud each one is, by the Web Audio API. */

import { levelOf } from "../../model/speaking.ts";

/** Whoever asks this often misses no sound. */
export const asked_every_ms = 100;

/** The samples since one was last asked, also when that was a little late; an analyser keeps a power of two. */
function samplesKept(sampleRate: number): number {
  const late = 1.5;
  return 2 ** Math.ceil(Math.log2((sampleRate * late * asked_every_ms) / 1_000));
}

interface Measured {
  readonly track: MediaStreamTrack;
  readonly source: MediaStreamAudioSourceNode;
  readonly analyser: AnalyserNode;
  readonly samples: Float32Array<ArrayBuffer>;
}

export class Meter {
  private context: AudioContext | null = null;
  private readonly measured = new Map<string, Measured>();

  /** Null: nothing of them is measured any more. */
  watch(session: string, track: MediaStreamTrack | null): void {
    const before = this.measured.get(session);
    if (before?.track === track) return;
    before?.source.disconnect();
    this.measured.delete(session);
    if (track === null) return;
    this.context ??= new AudioContext();
    void this.context.resume();
    const source = this.context.createMediaStreamSource(new MediaStream([track]));
    const analyser = new AnalyserNode(this.context, { fftSize: samplesKept(this.context.sampleRate) });
    source.connect(analyser);
    this.measured.set(session, { track, source, analyser, samples: new Float32Array(analyser.fftSize) });
  }

  /** How loud it was since it was last asked: a root mean square between 0 and 1. */
  level(session: string): number {
    const measured = this.measured.get(session);
    if (measured === undefined) return 0;
    // Where the device was slow to begin, or a telephone took it for a call, it stands still until it is asked again.
    if (this.context?.state !== "running") void this.context?.resume();
    measured.analyser.getFloatTimeDomainData(measured.samples);
    return levelOf(measured.samples);
  }

  stop(): void {
    for (const session of this.measured.keys()) this.watch(session, null);
    void this.context?.close();
    this.context = null;
  }
}
