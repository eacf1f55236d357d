import { describe, expect, test } from "vitest";
import { lossBetween, qualityOf } from "../../src/model/call_quality.ts";

describe("the quality of a connection", () => {
  test("has three steps, of which the worse of delay and loss decides", () => {
    expect(qualityOf({ rtt_ms: 40, loss: 0 })).toBe("good");
    expect(qualityOf({ rtt_ms: 400, loss: 0 })).toBe("fair");
    expect(qualityOf({ rtt_ms: 40, loss: 0.05 })).toBe("fair");
    expect(qualityOf({ rtt_ms: 900, loss: 0 })).toBe("poor");
    expect(qualityOf({ rtt_ms: 40, loss: 0.2 })).toBe("poor");
    expect(qualityOf({ rtt_ms: null, loss: 0 })).toBe("good");
  });

  test("goes by what was lost since the last look", () => {
    expect(lossBetween({ received: 100, lost: 50 }, { received: 190, lost: 60 })).toBeCloseTo(0.1);
    expect(lossBetween({ received: 100, lost: 50 }, { received: 100, lost: 50 })).toBe(0);
    // Late ones came after all.
    expect(lossBetween({ received: 100, lost: 50 }, { received: 200, lost: 40 })).toBe(0);
    // A track was taken away, and its counters with it.
    expect(lossBetween({ received: 100, lost: 50 }, { received: 0, lost: 0 })).toBe(0);
  });
});
