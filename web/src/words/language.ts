/** Which of the catalogues speaks to this person. */

import { english, type Words } from "./english.ts";

export interface Language {
  readonly words: Words;
  /** The person's own locale, for times and numbers: "en-GB". */
  readonly locale: string;
}

/** The first of the wanted languages ("es-MX", "en") that there is a catalogue for; English where none is. */
export async function languageFor(wanted: readonly string[]): Promise<Language> {
  for (const locale of wanted) {
    const tongue = locale.split("-")[0];
    if (tongue === "en") return { words: english(locale), locale };
    if (tongue === "es") {
      const { spanish } = await import("./spanish.ts");
      return { words: spanish(locale), locale };
    }
  }
  return { words: english("en"), locale: "en" };
}
