import { expect, test } from "vitest";
import { secondsUntil, waitOf } from "../../src/model/waits.ts";

test.each([
  [0, { count: 1, unit: "second" }],
  [1.2, { count: 2, unit: "second" }],
  [60, { count: 60, unit: "second" }],
  [61, { count: 2, unit: "minute" }],
  [900, { count: 15, unit: "minute" }],
  [3600, { count: 60, unit: "minute" }],
  [3601, { count: 2, unit: "hour" }],
] as const)("%d seconds are told so that nobody comes too early", (seconds, wait) => {
  expect(waitOf(seconds)).toEqual(wait);
});

test("a countdown ends at nothing and does not go below", () => {
  expect(secondsUntil(10_000, 0)).toBe(10);
  expect(secondsUntil(10_000, 9_001)).toBe(1);
  expect(secondsUntil(10_000, 10_000)).toBe(0);
  expect(secondsUntil(10_000, 99_000)).toBe(0);
});
