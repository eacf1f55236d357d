import { useState } from "react";
import { useClient } from "../../bindings/client.tsx";
import { useWords } from "../../bindings/language.tsx";
import { showToast } from "../../ui/toasts.ts";

/** A picture that is chosen before there is anything to show with it, and how to send it then. */
export function usePictureLater() {
  const client = useClient();
  const words = useWords();
  const [picture, setPicture] = useState<Blob | null>(null);
  const sendTo = async (conversationId: string) => {
    if (picture === null) return;
    // What was made stays, whatever becomes of its picture.
    await client.moderation
      .changePicture(conversationId, picture, () => undefined)
      .catch(() => showToast(words.gathering.picture.notTaken));
  };
  return { picture, setPicture, sendTo };
}
