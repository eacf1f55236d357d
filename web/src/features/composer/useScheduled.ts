import { useEffect } from "react";
import { useStore } from "zustand";
import { useClient } from "../../bindings/client.tsx";
import type { Scheduled } from "../../model/scheduled.ts";

const none: readonly Scheduled[] = [];

/** What the reader has waiting here; read when the chat is opened, and kept current from then on. */
export function useScheduled(conversationId: string): readonly Scheduled[] {
  const client = useClient();
  useEffect(() => {
    // Unread, none is shown; the next opening tries again.
    void client.schedule.load(conversationId).catch(() => undefined);
  }, [client, conversationId]);
  return useStore(client.stores.schedules, (state) => state.byConversation[conversationId]) ?? none;
}
