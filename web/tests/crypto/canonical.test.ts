import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { toBase64Url, utf8 } from "../../src/crypto/bytes.ts";
import { canonical } from "../../src/crypto/canonical.ts";

const texts = fc.array(fc.string({ unit: "grapheme", maxLength: 4 }), { minLength: 1, maxLength: 4 });

function written([label = "", ...values]: readonly string[]): string {
  return toBase64Url(canonical(label, ...values));
}

describe("the canonical writing of several values", () => {
  test("is each length in two bytes and then the value", () => {
    expect([...canonical("ab", "", Uint8Array.of(7), "ñ")]).toEqual([0, 2, 97, 98, 0, 0, 0, 1, 7, 0, 2, 0xc3, 0xb1]);
  });

  test("is the same for two lists only if they are the same", () => {
    fc.assert(
      fc.property(texts, texts, (one, other) => {
        expect(written(one) === written(other)).toBe(JSON.stringify(one) === JSON.stringify(other));
      }),
    );
  });

  test("tells apart lists that make the same text when they are put together", () => {
    fc.assert(
      fc.property(texts, fc.nat(), fc.nat(), (values, one, other) => {
        const whole = values.join("");
        const at = (where: number) => [whole.slice(0, where % (whole.length + 1)), whole.slice(where % (whole.length + 1))];
        const [left, right] = [at(one), at(other)];
        // A cut through a surrogate pair leaves halves, which have no writing.
        fc.pre([...left, ...right].every((part) => !/\p{Surrogate}/u.test(part)));
        expect(written(left) === written(right)).toBe(left[0] === right[0]);
      }),
    );
  });

  test("can be read back, so nothing is lost in it", () => {
    fc.assert(
      fc.property(texts, ([label = "", ...values]) => {
        const bytes = canonical(label, ...values);
        const read: string[] = [];
        for (let at = 0; at < bytes.length; ) {
          const length = new DataView(bytes.buffer).getUint16(at);
          read.push(new TextDecoder().decode(bytes.subarray(at + 2, at + 2 + length)));
          at += 2 + length;
        }
        expect(read).toEqual([label, ...values]);
      }),
    );
  });

  test("refuses half a surrogate pair, whose UTF-8 would be that of every other half", () => {
    expect(() => canonical("label", "\u{D800}")).toThrow(RangeError);
    expect(utf8("\u{D800}")).toEqual(utf8("\u{DFFF}"));
  });

  test("refuses what is too long for its length to be written", () => {
    expect(canonical("", "x".repeat(0xffff))).toHaveLength(0xffff + 4);
    expect(() => canonical("", "x".repeat(0x1_0000))).toThrow(RangeError);
  });
});
