import { useWords } from "../../../bindings/language.tsx";
import { showToast } from "../../../ui/toasts.ts";

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
