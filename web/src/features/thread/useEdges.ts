import { useCallback, useLayoutEffect, type RefObject } from "react";
import type { VirtualizerHandle } from "virtua";
import { useClient } from "../../bindings/client.tsx";
import type { OpenThread } from "../../stores/state.ts";

/** Has the pages before and after what is loaded read when their edge comes near; to be called when the list is scrolled. */
export function useEdges(
  listRef: RefObject<VirtualizerHandle | null>,
  conversationId: string,
  thread: OpenThread,
): () => void {
  const client = useClient();
  const hasOlder = thread.older.status === "more";
  const hasNewer = thread.newer.status === "more";

  const loadWhenNear = useCallback(() => {
    const handle = listRef.current;
    if (!handle) return;
    const left_px = handle.scrollSize - handle.viewportSize - handle.scrollOffset;
    if (hasOlder && handle.scrollOffset < handle.viewportSize) void client.loadOlder(conversationId);
    if (hasNewer && left_px < handle.viewportSize) void client.loadNewer(conversationId);
  }, [client, conversationId, listRef, hasOlder, hasNewer]);

  useLayoutEffect(() => {
    if (!hasOlder && !hasNewer) return undefined;
    const frame = requestAnimationFrame(loadWhenNear);
    return () => cancelAnimationFrame(frame);
  }, [hasOlder, hasNewer, loadWhenNear]);

  return loadWhenNear;
}
