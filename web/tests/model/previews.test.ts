import { describe, expect, test } from "vitest";
import { plainLine } from "../../src/model/previews.ts";

describe("a preview", () => {
  test.each([
    ["plain words", "plain words"],
    ["two\nlines  and   spaces", "two lines and spaces"],
    ["**bold** and *italic* and _also_", "bold and italic and also"],
    ["snake_case_name stays", "snake_case_name stays"],
    ["2 * 3 * 4", "2 * 3 * 4"],
    ["`code` and\n```js\nblock()\n```", "code and block()"],
    ["[a link](https://example.org/x) here", "a link here"],
    ["> quoted\n- item\n1. first\n# Title", "quoted item first Title"],
    ["~~gone~~", "gone"],
    ["it was ||the butler||.", "it was ▒▒▒▒."],
  ])("of %j is %j", (markdown, plain) => {
    expect(plainLine(markdown)).toBe(plain);
  });

  test("is cut where it gets long", () => {
    const plain = plainLine("word ".repeat(1_000));
    expect(plain).toHaveLength(200);
    expect(plain.endsWith("…")).toBe(true);
  });

  test("is made in a moment, whatever is thrown at it", () => {
    for (const mark of ["*", "_", "`", "[", "**", "~~", "||", "> ", "1. "]) expect(plainLine(mark.repeat(30_000))).toBeDefined();
  });
});
