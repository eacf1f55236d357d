import { assert, constantFrom, property, stringMatching } from "fast-check";
import { describe, expect, test } from "vitest";
import { type Change, markFor, toggleMark } from "../../../src/features/composer/formatting.ts";

function applied(text: string, change: Change): string {
  return text.slice(0, change.from) + change.text + text.slice(change.to);
}

function toggled(text: string, start: number, end: number, mark: string): string {
  return applied(text, toggleMark({ text, start, end }, mark));
}

describe("marks", () => {
  test("go around what is selected, which stays selected", () => {
    const change = toggleMark({ text: "well done", start: 5, end: 9 }, "**");
    expect(applied("well done", change)).toBe("well **done**");
    expect([change.start, change.end]).toEqual([7, 11]);
  });

  test("go away where they stand around it or in it", () => {
    expect(toggled("well **done**", 7, 11, "**")).toBe("well done");
    expect(toggled("well **done**", 5, 13, "**")).toBe("well done");
  });

  test("fence code of several lines", () => {
    expect(toggled("a\nb", 0, 3, "`")).toBe("```\na\nb\n```");
  });

  test("put on and taken off leave the text as it was", () => {
    const words = stringMatching(/^[a-z ]{1,20}$/u);
    assert(
      property(words, words, words, constantFrom("**", "_", "`"), (before, inside, after, mark) => {
        const text = before + inside + after;
        const on = toggleMark({ text, start: before.length, end: before.length + inside.length }, mark);
        const marked = applied(text, on);
        expect(applied(marked, toggleMark({ text: marked, start: on.start, end: on.end }, mark))).toBe(text);
      }),
    );
  });

  test("have their keys", () => {
    expect(markFor("b", false)).toBe("**");
    expect(markFor("I", false)).toBe("_");
    expect(markFor("M", true)).toBe("`");
    expect([markFor("m", false), markFor("b", true), markFor("x", false)]).toEqual([null, null, null]);
  });
});
