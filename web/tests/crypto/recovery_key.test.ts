import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { newRecoveryKey, readRecoveryKey, recoveryKeyLength, recoveryKeyText } from "../../src/crypto/recovery_key.ts";

const alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const key = fc.uint8Array({ minLength: 32, maxLength: 32 }).map((bytes) => Uint8Array.from(bytes));

describe("a recovery key", () => {
  test("has 14 groups of 4 characters", async () => {
    const text = await recoveryKeyText(newRecoveryKey());
    expect(text).toMatch(/^(?:[0-9A-HJKMNP-TV-Z]{4}-){13}[0-9A-HJKMNP-TV-Z]{4}$/u);
    expect(recoveryKeyLength).toBe(56);
  });

  test("is always the same text for the same key", async () => {
    expect(await recoveryKeyText(new Uint8Array(32))).toMatch(/^(?:0000-){12}000/u);
    expect(await recoveryKeyText(new Uint8Array(32))).toBe(await recoveryKeyText(new Uint8Array(32)));
  });

  test("is read as it was written, and as people may write it", async () => {
    const zeros = ["0", "O", "o"];
    const ones = ["1", "I", "i", "L", "l"];
    const between = fc.constantFrom("", "-", " ", "  ", "\n", " – ", ".", "_");
    await fc.assert(
      fc.asyncProperty(key, between, fc.infiniteStream(fc.nat(7)), async (bytes, separator, choices) => {
        const text = await recoveryKeyText(bytes);
        const typed = [...text].map((character) => {
          const choice = choices.next().value;
          if (character === "-") return separator;
          if (character === "0") return zeros[choice % 3];
          if (character === "1") return ones[choice % 5];
          return choice % 2 === 0 ? character : character.toLowerCase();
        });
        expect(await readRecoveryKey(` ${typed.join("")} `)).toEqual({ status: "read", key: bytes });
        expect(await readRecoveryKey(text)).toEqual({ status: "read", key: bytes });
      }),
    );
  });

  test("with one wrong character is not read as another key", async () => {
    await fc.assert(
      fc.asyncProperty(key, fc.nat(55), fc.integer({ min: 1, max: 31 }), async (bytes, at, step) => {
        const text = (await recoveryKeyText(bytes)).replaceAll("-", "");
        const wrong = alphabet[(alphabet.indexOf(text[at] ?? "") + step) % 32] ?? "";
        const typed = text.slice(0, at) + wrong + text.slice(at + 1);
        expect(await readRecoveryKey(typed)).toEqual({ status: "unreadable", because: "checksum" });
      }),
    );
  });

  test("with two characters the wrong way round is not read as another key", async () => {
    await fc.assert(
      fc.asyncProperty(key, fc.nat(54), async (bytes, at) => {
        const text = (await recoveryKeyText(bytes)).replaceAll("-", "");
        const [one = "", other = ""] = text.slice(at, at + 2);
        fc.pre(one !== other);
        const typed = text.slice(0, at) + other + one + text.slice(at + 2);
        expect(await readRecoveryKey(typed)).toEqual({ status: "unreadable", because: "checksum" });
      }),
    );
  });

  test("says how much of it there is where it is too short or too long", async () => {
    const text = await recoveryKeyText(newRecoveryKey());
    expect(await readRecoveryKey("")).toEqual({ status: "unreadable", because: "length", length: 0 });
    expect(await readRecoveryKey(text.slice(0, -1))).toEqual({ status: "unreadable", because: "length", length: 55 });
    expect(await readRecoveryKey(`${text}-7ZZA`)).toEqual({ status: "unreadable", because: "length", length: 60 });
  });

  test("says which character cannot be in it, and where", async () => {
    const text = await recoveryKeyText(new Uint8Array(32));
    expect(await readRecoveryKey(`0000-0u${text.slice(7)}`)).toEqual({
      status: "unreadable",
      because: "character",
      character: "U",
      position: 6,
    });
    expect(await readRecoveryKey("00🙂")).toEqual({ status: "unreadable", because: "character", character: "🙂", position: 3 });
  });
});
