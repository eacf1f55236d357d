/** A passkey as a proof, whose prompt a person may close: that is no failure to be alarmed about. */

import { useWords } from "../../bindings/language.tsx";
import { showToast } from "../../ui/toasts.ts";
import type { Coming } from "./useComingIn.ts";

export function useWithPasskey(coming: Coming) {
  const words = useWords();
  return async (prove: () => Promise<void>) =>
    await coming.run(async () => {
      try {
        await prove();
      } catch (error) {
        if (!(error instanceof DOMException)) throw error;
        showToast(words.entrance.passkeyGivenUp);
      }
    });
}
