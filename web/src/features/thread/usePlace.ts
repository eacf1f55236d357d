import { useCallback, useEffect, useLayoutEffect, useRef, useState, type RefObject } from "react";
import type { VirtualizerHandle } from "virtua";
import type { Row } from "../../model/rows.ts";
import { newestSeqUpTo } from "./arrivals.ts";

const nearEnd_px = 4;
const farFromEnd_px = 240;
const lineFromTop_px = 48;
/** Farther than this the way is jumped: nobody can read what flies past. */
const gliding_viewports = 3;

type PlaceOptions = {
  listRef: RefObject<VirtualizerHandle | null>;
  rows: readonly Row[];
  /** The message of this seq is on the screen, and with it all before it. */
  onSeen: (seq: number) => void;
};

/**
 * Where in the thread one is: it opens at the unread line or at the end, the end is held while new messages come,
 * and what is seen is told.
 */
export function usePlace({ listRef, rows, onSeen }: PlaceOptions) {
  const newest = rows.at(-1);
  const newestKey = newest?.key;
  const isOwnNews = newest?.type === "pending";
  const hasLine = rows.some((row) => row.type === "unread");

  const [isFar, setIsFar] = useState(false);
  const atEnd = useRef(true);
  const isPlaced = useRef(false);
  const isMoved = useRef(false);
  const followed = useRef(rows);
  const latest = useRef({ rows, onSeen });
  useLayoutEffect(() => {
    latest.current = { rows, onSeen };
  });

  const toEnd = useCallback(() => {
    // The foot stands after the last row.
    listRef.current?.scrollToIndex(latest.current.rows.length, { align: "end" });
  }, [listRef]);

  const glideToEnd = useCallback(() => {
    const handle = listRef.current;
    if (!handle) return;
    const left_px = handle.scrollSize - handle.viewportSize - handle.scrollOffset;
    const smooth = left_px < gliding_viewports * handle.viewportSize;
    handle.scrollToIndex(latest.current.rows.length, { align: "end", smooth });
  }, [listRef]);

  const look = useCallback(() => {
    const handle = listRef.current;
    if (!handle || !isPlaced.current) return;
    const left_px = handle.scrollSize - handle.viewportSize - handle.scrollOffset;
    atEnd.current = left_px <= nearEnd_px;
    setIsFar(left_px > farFromEnd_px);
    const lowest = handle.findItemIndex(handle.scrollOffset + handle.viewportSize - nearEnd_px);
    const seq = newestSeqUpTo(latest.current.rows, atEnd.current ? Infinity : lowest - 1);
    if (seq !== null) latest.current.onSeen(seq);
  }, [listRef]);

  // Others' messages come in before one's own that are on their way: the last row stays, and moves all the same.
  useLayoutEffect(() => {
    if (followed.current === rows) return undefined;
    const isNews = followed.current.at(-1)?.key !== newestKey;
    followed.current = rows;
    if (!isNews && !isPlaced.current) return undefined;
    if (atEnd.current || (isNews && isOwnNews)) toEnd();
    return afterTwoFrames(look);
  }, [toEnd, look, rows, newestKey, isOwnNews]);

  // A thread shown from the cache finds its unread line only when it has caught up, and then goes there.
  useLayoutEffect(() => {
    if (isMoved.current) return undefined;
    const line = hasLine ? latest.current.rows.findIndex((row) => row.type === "unread") : -1;
    if (line >= 0) listRef.current?.scrollToIndex(line, { align: "start", offset: -lineFromTop_px });
    else toEnd();
    // Rows are measured in one frame and scrolled to in the next; before that nothing was seen.
    return afterTwoFrames(() => {
      isPlaced.current = true;
      look();
    });
  }, [listRef, toEnd, look, hasLine]);

  // Bubbles grow when they are edited, and the view when the composer shrinks.
  const onResize = useCallback(() => {
    if (!isPlaced.current) return;
    if (atEnd.current) toEnd();
    else look();
  }, [toEnd, look]);

  useEffect(() => {
    document.addEventListener("visibilitychange", look);
    return () => document.removeEventListener("visibilitychange", look);
  }, [look]);

  const onMoved = useCallback(() => {
    isMoved.current = true;
  }, []);

  return { isFar, look, glideToEnd, onResize, onMoved };
}

function afterTwoFrames(act: () => void): () => void {
  let frame = requestAnimationFrame(() => {
    frame = requestAnimationFrame(act);
  });
  return () => cancelAnimationFrame(frame);
}
