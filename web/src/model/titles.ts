/** What a conversation or a person is called, and the coloured initials that stand for a missing picture. */

import type { OwnConversation } from "./conversation.ts";

const colourCount = 7;

/** Empty when the server gave no name at all. */
export function titleOf(conversation: Pick<OwnConversation, "alias" | "name" | "peer">): string {
  return conversation.peer?.display_name ?? conversation.alias ?? conversation.name ?? "";
}

/** The first letters of the first and the last word, upper case; of one word, its first letter. */
export function initialsOf(name: string): string {
  const words = name.split(/[\s_.-]+/u).filter((word) => /[\p{L}\p{N}\p{Extended_Pictographic}]/u.test(word));
  const ends = words.length > 1 ? [words[0], words.at(-1)] : words;
  return ends.map((word) => firstGrapheme(word ?? "").toLocaleUpperCase()).join("");
}

/** A colour number, 0 to 6, that stays the same for an id. */
export function colourOf(id: string): number {
  let hash = 0;
  for (const character of id) hash = (hash * 31 + (character.codePointAt(0) ?? 0)) >>> 0;
  return hash % colourCount;
}

function firstGrapheme(text: string): string {
  for (const { segment } of new Intl.Segmenter(undefined, { granularity: "grapheme" }).segment(text)) return segment;
  return "";
}
