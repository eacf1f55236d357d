/** What a search finds, as the server tells of it. */

import type { Conversation } from "./conversation.ts";
import type { Message } from "./message.ts";
import { withoutMarks } from "./previews.ts";

/** A piece of a found text; `hit` pieces are what was looked for. */
export interface Piece {
  readonly text: string;
  readonly hit: boolean;
}

export interface FoundMessage {
  readonly message: Message;
  readonly conversation: Conversation;
  readonly snippet: readonly Piece[];
}

// Two characters that mean nothing to anybody (Unicode's private use) and stand around a hit while marks are taken out.
const open = "\uE000";
const close = "\uE001";

/** The pieces without the marks of markdown, and with what its author covered still covered, hits in it included. */
export function plainPieces(pieces: readonly Piece[]): readonly Piece[] {
  const marked = pieces.map(({ text, hit }) => (hit ? `${open}${text}${close}` : text)).join("");
  return withoutMarks(marked)
    .split(/(\uE000[^\uE001]*\uE001)/u)
    .filter((text) => text !== "")
    .map((text) => (text.startsWith(open) ? { text: text.slice(1, -1), hit: true } : { text, hit: false }));
}
