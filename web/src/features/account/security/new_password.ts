/** What is wrong with a new password, before it is sent. */

import type { Words } from "../../../words/english.ts";

const shortest_chars = 8;

export type NewPassword = { readonly fresh: string; readonly repeated: string };

/** Empty where nothing is wrong. */
export function newPasswordFaults(
  { fresh, repeated }: NewPassword,
  texts: Words["settings"]["pass"],
): Partial<Record<keyof NewPassword, string>> {
  return {
    ...([...fresh].length < shortest_chars && { fresh: texts.freshShort }),
    ...(repeated !== fresh && { repeated: texts.differ }),
  };
}
