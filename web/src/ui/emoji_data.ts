/** All emoji with their names and keywords in the reader's language; loaded when they are first asked for. */

import type { CompactEmoji } from "emojibase";

export interface Emoji {
  readonly plain: string;
  readonly name: string;
  /** The name and the keywords, to be searched in. */
  readonly sought: string;
  readonly category: Category;
  /** The same in the five skin tones, from light to dark; empty where it has none. */
  readonly tones: readonly string[];
}

export const categories = ["smileys", "people", "nature", "food", "travel", "activities", "objects", "symbols", "flags"] as const;
export type Category = (typeof categories)[number];

/** 0: the yellow that no person has; 1 to 5: from light to dark. */
export type Tone = 0 | 1 | 2 | 3 | 4 | 5;

/** Where the groups of the data stand; the third holds hair and skin, which are no emoji by themselves. */
const groups: readonly (Category | null)[] = ["smileys", "people", null, "nature", "food", "travel", "activities", "objects", "symbols", "flags"];

const loaded = new Map<string, Promise<readonly Emoji[]>>();

export function emojiIn(locale: string): Promise<readonly Emoji[]> {
  const tongue = locale.startsWith("es") ? "es" : "en";
  let emoji = loaded.get(tongue);
  if (emoji === undefined) {
    emoji = read(tongue);
    loaded.set(tongue, emoji);
    // Tried anew the next time.
    emoji.catch(() => loaded.delete(tongue));
  }
  return emoji;
}

/** Those that have every word of the text, the ones whose name begins with it first. */
export function emojiFor(all: readonly Emoji[], text: string): readonly Emoji[] {
  const parts = folded(text).split(/[\s_]+/u).filter(Boolean);
  const whole = parts.join(" ");
  const found = all.filter(({ sought }) => parts.every((part) => sought.includes(part)));
  const rank = ({ sought }: Emoji) => (sought.startsWith(whole) ? 0 : 1);
  return found.toSorted((one, other) => rank(one) - rank(other));
}

export function inTone(emoji: Emoji, tone: Tone): string {
  return (tone > 0 ? emoji.tones[tone - 1] : undefined) ?? emoji.plain;
}

async function read(tongue: "en" | "es"): Promise<readonly Emoji[]> {
  const { default: data } = await (tongue === "es"
    ? import("emojibase-data/es/compact.json")
    : import("emojibase-data/en/compact.json"));
  return data
    .toSorted((one, other) => (one.order ?? 0) - (other.order ?? 0))
    .flatMap((emoji) => {
      const category = emoji.group === undefined ? null : groups[emoji.group];
      return category ? [emojiOf(emoji, category)] : [];
    });
}

function emojiOf({ unicode, label, tags, skins }: CompactEmoji, category: Category): Emoji {
  return {
    plain: qualified(unicode),
    name: label,
    sought: folded([label, ...(tags ?? [])].join(" ")),
    category,
    tones: (skins ?? []).slice(0, 5).map((skin) => qualified(skin.unicode)),
  };
}

// What is a picture by itself is not asked to be one: a server that knows the emoji knows it so.
function qualified(emoji: string): string {
  return emoji.replaceAll(/(\p{Emoji_Presentation})\uFE0F/gu, "$1");
}

function folded(text: string): string {
  return text.toLowerCase().normalize("NFD").replaceAll(/\p{M}/gu, "");
}
