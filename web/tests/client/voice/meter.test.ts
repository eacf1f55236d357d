import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { Meter } from "../../../src/client/voice/meter.ts";

/** What a meter asks of a context; it stays stopped until it is asked to go on while it `mayRun`. */
class Context {
  static mayRun = true;
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

function analyserOf(context: Context) {
  return {
    fftSize: 4,
    getFloatTimeDomainData: (samples: Float32Array) => samples.fill(context.state === "running" ? 0.5 : 0),
  };
}

beforeEach(() => {
  vi.stubGlobal("AudioContext", Context);
  vi.stubGlobal("AnalyserNode", vi.fn(function analyser(context: Context) {
    return analyserOf(context);
  }));
  vi.stubGlobal("MediaStream", vi.fn());
});

afterEach(() => {
  Context.mayRun = true;
  vi.unstubAllGlobals();
});

it("measures how loud a track is", () => {
  const meter = new Meter();
  meter.watch("a", {} as MediaStreamTrack);
  expect(meter.level("a")).toBe(0.5);
  expect(meter.level("another")).toBe(0);
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
