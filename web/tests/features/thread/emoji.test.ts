import { describe, expect, test } from "vitest";
import { countOfBareEmoji } from "../../../src/features/thread/emoji.ts";

describe("a message of bare emoji", () => {
  test.each([
    ["👍", 1],
    [" 🎉🎉 ", 2],
    ["❤️🇪🇸👩‍👩‍👧", 3],
  ])("%s counts its emoji", (text, count) => {
    expect(countOfBareEmoji(text)).toBe(count);
  });

  test.each(["", "👍 yes", "1", "#", "©", "🎉🎉🎉🎉", "a👍"])("is not %j", (text) => {
    expect(countOfBareEmoji(text)).toBe(0);
  });
});
