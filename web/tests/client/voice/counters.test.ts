import { describe, expect, test } from "vitest";
import { countersOf, type Report, sum } from "../../../src/client/voice/counters.ts";

describe("counters", () => {
  test("are read of the way that is taken, and by the track that comes", () => {
    const reports: readonly Report[] = [
      { type: "candidate-pair", nominated: false, currentRoundTripTime: 9 },
      { type: "candidate-pair", nominated: true, currentRoundTripTime: 0.05 },
      { type: "inbound-rtp", trackIdentifier: "a", packetsReceived: 90, packetsLost: 10 },
      { type: "inbound-rtp", trackIdentifier: "b", packetsReceived: 5 },
      // A retransmission has a stream of its own.
      { type: "inbound-rtp", trackIdentifier: "a", packetsReceived: 1, packetsLost: 1 },
      { type: "outbound-rtp", trackIdentifier: "c", packetsReceived: 7 },
    ];
    const { rtt_ms, byTrack } = countersOf(reports);
    expect(rtt_ms).toBe(50);
    expect([...byTrack]).toEqual([
      ["a", { received: 91, lost: 11 }],
      ["b", { received: 5, lost: 0 }],
    ]);
    expect(sum(byTrack.values())).toEqual({ received: 96, lost: 11 });
  });

  test("say nothing of what was not measured", () => {
    const { rtt_ms, byTrack } = countersOf([{ type: "candidate-pair", nominated: true }]);
    expect([rtt_ms, byTrack.size]).toEqual([null, 0]);
  });
});
