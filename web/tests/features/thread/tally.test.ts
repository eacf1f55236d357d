import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { percentages } from "../../../src/features/thread/tally.ts";

function poll(counts: readonly number[]) {
  let last = 0;
  const options = counts.map((count, index) => {
    const user_ids = Array.from({ length: count }, () => `${(last += 1)}`);
    return { text: `${index}`, count, user_ids };
  });
  return { question: "?", options, multiple: false, closed_at: null };
}

describe("the percentages of a poll", () => {
  test("are nothing before anybody votes", () => {
    expect(percentages(poll([0, 0]))).toEqual([0, 0]);
  });

  test("give what rounding leaves to those that it took most from", () => {
    expect(percentages(poll([2, 1]))).toEqual([67, 33]);
    expect(percentages(poll([1, 1, 1]))).toEqual([33, 33, 33]);
  });

  test("are the same for as many votes, and never more than a hundred together", () => {
    fc.assert(
      fc.property(fc.array(fc.nat(30), { minLength: 2, maxLength: 10 }), (counts) => {
        const shown = percentages(poll(counts));
        const byCount = new Map(counts.map((count, index) => [count, shown[index]]));
        expect(shown).toEqual(counts.map((count) => byCount.get(count)));
        expect(shown.reduce((sum, each) => sum + each, 0)).toBeLessThanOrEqual(100);
      }),
    );
  });
});
