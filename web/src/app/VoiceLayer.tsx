import { Suspense, useEffect } from "react";
import { useStore } from "zustand";
import { useClient } from "../bindings/client.tsx";
import { useWords } from "../bindings/language.tsx";
import { useCall } from "../bindings/voice.ts";
import type { Client } from "../client/client.ts";
import type { CallEnding } from "../model/voice.ts";
import { showToast } from "../ui/toasts.ts";
import type { Words } from "../words/english.ts";
import { nameOf } from "../words/names.ts";
import { CallBar, Rings } from "./lazy.ts";
import { routes } from "./routes.ts";

type VoiceLayerProps = {
  /** The conversation whose thread is in view. */
  shownId: string | null;
  onOpen: (conversationId: string) => void;
};

/** What there is of calls outside their conversations: the bar of the one that one is in, those that ring, and how one ended. */
export function VoiceLayer({ shownId, onOpen }: VoiceLayerProps) {
  const client = useClient();
  const call = useCall();
  const rings = useStore(client.stores.voice, (state) => state.rings);
  useEnding();
  return (
    <Suspense>
      {call !== null && call.conversationId !== shownId && (
        <CallBar call={call} onOpen={() => onOpen(call.conversationId)} />
      )}
      {rings.length > 0 && <Rings rings={rings} onOpen={onOpen} urlOf={routes.chat} />}
    </Suspense>
  );
}

/** Says how a call ended that one did not leave. */
function useEnding(): void {
  const words = useWords();
  const client = useClient();
  const ending = useStore(client.stores.voice, (state) => state.ending);
  useEffect(() => {
    if (ending === null) return;
    showToast(endingSentence(ending, client, words));
    client.voice.forgetEnding();
  }, [client, ending, words]);
}

function endingSentence({ code, conversationId, limit }: CallEnding, { stores }: Client, words: Words): string {
  const { ended } = words.voice;
  switch (code) {
    case "full":
      return ended.full(limit);
    case "declined":
      return ended.declined(nameOf(stores.conversations.getState().byId[conversationId]?.peer ?? undefined, words));
    case "removed":
    case "taken_over":
    case "away":
    case "insecure":
    case "blocked":
    case "encryption_locked":
      return ended[code];
    default:
      return words.refusals[code] ?? ended.other;
  }
}
