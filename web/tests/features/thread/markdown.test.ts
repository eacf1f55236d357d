import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Inline } from "../../../src/features/thread/inline.ts";
import { type Block, parseMarkdown } from "../../../src/features/thread/markdown.ts";

/** The words and marks that people and mischief write, in any order. */
const writing = fc
  .array(
    fc.oneof(
      fc.string(),
      fc.constantFrom(
        ..."* ** _ ~~ || ` `` ``` [ ]( ) @ana @all > - 1. http://a.org www.b.org/c_d \n \n\n javascript:x <b> & \u0000 é 🎉".split(" "),
      ),
    ),
    { maxLength: 40 },
  )
  .map((pieces) => pieces.join(""));

function only(text: string): Block {
  const [block] = parseMarkdown(text);
  if (block === undefined) throw new Error("There is no block.");
  return block;
}

function inlines(text: string): readonly Inline[] {
  const block = only(text);
  return block.type === "paragraph" ? block.children : [];
}

function words(nodes: readonly Inline[]): string {
  return nodes
    .map((node) => {
      if (node.type === "mention") return `@${node.name}`;
      return "children" in node ? words(node.children) : node.text;
    })
    .join("");
}

function wordsOf(blocks: readonly Block[]): string {
  return blocks
    .map((block) => {
      switch (block.type) {
        case "paragraph":
          return words(block.children);
        case "code":
          return `${block.language}\n${block.text}`;
        case "quote":
          return wordsOf(block.blocks);
        case "list":
          return block.items.map((item) => `${block.isNumbered ? item.number : ""}${words(item.children)}`).join("\n");
      }
    })
    .join("\n");
}

function hrefsOf(blocks: readonly Block[]): readonly string[] {
  return blocks.flatMap((block) => {
    switch (block.type) {
      case "paragraph":
        return hrefs(block.children);
      case "code":
        return [];
      case "quote":
        return hrefsOf(block.blocks);
      case "list":
        return block.items.flatMap((item) => hrefs(item.children));
    }
  });
}

function hrefs(nodes: readonly Inline[]): readonly string[] {
  return nodes.flatMap((node) => [
    ...(node.type === "link" ? [node.href] : []),
    ...("children" in node ? hrefs(node.children) : []),
  ]);
}

function letters(text: string): string {
  return [...text.matchAll(/[\p{L}\p{So}]+/gu)].join("");
}

describe("the marks in a line", () => {
  test.each([
    ["**loud**", "strong"],
    ["*soft*", "stressed"],
    ["_soft_", "stressed"],
    ["~~gone~~", "struck"],
    ["||secret||", "hidden"],
  ])("make %s %s", (text, type) => {
    expect(inlines(text)).toMatchObject([{ type }]);
  });

  test("go into one another", () => {
    expect(inlines("**a *b* c**")).toEqual([
      {
        type: "strong",
        children: [
          { type: "text", text: "a " },
          { type: "stressed", children: [{ type: "text", text: "b" }] },
          { type: "text", text: " c" },
        ],
      },
    ]);
  });

  test("are letters in sums, names of files, and where nothing closes them", () => {
    for (const text of ["2 * 3 * 4", "2*3*4", "snake_case_name", "**open", "a ** b ** c", "5 ||", "¯\\_(ツ)_/¯ ok", "a _ ~~"]) {
      expect(words(inlines(text))).toBe(text);
      expect(inlines(text).every((node) => node.type === "text")).toBe(true);
    }
  });

  test("are letters within code", () => {
    expect(inlines("`**a**` and ``b`c``")).toEqual([
      { type: "code", text: "**a**" },
      { type: "text", text: " and " },
      { type: "code", text: "b`c" },
    ]);
  });

  test("leave addresses whole", () => {
    expect(inlines("*see https://example.org/a_b_c*")).toEqual([
      {
        type: "stressed",
        children: [
          { type: "text", text: "see " },
          { type: "link", href: "https://example.org/a_b_c", children: [{ type: "text", text: "https://example.org/a_b_c" }] },
        ],
      },
    ]);
  });

  test("give a link its words", () => {
    expect(inlines("[the *cup*](https://example.org/Cup_(drink)) now")).toMatchObject([
      { type: "link", href: "https://example.org/Cup_(drink)", children: [{ text: "the " }, { type: "stressed" }] },
      { type: "text", text: " now" },
    ]);
    expect(inlines("[mail](mailto:ana@example.org)")).toMatchObject([{ type: "link", href: "mailto:ana@example.org" }]);
  });

  test("make no link of what is not to be followed", () => {
    for (const address of ["javascript:alert(1)", "data:text/html,x", "file:///etc", "JaVaScRiPt:x", "vbscript:x", "//x"]) {
      const text = `[press](${address})`;
      expect(words(inlines(text))).toBe(text);
    }
  });

  test("find who is mentioned, and not in addresses", () => {
    expect(inlines("@ana_b, ask @all")).toMatchObject([
      { type: "mention", name: "ana_b" },
      { text: ", ask " },
      { type: "mention", name: "all" },
    ]);
    expect(words(inlines("ana@example.org"))).toBe("ana@example.org");
    expect(inlines("ana@example.org")).toHaveLength(1);
  });
});

