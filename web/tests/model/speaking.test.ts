import { describe, expect, test } from "vitest";
import { levelOf, silent, type Speaking, withLevel } from "../../src/model/speaking.ts";

function after(levels: readonly (readonly [number, number])[], start: Speaking = silent): boolean {
  return levels.reduce((speaking, [at_ms, level]) => withLevel(speaking, level, at_ms), start).isSpeaking;
}

describe("speaking", () => {
  test("begins with a loud moment, and not with a murmur", () => {
    expect(after([[0, 0.01]])).toBe(false);
    expect(after([[0, 0.05]])).toBe(true);
  });

  test("goes on through gaps between words, and while somebody lowers their voice", () => {
    expect(after([[0, 0.05], [100, 0], [500, 0]])).toBe(true);
    expect(after([[0, 0.05], [500, 0.01], [1_000, 0]])).toBe(true);
  });

  test("ends when it has been quiet for a while, once", () => {
    expect(after([[0, 0.05], [600, 0]])).toBe(false);
    expect(after([[0, 0.05], [600, 0], [700, 0.01]])).toBe(false);
    expect(after([[0, 0.05], [600, 0], [700, 0.05]])).toBe(true);
  });

  test("is measured by the root of the mean square", () => {
    expect(levelOf(Float32Array.of(0.5, -0.5))).toBeCloseTo(0.5);
    expect(levelOf(Float32Array.of())).toBe(0);
  });

  test.each([0, 700, 3_000, 7_200])("is heard where a short sound begins after %i samples of silence", (start) => {
    expect(levelOf(new Float32Array(8_192).fill(0.1, start, start + 960))).toBeGreaterThan(0.06);
  });
});
