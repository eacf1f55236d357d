import { useCallback } from "react";
import { showToast } from "../../ui/toasts.ts";

/** Puts a text on the clipboard and says how that went. */
export function useCopy() {
  return useCallback(async (text: string, said: { done: string; failed: string }) => {
    try {
      await navigator.clipboard.writeText(text);
      showToast(said.done);
    } catch {
      showToast(said.failed);
    }
  }, []);
}
