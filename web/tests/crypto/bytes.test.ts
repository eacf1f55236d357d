import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { fromBase64Url, toBase64Url } from "../../src/crypto/bytes.ts";

const bytes = fc.uint8Array({ maxLength: 70 });

describe("base64url", () => {
  test("is that of RFC 4648, without padding", () => {
    expect(toBase64Url(Uint8Array.of(0xfb, 0xff, 0xfe, 0))).toBe("-__-AA");
    expect(toBase64Url(new Uint8Array(100_000))).toBe(Buffer.alloc(100_000).toString("base64url"));
  });

  test("comes back as it went", () => {
    fc.assert(
      fc.property(bytes, (some) => {
        expect(fromBase64Url(toBase64Url(some))).toEqual(Uint8Array.from(some));
      }),
    );
  });

  test("has one text for each value: no other is read as the same bytes", () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(..."ABCDwxyz0189-_+/= "), maxLength: 9 }), (text) => {
        const read = fromBase64Url(text);
        expect(read === null || toBase64Url(read) === text).toBe(true);
      }),
    );
    expect(fromBase64Url("AA")).toEqual(Uint8Array.of(0));
    expect(fromBase64Url("AB")).toBeNull();
    expect(fromBase64Url("AA==")).toBeNull();
    expect(fromBase64Url("A")).toBeNull();
  });
});
