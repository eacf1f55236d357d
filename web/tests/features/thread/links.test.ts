import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { splitLinks } from "../../../src/features/thread/links.ts";

function hrefs(text: string): readonly string[] {
  return splitLinks(text).flatMap((piece) => (piece.type === "link" ? [piece.href] : []));
}

describe("the links in a text", () => {
  test("are found between words", () => {
    expect(splitLinks("see https://example.org/a?b=1#c now")).toEqual([
      { type: "text", at: 0, text: "see " },
      { type: "link", at: 4, text: "https://example.org/a?b=1#c", href: "https://example.org/a?b=1#c" },
      { type: "text", at: 31, text: " now" },
    ]);
  });

  test("may begin with www and are then followed over https", () => {
    expect(hrefs("www.example.org")).toEqual(["https://www.example.org/"]);
  });

  test("do not take the full stop or the bracket that ends the sentence around them", () => {
    expect(hrefs("(as on https://example.org/x).")).toEqual(["https://example.org/x"]);
    expect(hrefs("https://example.org/Cup_(drink), yes")).toEqual(["https://example.org/Cup_(drink)"]);
  });

  test("are never anything but http and https", () => {
    expect(hrefs("javascript:alert(1) data:text/html,x ftp://example.org file:///etc/passwd")).toEqual([]);
  });

  test("need a host that can be one", () => {
    expect(hrefs("https:// http://x https://.")).toEqual([]);
    expect(hrefs("http://localhost:8000/docs")).toEqual(["http://localhost:8000/docs"]);
  });

  test("lose nothing of the text around them", () => {
    const word = fc.oneof(fc.string(), fc.webUrl(), fc.constantFrom("www.", "https://", ").", "\n", "_"));
    fc.assert(
      fc.property(fc.array(word), (words) => {
        const text = words.join(" ");
        const pieces = splitLinks(text);
        expect(pieces.map((piece) => piece.text).join("")).toBe(text);
        for (const piece of pieces) {
          expect(text.slice(piece.at, piece.at + piece.text.length)).toBe(piece.text);
        }
        for (const href of hrefs(text)) expect(new URL(href).protocol).toMatch(/^https?:$/u);
      }),
    );
  });
});
