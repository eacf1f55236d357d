import { useCallback, useEffect, useLayoutEffect, useRef, useState, type RefObject } from "react";
import type { VirtualizerHandle } from "virtua";
import type { Row } from "../../model/rows.ts";
import { newestSeqUpTo } from "./arrivals.ts";

const nearEnd_px = 4;
const farFromEnd_px = 240;

type PlaceOptions = {
  list: RefObject<VirtualizerHandle | null>;
  rows: readonly Row[];
  /** The newest messages are still on their way. */
  catchingUp: boolean;
  /** The message of this seq is on the screen, and with it all before it. */
  onSeen: (seq: number) => void;
};

/**
 * Where in the thread one is: it opens at the unread line or at the end, the end is held while new messages come,
 * and what is seen is told.
 */
export function usePlace({ list, rows, catchingUp, onSeen }: PlaceOptions) {
  const [isFar, setIsFar] = useState(false);
  const atEnd = useRef(true);
  const moved = useRef(false);
  const isSettled = useRef(false);
  const followed = useRef<string | undefined>(undefined);
  const latest = useRef({ rows, onSeen });
  useLayoutEffect(() => {
    latest.current = { rows, onSeen };
  });

  const toEnd = useCallback(
    (smooth: boolean) => {
      // The foot stands after the last row.
      list.current?.scrollToIndex(latest.current.rows.length, { align: "end", smooth });
    },
    [list],
  );

  const look = useCallback(() => {
    const handle = list.current;
    if (!handle) return;
    const left_px = handle.scrollSize - handle.viewportSize - handle.scrollOffset;
    atEnd.current = left_px <= nearEnd_px;
    setIsFar(left_px > farFromEnd_px);
    const lowest = handle.findItemIndex(handle.scrollOffset + handle.viewportSize - nearEnd_px);
    const seq = newestSeqUpTo(latest.current.rows, atEnd.current ? Infinity : lowest - 1);
    if (seq !== null) latest.current.onSeen(seq);
  }, [list]);

  // A thread shown from the cache finds its unread line only when it has caught up.
  useLayoutEffect(() => {
    if (isSettled.current || moved.current) return;
    isSettled.current = !catchingUp;
    const unread = latest.current.rows.findIndex((row) => row.type === "unread");
    if (unread >= 0) list.current?.scrollToIndex(unread, { align: "start", offset: -48 });
    else toEnd(false);
  }, [list, toEnd, catchingUp]);

  const newest = rows.at(-1);
  const isOwnNews = newest?.type === "pending";
  const newestKey = newest?.key;
  useLayoutEffect(() => {
    const isNews = followed.current !== newestKey;
    followed.current = newestKey;
    if (isNews && (atEnd.current || isOwnNews)) toEnd(false);
    const frame = requestAnimationFrame(look);
    return () => cancelAnimationFrame(frame);
  }, [toEnd, look, newestKey, isOwnNews]);

  // Bubbles grow when they are edited, and the view when the composer shrinks.
  const onResize = useCallback(() => {
    if (atEnd.current) toEnd(false);
    else look();
  }, [toEnd, look]);

  useEffect(() => {
    document.addEventListener("visibilitychange", look);
    return () => document.removeEventListener("visibilitychange", look);
  }, [look]);

  const onMoved = useCallback(() => {
    moved.current = true;
  }, []);

  return { isFar, look, toEnd, onResize, onMoved };
}
