import { useStore } from "zustand";
import { useClient, useMe } from "../../bindings/client.tsx";
import { useSecondsUntil } from "../../bindings/countdown.ts";
import type { OwnConversation } from "../../model/conversation.ts";

/** How many seconds one has to wait before the next message; 0 where one need not. */
export function useSlowMode(conversation: OwnConversation | undefined): number {
  const client = useClient();
  const me = useMe();
  const id = conversation?.id ?? "";
  const isSlow = conversation !== undefined && conversation.slow_mode_s > 0 && conversation.role === "member";
  const lastSent_ms = useStore(client.stores.threads, ({ byConversation }) => {
    const thread = byConversation[id];
    if (!isSlow || thread?.status !== "open") return 0;
    const last = thread.messages.findLast((message) => message.sender === me.id);
    return last ? Date.parse(last.inserted_at) : 0;
  });
  return useSecondsUntil(isSlow ? lastSent_ms + conversation.slow_mode_s * 1000 : 0);
}
