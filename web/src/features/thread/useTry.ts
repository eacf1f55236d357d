import { useCallback } from "react";
import { useWords } from "../../bindings/language.tsx";
import { showToast } from "../../ui/toasts.ts";
import { sentenceOf } from "../../words/refusals.ts";

/** Does something that shows by itself when it is done; why it was not is said in a sentence. */
export function useTry() {
  const words = useWords();
  return useCallback(
    async (work: Promise<unknown>) => {
      try {
        await work;
      } catch (error) {
        showToast(sentenceOf(error, words));
      }
    },
    [words],
  );
}