describe("the blocks of a message", () => {
  test("are code with its language", () => {
    expect(parseMarkdown("Look:\n\n```ts\nconst a = `b`;\n\n**no**\n```\n\nDone")).toEqual([
      { type: "paragraph", children: [{ type: "text", text: "Look:" }] },
      { type: "code", language: "ts", text: "const a = `b`;\n\n**no**" },
      { type: "paragraph", children: [{ type: "text", text: "Done" }] },
    ]);
  });

  test("are quotes, in which there is Markdown too", () => {
    expect(only("> one\n> - two")).toMatchObject({
      type: "quote",
      blocks: [{ type: "paragraph" }, { type: "list", items: [{ children: [{ text: "two" }] }] }],
    });
  });

  test("are lists, numbered as they were written", () => {
    expect(only("3. three\n4. four")).toMatchObject({ isNumbered: true, items: [{ number: 3 }, { number: 4 }] });
    expect(only("- a\n  - b")).toMatchObject({ isNumbered: false, items: [{ level: 0 }, { level: 1 }] });
  });

  test("keep the empty lines between words", () => {
    expect(wordsOf(parseMarkdown("a\n\n\nb"))).toBe("a\n\n\nb");
  });

  test("are words where a fence is not closed", () => {
    expect(wordsOf(parseMarkdown("```\nopen\n- a"))).toContain("```\nopen");
  });

  test("lose no letter of what was written, whatever it is", () => {
    fc.assert(
      fc.property(writing, (text) => {
        // The address of a link that has words of its own is the one thing that is not shown.
        fc.pre(!/\]\(/u.test(text));
        expect(letters(wordsOf(parseMarkdown(text)))).toBe(letters(text));
      }),
      { numRuns: 2000 },
    );
  });

  test("never fail, and lead nowhere but to pages and mailboxes", () => {
    fc.assert(
      fc.property(writing, (text) => {
        const odd = hrefsOf(parseMarkdown(text)).filter((href) => !/^(?:https?|mailto):/u.test(href));
        expect(odd).toEqual([]);
      }),
      { numRuns: 2000 },
    );
  });

  test.each(["*a ", "**a ", "`", "[a](", "> ", "_a ", "||a ", "@a ", "```\n", "[", "*_", "- ", "(www.a.org", ")"])(
    "take as long as their text is, and no more, in many signs of %j",
    (sign) => {
      const took = (signs: number) => {
        const text = `www.a.org${sign.repeat(Math.ceil(signs / sign.length))}`;
        const tries = Array.from({ length: 5 }, () => {
          const begun = performance.now();
          parseMarkdown(text);
          return performance.now() - begun;
        });
        return Math.min(...tries);
      };
      // Sixteen times as long where each sign looks at all the others; what takes a moment is noise.
      const quarter = Math.max(took(5_000), 4);
      expect(took(20_000) / quarter).toBeLessThan(11);
    },
  );
});
