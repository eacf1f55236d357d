/** What views of voice channels read. */

import { useEffect, useState } from "react";
import { useStore } from "zustand";
import type { Call, Participant } from "../model/voice.ts";
import { useClient } from "./client.tsx";

export function useCall(): Call | null {
  return useStore(useClient().stores.voice, ({ call }) => call);
}

/** How many are in the voice channel of a conversation. */
export function useVoiceCount(conversationId: string): number {
  return useStore(useClient().stores.voice, ({ byConversation }) => byConversation[conversationId]?.length ?? 0);
}

/** The reader's own part in the call, once they are in. */
export function ownPart({ participants, session }: Call): Participant | undefined {
  return participants.find((each) => each.session === session);
}

const second_ms = 1_000;

/** How long the call has gone on, drawn anew every second. */
export function useElapsed_s(since_ms: number): number {
  const [now_ms, setNow_ms] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow_ms(Date.now()), second_ms);
    return () => clearInterval(timer);
  }, []);
  return Math.max(0, Math.floor((now_ms - since_ms) / second_ms));
}
