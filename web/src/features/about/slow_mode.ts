/** How long plain members wait between two messages. */

import type { Words } from "../../words/english.ts";

export const slowModes_s: readonly number[] = [0, 10, 30, 60, 300, 3600];

/** "30 s", "5 min"; for none, that it is off. */
export function slowModeText(seconds: number, words: Words): string {
  const { edit } = words.gathering;
  if (seconds === 0) return edit.off;
  if (seconds < 60 || seconds % 60 > 0) return edit.seconds(seconds);
  return seconds % 3600 > 0 ? edit.minutes(seconds / 60) : edit.hours(seconds / 3600);
}
