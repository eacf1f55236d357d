import { expect, test } from "vitest";
import { looksLikeNumber } from "../../src/model/invites.ts";

test("only what has no letters is taken for a telephone number", () => {
  for (const text of ["+34 600 123 456", "600-123-456", "(0171) 555 01", " 600123456 "]) {
    expect(looksLikeNumber(text)).toBe(true);
  }
  for (const text of ["ana", "@ana", "ana_600123", "1234", "", "+"]) expect(looksLikeNumber(text)).toBe(false);
});
