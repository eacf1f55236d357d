import { useState } from "react";
import { useStore } from "zustand";
import { useClient } from "../../bindings/client.tsx";
import { useWords } from "../../bindings/language.tsx";
import { showToast } from "../../ui/toasts.ts";
import { sentenceOf } from "../../words/refusals.ts";

/** Signing out, after a question where messages would be lost by it. */
export function useSignOut(onSignedOut: () => void) {
  const words = useWords();
  const client = useClient();
  const [isAsking, setIsAsking] = useState(false);
  const unsent = useStore(client.stores.outbox, ({ byConversation }) =>
    Object.values(byConversation).reduce((count, pending) => count + pending.length, 0),
  );

  const signOut = async () => {
    await client.signOut();
    onSignedOut();
  };
  return {
    start: () => {
      if (unsent > 0) setIsAsking(true);
      else signOut().catch((error: unknown) => showToast(sentenceOf(error, words)));
    },
    /** Null while nothing is to be asked. */
    question: isAsking ? { unsent, onAct: signOut, onClose: () => setIsAsking(false) } : null,
  };
}
