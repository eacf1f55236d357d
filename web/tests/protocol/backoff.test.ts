import { expect, test } from "vitest";
import { retryDelay_ms } from "../../src/protocol/backoff.ts";

test("the wait doubles from half a second to a quarter of a minute", () => {
  const longest = [1, 2, 3, 4, 5, 6, 7, 50].map((failedTries) => retryDelay_ms(failedTries, () => 1));
  expect(longest).toEqual([500, 1_000, 2_000, 4_000, 8_000, 15_000, 15_000, 15_000]);
});

test("a random half of the wait may be taken off", () => {
  expect(retryDelay_ms(3, () => 0)).toBe(1_000);
});
