/** A message in one line of plain text, for lists, quotes and notifications. */

import type { Message } from "./message.ts";

const maxPreview_chars = 200;

/** Empty for no message and for a deleted one: how to word that is up to the view. */
export function previewOf(message: Pick<Message, "content"> | null): string {
  return message === null ? "" : plainLine(message.content);
}

/** Markdown without its marks, in one line, at most 200 characters. */
export function plainLine(markdown: string): string {
  const plain = withoutMarks(markdown.slice(0, maxPreview_chars * 4));
  return plain.length > maxPreview_chars ? `${plain.slice(0, maxPreview_chars - 1)}…` : plain;
}

/** Markdown without its marks, in one line. */
export function withoutMarks(markdown: string): string {
  return markdown
    .replaceAll(/^\s*(?:>+|#{1,6}|[-*+]|\d+[.)])\s+/gmu, "")
    .replaceAll(/^\s*```[^\n]*$/gmu, "")
    .replaceAll(/!?\[([^\]]*)\]\([^)]*\)/gu, "$1")
    // What its author covered stays covered.
    .replaceAll(/\|\|(?=\S)(.+?)(?<=\S)\|\|/gsu, "▒▒▒▒")
    .replaceAll(/(\*\*|__|~~|`+)(.+?)\1/gsu, "$2")
    .replaceAll(/(^|\W)([*_])(\S(?:.*?\S)?)\2(?!\w)/gsu, "$1$3")
    .replaceAll(/\s+/gu, " ")
    .trim();
}
