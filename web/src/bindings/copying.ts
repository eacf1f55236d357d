/** Handing a text to other programs. */

import { showToast } from "../ui/toasts.ts";
import { useWords } from "./language.tsx";

/** Copies a text and says whether it worked. */
export function useCopying(told: string) {
  const words = useWords();
  return async (text: string) => {
    try {
      await navigator.clipboard.writeText(text);
      showToast(told);
    } catch {
      showToast(words.thread.copyFailed);
    }
  };
}
