/** A message as its paragraphs, blocks of code, quotes and lists. Pure, and the same for every reader. */

import { type Inline, parseInline } from "./inline.ts";

export type Block =
  /** Its line breaks are in its texts. */
  | { readonly type: "paragraph"; readonly children: readonly Inline[] }
  | { readonly type: "code"; readonly language: string; readonly text: string }
  | { readonly type: "quote"; readonly blocks: readonly Block[] }
  | { readonly type: "list"; readonly isNumbered: boolean; readonly items: readonly Item[] };

interface Item {
  /** How far it is set in: 0 to 3. */
  readonly level: number;
  /** As it was written; 0 where the list has bullets. */
  readonly number: number;
  readonly children: readonly Inline[];
}

const anyBlock = /^(?:```|>|\s*(?:[-*]|\d{1,3}[.)])\s)/mu;
const fence = /^```([\w+#.-]{0,20})\s*$/u;
const listItem = /^(\s{0,12})(?:[-*]|(\d{1,3})[.)])\s+(\S.*)$/u;
const most_deep = 4;

export function parseMarkdown(text: string): readonly Block[] {
  return anyBlock.test(text) ? blocksOf(text.split("\n"), 0) : paragraph([text]);
}

function blocksOf(lines: readonly string[], depth: number): readonly Block[] {
  const blocks: Block[] = [];
  let loose: string[] = [];
  let isFenceOpen = true;
  const settle = (): void => {
    blocks.push(...paragraph(trimmed(loose, { start: blocks.length > 0, end: true })));
    loose = [];
  };
  for (let at = 0; at < lines.length; ) {
    const taken = blockAt(lines, at, { depth, isFenceOpen });
    if (taken === "unclosed") isFenceOpen = false;
    else if (taken !== null) {
      settle();
      blocks.push(taken.block);
      at += taken.lines;
    } else {
      loose.push(lines[at] ?? "");
      at += 1;
    }
  }
  blocks.push(...paragraph(trimmed(loose, { start: blocks.length > 0, end: false })));
  return blocks;
}

type Taken = { readonly block: Block; readonly lines: number };

function blockAt(
  lines: readonly string[],
  at: number,
  { depth, isFenceOpen }: { readonly depth: number; readonly isFenceOpen: boolean },
): Taken | "unclosed" | null {
  const line = lines[at] ?? "";
  const opening = isFenceOpen ? fence.exec(line) : null;
  if (opening !== null) return codeAt(lines, at, opening[1] ?? "");
  if (line.startsWith(">") && depth < most_deep) {
    const quoted = runOf(lines, at, (each) => each.startsWith(">"));
    const inner = quoted.map((each) => each.replace(/^>\s?/u, ""));
    return { block: { type: "quote", blocks: blocksOf(inner, depth + 1) }, lines: quoted.length };
  }
  const first = listItem.exec(line);
  if (first === null) return null;
  const isNumbered = first[2] !== undefined;
  const rows = runOf(lines, at, (each) => {
    const item = listItem.exec(each);
    return item !== null && (item[2] !== undefined) === isNumbered;
  });
  return { block: { type: "list", isNumbered, items: rows.map(itemOf) }, lines: rows.length };
}

/** `unclosed`: no line closes it, and so none closes any later one. */
function codeAt(lines: readonly string[], at: number, language: string): Taken | "unclosed" {
  const end = lines.findIndex((line, index) => index > at && line.trimEnd().endsWith("```"));
  if (end < 0) return "unclosed";
  const last = (lines[end] ?? "").trimEnd().slice(0, -3);
  const text = [...lines.slice(at + 1, end), ...(last === "" ? [] : [last])].join("\n");
  return { block: { type: "code", language, text }, lines: end - at + 1 };
}

function runOf(lines: readonly string[], at: number, belongs: (line: string) => boolean): readonly string[] {
  const end = lines.findIndex((line, index) => index > at && !belongs(line));
  return lines.slice(at, end < 0 ? lines.length : end);
}

function itemOf(line: string): Item {
  const [, indent = "", number = "0", words = ""] = listItem.exec(line) ?? [];
  return { level: Math.min(3, indent.length >> 1), number: Number(number), children: parseInline(words) };
}

/** Empty lines beside a block are room enough already. */
function trimmed(lines: readonly string[], side: { readonly start: boolean; readonly end: boolean }): readonly string[] {
  const first = side.start ? lines.findIndex(isFilled) : 0;
  const last = side.end ? lines.findLastIndex(isFilled) : lines.length - 1;
  return first < 0 ? [] : lines.slice(first, last + 1);
}

function isFilled(line: string): boolean {
  return line.trim() !== "";
}

function paragraph(lines: readonly string[]): readonly Block[] {
  const children = parseInline(lines.join("\n"));
  return children.length === 0 ? [] : [{ type: "paragraph", children }];
}
