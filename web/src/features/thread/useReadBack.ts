import { useCallback, useEffect, useState } from "react";
import { useClient } from "../../bindings/client.tsx";
import type { ThreadState } from "../../stores/state.ts";

const most_messages = 400;

/**
 * Reads back as far as the first unread message, so that the thread can open there; of a very long absence only the
 * end is read. Once a person has chosen a place in the thread themselves, it is not taken away from them.
 */
export function useReadBack(conversationId: string, thread: ThreadState | undefined) {
  const client = useClient();
  const [isChosen, setIsChosen] = useState(false);
  const isNeeded = !isChosen && thread !== undefined && reachesNotBackToUnread(thread);
  const isIdle = thread?.status === "open" && thread.older.status === "more";

  useEffect(() => {
    if (isNeeded && isIdle) void client.loadOlder(conversationId);
  }, [client, conversationId, isNeeded, isIdle]);

  const onChosen = useCallback(() => setIsChosen(true), []);
  return { isReadingBack: isNeeded, onChosen };
}

function reachesNotBackToUnread(thread: ThreadState): boolean {
  if (thread.status !== "open" || thread.unreadAfter === null) return false;
  const { messages, older, unreadAfter } = thread;
  const oldest = messages[0];
  if (oldest === undefined || messages.length >= most_messages) return false;
  return oldest.seq > unreadAfter + 1 && (older.status === "more" || older.status === "loading");
}
