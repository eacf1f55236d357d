import { use } from "react";
import { callWordsFor } from "../words/call_words.ts";
import type { CallWords } from "../words/english_call.ts";
import { useLanguage } from "./language.tsx";

/** The texts of calls; what reads them waits until they are there. */
export function useCallWords(): CallWords {
  return use(callWordsFor(useLanguage().locale));
}
