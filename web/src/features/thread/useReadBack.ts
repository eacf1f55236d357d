import { useEffect } from "react";
import { useClient } from "../../bindings/client.tsx";
import type { ThreadState } from "../../stores/state.ts";

const most_messages = 400;

/**
 * Reads back as far as the first unread message, so that the thread can open there.
 * True while it does; of a very long absence only the end is read.
 */
export function useReadBack(conversationId: string, thread: ThreadState | undefined): boolean {
  const client = useClient();
  const isNeeded = thread !== undefined && reachesNotBackToUnread(thread);
  const isIdle = thread?.status === "open" && thread.older.status === "more";

  useEffect(() => {
    if (isNeeded && isIdle) void client.loadOlder(conversationId);
  }, [client, conversationId, isNeeded, isIdle]);

  return isNeeded;
}

function reachesNotBackToUnread(thread: ThreadState): boolean {
  if (thread.status !== "open" || thread.unreadAfter === null) return false;
  const { messages, older, unreadAfter } = thread;
  const oldest = messages[0];
  if (oldest === undefined || messages.length >= most_messages) return false;
  return oldest.seq > unreadAfter + 1 && (older.status === "more" || older.status === "loading");
}
