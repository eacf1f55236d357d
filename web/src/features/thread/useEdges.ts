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
    if (hasOlder && handle.scrollOffset < handle.viewportSize) void client.loadOlder(conversationId);
    if (hasNewer && left_px(handle) < handle.viewportSize) void client.loadNewer(conversationId);
  }, [client, conversationId, listRef, hasOlder, hasNewer]);

  useLayoutEffect(() => {
    if (!hasOlder && !hasNewer) return undefined;
    const frame = requestAnimationFrame(loadWhenNear);
    return () => cancelAnimationFrame(frame);
  }, [hasOlder, hasNewer, loadWhenNear]);

  return loadWhenNear;
}

/** How much of a list is below the view. */
export function left_px(handle: VirtualizerHandle): number {
  return handle.scrollSize - handle.viewportSize - handle.scrollOffset;
}
