import { describe, expect, test } from "vitest";
import { emojiFor, emojiIn, inTone } from "../../src/ui/emoji_data.ts";

describe("emoji", () => {
  test("are found by their names and keywords in the reader's language", async () => {
    const english = await emojiIn("en-GB");
    expect(emojiFor(english, "rocket")[0]?.plain).toBe("🚀");
    expect(emojiFor(english, "party pop")[0]?.plain).toBe("🎉");
    expect(emojiFor(english, "no such thing at all")).toEqual([]);
    const spanish = await emojiIn("es-MX");
    expect(emojiFor(spanish, "corazon rojo")[0]?.plain).toBe("❤️");
  });

  test("come in skin tones where they have them", async () => {
    const all = await emojiIn("en");
    const hand = all.find((emoji) => emoji.name === "raised hand");
    const rocket = all.find((emoji) => emoji.plain === "🚀");
    if (hand === undefined || rocket === undefined) throw new Error("They are there.");
    expect([inTone(hand, 0), inTone(hand, 5)]).toEqual(["✋", "✋🏿"]);
    expect(inTone(rocket, 3)).toBe("🚀");
  });
});
