import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { Meter } from "../../../src/client/voice/meter.ts";

/** The last sound was this long, and ended this long ago, in ms. */
let sound_ms = { lasted: 1_000, ended: 0 };

/** What a meter asks of a context; it stays stopped until it is asked to go on while it `mayRun`. */
class Context {
  static mayRun = true;
  readonly sampleRate = 48_000;
  state = "suspended";

  async resume(): Promise<void> {
    if (Context.mayRun) this.state = "running";
    return await Promise.resolve();
  }

  createMediaStreamSource() {
    return { connect: () => undefined, disconnect: () => undefined };
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}

function analyserOf(context: Context, { fftSize }: { fftSize: number }) {
  const ago = (ms: number) => -(ms * context.sampleRate) / 1_000;
  return {
    fftSize,
    getFloatTimeDomainData: (samples: Float32Array) => {
      samples.fill(0);
      if (context.state !== "running") return;
      const end = sound_ms.ended === 0 ? samples.length : ago(sound_ms.ended);
      samples.fill(0.5, ago(sound_ms.ended + sound_ms.lasted), end);
    },
  };
}

beforeEach(() => {
  vi.stubGlobal("AudioContext", Context);
  vi.stubGlobal("AnalyserNode", vi.fn(function analyser(context: Context, options: { fftSize: number }) {
    return analyserOf(context, options);
  }));
  vi.stubGlobal("MediaStream", vi.fn());
});

afterEach(() => {
  Context.mayRun = true;
  sound_ms = { lasted: 1_000, ended: 0 };
  vi.unstubAllGlobals();
});

it("measures how loud a track is", () => {
  const meter = new Meter();
  meter.watch("a", {} as MediaStreamTrack);
  expect(meter.level("a")).toBe(0.5);
  expect(meter.level("another")).toBe(0);
});

it.each([0, 30, 60, 79])("hears a sound of 20 ms that ended %i ms before it is asked", (ended) => {
  const meter = new Meter();
  sound_ms = { lasted: 20, ended };
  meter.watch("a", {} as MediaStreamTrack);
  expect(meter.level("a")).toBeGreaterThan(0.25);
});

it("goes on when the device had not begun, or was taken away for a while", () => {
  Context.mayRun = false;
  const meter = new Meter();
  meter.watch("a", {} as MediaStreamTrack);
  expect(meter.level("a")).toBe(0);
  Context.mayRun = true;
  meter.level("a");
  expect(meter.level("a")).toBe(0.5);
});
