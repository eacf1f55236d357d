/** Which emoji somebody used last in this browser, and in which skin tone. */

import type { Tone } from "./emoji_data.ts";

const recentKey = "tertulia.emoji.recent";
const toneKey = "tertulia.emoji.tone";
const kept = 24;
const atFirst = ["👍", "❤️", "😂", "🔥", "🎉", "😮", "😢", "🙏"];

export function recentEmoji(): readonly string[] {
  try {
    const read: unknown = JSON.parse(localStorage.getItem(recentKey) ?? "null");
    return Array.isArray(read) ? read.filter((each) => typeof each === "string") : atFirst;
  } catch {
    return atFirst;
  }
}

export function noteEmoji(emoji: string): void {
  const recent = [emoji, ...recentEmoji().filter((each) => each !== emoji)].slice(0, kept);
  keep(recentKey, JSON.stringify(recent));
}

export function chosenTone(): Tone {
  const tone = Number(localStorage.getItem(toneKey));
  return tone >= 1 && tone <= 5 ? (Math.floor(tone) as Tone) : 0;
}

export function chooseTone(tone: Tone): void {
  keep(toneKey, String(tone));
}

// A full disk only costs the memory.
function keep(key: string, value: string): void {
  try {
    localStorage.setItem(key, value);
  } catch {
    return;
  }
}
