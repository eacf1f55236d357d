/** A passkey as a proof, whose prompt a person may close: that is no failure to be alarmed about. */

import { useWords } from "../../bindings/language.tsx";
import { showToast } from "../../ui/toasts.ts";

export function useWithPasskey() {
  const words = useWords();
  return (prove: () => Promise<void>) => async () => {
    try {
      await prove();
    } catch (error) {
      if (!(error instanceof DOMException)) throw error;
      showToast(words.entrance.passkeyGivenUp);
    }
  };
}
