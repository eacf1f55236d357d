/**
 * The marks within a line of Markdown: `code`, **strong**, *stressed*, _stressed_, ~~struck~~, ||hidden||, links, and
 * @mentions. What is no mark stays as it stands, so that no word of anybody's gets lost.
 */

import { hrefOf, splitLinks } from "./links.ts";

export type Inline =
  | { readonly type: "text"; readonly text: string }
  | { readonly type: "code"; readonly text: string }
  | { readonly type: "link"; readonly href: string; readonly children: readonly Inline[] }
  /** `name` is as it was written, without the @. Whether anybody goes by it is for the view to find out. */
  | { readonly type: "mention"; readonly name: string }
  | { readonly type: Style; readonly children: readonly Inline[] };

type Style = "strong" | "stressed" | "struck" | "hidden";

/** Deeper than this, marks are letters like others: nobody reads so deep, and somebody may try to. */
const most_deep = 6;

const anyMark = /[*_~|`[@]|https?:|www\./iu;
const marks = /\*\*|~~|\|\||\*|_/gu;
const styles: Readonly<Record<string, Style>> = {
  "**": "strong",
  "~~": "struck",
  "||": "hidden",
  "*": "stressed",
  _: "stressed",
};
/** What marks within it are not marks: code, links, mentions. The mention is the server's own pattern. */
const solidSigns = /(`+)|\[|(?<![\w@/.+-])@([A-Za-z0-9][A-Za-z0-9_.]{1,31})(?![\w@])/gu;

export function parseInline(text: string): readonly Inline[] {
  if (!anyMark.test(text)) return plain(text);
  return new Scan(text, solidsOf(text)).nodes(0, text.length, 0);
}

interface Solid {
  readonly from: number;
  readonly to: number;
  readonly node: (depth: number) => Inline;
}

function solidsOf(text: string): readonly Solid[] {
  const found: Solid[] = [];
  const links = splitLinks(text).filter((piece) => piece.type === "link");
  let done = 0;
  let link = links.shift();
  const takeLinks = (until: number): void => {
    for (; link !== undefined && link.at < until; link = links.shift()) {
      const { at, href, text: words } = link;
      if (at < done) continue;
      found.push({ from: at, to: at + words.length, node: () => ({ type: "link", href, children: plain(words) }) });
      done = at + words.length;
    }
  };
  const unclosed = new Set<string>();
  for (const match of text.matchAll(solidSigns)) {
    takeLinks(match.index);
    if (match.index < done) continue;
    const solid = match[1] === undefined ? linkOrMention(text, match) : code(text, match.index, match[1], unclosed);
    if (solid === null) continue;
    found.push(solid);
    done = solid.to;
  }
  takeLinks(text.length);
  return found;
}

function code(text: string, from: number, fence: string, unclosed: Set<string>): Solid | null {
  // Once nothing closes a fence of this length, nothing does further on: looked for again and again it would take long.
  if (unclosed.has(fence)) return null;
  const start = from + fence.length;
  for (let at = text.indexOf(fence, start); at >= 0; at = text.indexOf(fence, at)) {
    let end = at + fence.length;
    while (text[end] === "`") end += 1;
    if (end - at === fence.length) {
      const words = text.slice(start, at);
      return words.trim() === "" ? null : { from, to: end, node: () => ({ type: "code", text: words }) };
    }
    at = end;
  }
  unclosed.add(fence);
  return null;
}

function linkOrMention(text: string, match: RegExpMatchArray & { index: number }): Solid | null {
  const name = match[2];
  const from = match.index;
  if (name !== undefined) {
    return { from, to: from + match[0].length, node: () => ({ type: "mention", name }) };
  }
  const written = /^\[([^[\]\n]{1,300})\]\(([^\s<>]{1,2000})/u.exec(text.slice(from, from + 2305));
  const [, label, rest] = written ?? [];
  if (label === undefined || rest === undefined) return null;
  const address = upToBracket(rest);
  const href = address === null ? null : hrefOf(address);
  if (address === null || href === null) return null;
  return {
    from,
    to: from + label.length + address.length + 4,
    node: (depth) => ({ type: "link", href, children: labelNodes(label, depth) }),
  };
}

/** The address before the bracket that closes it; brackets of its own come in pairs. */
function upToBracket(text: string): string | null {
  let open = 0;
  for (let at = 0; at < text.length; at += 1) {
    if (text[at] === "(") open += 1;
    if (text[at] === ")" && open === 0) return text.slice(0, at);
    if (text[at] === ")") open -= 1;
  }
  return null;
}

// A link has no other link within it.
function labelNodes(label: string, depth: number): readonly Inline[] {
  return new Scan(label, []).nodes(0, label.length, depth + 1);
}

class Scan {
  private readonly text: string;
  private readonly solids: readonly Solid[];

  constructor(text: string, solids: readonly Solid[]) {
    this.text = text;
    this.solids = solids;
  }

  nodes(from: number, to: number, depth: number): readonly Inline[] {
    const found: Inline[] = [];
    const missing = new Set<string>();
    let done = from;
    let solid = this.firstSolid(from);
    let mark = this.markAt(from, to);
    while (done < to) {
      const next = this.solids[solid];
      const isSolid = next !== undefined && next.to <= to && (mark === null || next.from <= mark.at);
      if (isSolid) {
        found.push(...plain(this.text.slice(done, next.from)), next.node(depth));
        done = next.to;
        solid += 1;
        if (mark !== null && mark.at < done) mark = this.markAt(done, to);
        continue;
      }
      if (mark === null) break;
      const end = depth < most_deep && !missing.has(mark.sign) ? this.endOf(mark, to) : null;
      if (end === null) {
        if (this.opens(mark)) missing.add(mark.sign);
        mark = this.markAt(mark.at + mark.sign.length, to);
        continue;
      }
      const start = mark.at + mark.sign.length;
      const type = styles[mark.sign] ?? "stressed";
      found.push(...plain(this.text.slice(done, mark.at)), { type, children: this.nodes(start, end, depth + 1) });
      done = end + mark.sign.length;
      solid = this.firstSolid(done);
      mark = this.markAt(done, to);
    }
    found.push(...plain(this.text.slice(done, to)));
    return found;
  }

  private markAt(from: number, to: number): Mark | null {
    marks.lastIndex = from;
    const match = marks.exec(this.text);
    return match === null || match.index + match[0].length > to ? null : { at: match.index, sign: match[0] };
  }

  /** Where the mark that closes this one begins; null where nothing does, or it opens nothing itself. */
  private endOf(mark: Mark, to: number): number | null {
    if (!this.opens(mark)) return null;
    const { sign } = mark;
    const start = mark.at + sign.length;
    let solid = this.firstSolid(start);
    for (let at = this.text.indexOf(sign, start + 1); at >= 0 && at + sign.length <= to; at = this.text.indexOf(sign, at + 1)) {
      while ((this.solids[solid]?.to ?? Number.POSITIVE_INFINITY) <= at) solid += 1;
      const within = this.solids[solid];
      if (within !== undefined && within.from <= at) continue;
      if (this.closes(sign, at)) return at;
    }
    return null;
  }

  private opens({ at, sign }: Mark): boolean {
    if (!/\S/u.test(this.text[at + sign.length] ?? "")) return false;
    return sign.length > 1 || !/[\p{L}\p{N}*_\\]/u.test(this.text[at - 1] ?? "");
  }

  private closes(sign: string, at: number): boolean {
    if (!/\S/u.test(this.text[at - 1] ?? "")) return false;
    const after = this.text[at + sign.length] ?? "";
    if (sign.length > 1) return true;
    return !/[\p{L}\p{N}*_]/u.test(after) && this.text[at - 1] !== sign;
  }

  private firstSolid(from: number): number {
    let low = 0;
    let high = this.solids.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.solids[middle]?.from ?? 0) < from) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

interface Mark {
  readonly at: number;
  readonly sign: string;
}

function plain(text: string): readonly Inline[] {
  return text === "" ? [] : [{ type: "text", text }];
}
