/** Marks of Markdown around what is selected. */

export interface Selection {
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

/** What replaces `from` to `to`, and what is selected then. */
export interface Change {
  readonly from: number;
  readonly to: number;
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

const marks: Readonly<Record<string, string>> = { b: "**", i: "_", m: "`" };

/** Which mark a key with Ctrl (or ⌘) stands for; code needs Shift too. */
export function markFor(key: string, hasShift: boolean): string | null {
  const name = key.toLowerCase();
  if ((name === "m") !== hasShift) return null;
  return marks[name] ?? null;
}

/** Puts the mark around the selection, or takes it away where it stands there already. */
export function toggleMark({ text, start, end }: Selection, mark: string): Change {
  const size = mark.length;
  const inside = text.slice(start, end);
  const isAround = text.slice(start - size, start) === mark && text.slice(end, end + size) === mark;
  if (isAround && start >= size) {
    return { from: start - size, to: end + size, text: inside, start: start - size, end: end - size };
  }
  const isWithin = inside.length >= 2 * size && inside.startsWith(mark) && inside.endsWith(mark);
  if (isWithin) {
    const bare = inside.slice(size, -size);
    return { from: start, to: end, text: bare, start, end: start + bare.length };
  }
  if (mark === "`" && inside.includes("\n")) {
    return { from: start, to: end, text: `\`\`\`\n${inside}\n\`\`\``, start: start + 4, end: start + 4 + inside.length };
  }
  return { from: start, to: end, text: mark + inside + mark, start: start + size, end: end + size };
}
