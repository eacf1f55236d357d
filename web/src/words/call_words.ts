/** Which of the catalogues of calls speaks to this person. */

import type { CallWords } from "./english_call.ts";

const known = new Map<string, Promise<CallWords>>();

/** The same promise each time, unless the texts could not be loaded. */
export function callWordsFor(locale: string): Promise<CallWords> {
  const words = known.get(locale) ?? load(locale);
  known.set(locale, words);
  return words;
}

async function load(locale: string): Promise<CallWords> {
  try {
    if (locale.split("-")[0] === "es") return (await import("./spanish_call.ts")).spanishCall(locale);
    return (await import("./english_call.ts")).englishCall(locale);
  } catch (error) {
    known.delete(locale);
    throw error;
  }
}
