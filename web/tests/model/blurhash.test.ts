import { describe, expect, test } from "vitest";
import { blurhashPixels } from "../../src/model/blurhash.ts";

describe("a blurred picture", () => {
  test("of one colour has it everywhere", () => {
    const pixels = blurhashPixels("00TI:j", 2, 2);
    expect(pixels).not.toBeNull();
    const colours = new Set([0, 4, 8, 12].map((at) => pixels?.slice(at, at + 4).join(" ")));
    expect(colours.size).toBe(1);
  });

  test("follows its waves", () => {
    const pixels = blurhashPixels("LEHV6nWB2yk8pyo0adR*.7kCMdnj", 32, 32);
    const [red = 0, green = 0, blue = 0, opacity] = pixels ?? [];
    expect(opacity).toBe(255);
    expect(Math.abs(red - 135)).toBeLessThan(20);
    expect(Math.abs(green - 164)).toBeLessThan(20);
    expect(Math.abs(blue - 177)).toBeLessThan(20);
  });

  test("is none where the letters are none", () => {
    expect([blurhashPixels("", 2, 2), blurhashPixels("LEHV6", 2, 2), blurhashPixels("00TI:\u0000", 2, 2)]).toEqual([null, null, null]);
  });
});
