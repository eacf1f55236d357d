import { useCallback, useEffect, useLayoutEffect, useRef, useState, type RefObject } from "react";
import type { VirtualizerHandle } from "virtua";
import type { Row } from "../../model/rows.ts";
import { isReadOn, newestSeqUpTo } from "./arrivals.ts";
import { left_px } from "./useEdges.ts";

const nearEnd_px = 4;
const farFromEnd_px = 240;
const lineFromTop_px = 48;
/** What stands on the screen for less was not seen; rows that have just come move until they are measured. */
const glance_ms = 150;
/** Farther than this the way is jumped: nobody can read what flies past. */
const gliding_viewports = 3;

type PlaceOptions = {
  listRef: RefObject<VirtualizerHandle | null>;
  rows: readonly Row[];
  /** The unread line stands after this seq; null: there is none. */
  unreadAfter: number | null;
  /** Whether the newest message is among the rows. */
  isLatest: boolean;
  /** The message of this seq is on the screen, and with it all before it. */
  onSeen: (seq: number) => void;
  /** A person chose the place themselves. */
  onChosen: () => void;
};

/**
 * Where in the thread one is: it opens at the unread line or at the end, the end is held while new messages come,
 * and what is seen is told.
 */
export function usePlace({ listRef, rows, unreadAfter, isLatest, onSeen, onChosen }: PlaceOptions) {
  const newest = rows.at(-1);
  const hasLine = rows.some((row) => row.type === "unread");
  /** What comes in around the line, or is deleted there, leaves it what it is. */
  const line = hasLine ? unreadAfter : null;

  const [isFar, setIsFar] = useState(false);
  const atEnd = useRef(!hasLine);
  /** On the way to the end, where what comes in the meantime belongs as well. */
  const isGliding = useRef(false);
  /** The rows stand where they are to be shown: before that nothing was seen. */
  const isPlaced = useRef(false);
  const isMoved = useRef(false);
  /** Ways to other places that have not got there: what is on the screen until then was not looked for. */
  const ways = useRef(0);
  const settling = useRef(() => {});
  const glance = useRef<ReturnType<typeof setTimeout>>(undefined);
  const followed = useRef({ rows, isLatest });
  const latest = useRef({ rows, onSeen, onChosen });
  useLayoutEffect(() => {
    latest.current = { rows, onSeen, onChosen };
  });

  const toEnd = useCallback(() => {
    // The foot stands after the last row.
    listRef.current?.scrollToIndex(latest.current.rows.length, { align: "end" });
  }, [listRef]);

  const glideToEnd = useCallback(() => {
    const handle = listRef.current;
    if (!handle) return;
    const smooth = left_px(handle) < gliding_viewports * handle.viewportSize;
    isGliding.current = true;
    handle.scrollToIndex(latest.current.rows.length, { align: "end", smooth });
  }, [listRef]);

  const look = useCallback(() => {
    const handle = listRef.current;
    if (!handle || !isPlaced.current || ways.current > 0) return;
    atEnd.current = left_px(handle) <= nearEnd_px;
    if (atEnd.current) isGliding.current = false;
    setIsFar(left_px(handle) > farFromEnd_px);
    glance.current ??= setTimeout(() => {
      glance.current = undefined;
      if (!isPlaced.current || ways.current > 0) return;
      const lowest = handle.findItemIndex(handle.scrollOffset + handle.viewportSize - nearEnd_px);
      const seq = newestSeqUpTo(latest.current.rows, left_px(handle) <= nearEnd_px ? Infinity : lowest - 1);
      if (seq !== null) latest.current.onSeen(seq);
    }, glance_ms);
  }, [listRef]);

  useEffect(
    () => () => {
      settling.current();
      clearTimeout(glance.current);
    },
    [],
  );

  /** Goes to the unread line, or to the end where there is none; whoever reads elsewhere is left there. */
  const settle = useCallback(() => {
    if (isMoved.current && !atEnd.current) {
      isPlaced.current = true;
      return;
    }
    const at = latest.current.rows.findIndex((row) => row.type === "unread");
    if (at >= 0) listRef.current?.scrollToIndex(at, { align: "start", offset: -lineFromTop_px });
    else toEnd();
    atEnd.current = at < 0;
    isMoved.current = false;
    isPlaced.current = false;
    settling.current();
    // Rows are measured in one frame and scrolled to in the next.
    settling.current = afterTwoFrames(() => {
      if (document.visibilityState === "hidden") return;
      isPlaced.current = true;
      look();
    });
  }, [listRef, toEnd, look]);

  // Others' messages come in before one's own that are on their way: the last row stays, and moves all the same.
  useLayoutEffect(() => {
    const before = followed.current;
    if (before.rows === rows) return undefined;
    const isNews = before.rows.at(-1)?.key !== newest?.key;
    const isOwnNews = newest?.type === "pending" && !before.rows.some((row) => row.key === newest.key);
    followed.current = { rows, isLatest };
    if (!isPlaced.current) {
      if (isNews) settle();
      return undefined;
    }
    if (ways.current === 0 && !isReadOn(before.rows, rows)) {
      // Where one was is not there any more.
      isMoved.current = false;
      settle();
      return undefined;
    }
    // Behind one's back the end is not followed, since it is read when one looks again.
    const isHeld = (atEnd.current || isGliding.current) && document.visibilityState === "visible";
    // A page that was read on from an earlier place is no news.
    if (before.isLatest && isLatest && (isHeld || isOwnNews)) toEnd();
    return afterTwoFrames(look);
  }, [toEnd, look, settle, rows, isLatest, newest]);

  // A thread shown from the cache, or after a time out of view or without a connection, finds its unread line only when
  // it has caught up, and then goes there.
  useLayoutEffect(settle, [settle, line]);

  // Bubbles grow when they are edited, and the view when the composer shrinks.
  const onResize = useCallback(() => {
    if (!isPlaced.current) return;
    if (atEnd.current) toEnd();
    else look();
  }, [toEnd, look]);

  useEffect(() => {
    const lookAgain = () => {
      if (!isPlaced.current) settle();
      look();
    };
    document.addEventListener("visibilitychange", lookAgain);
    return () => document.removeEventListener("visibilitychange", lookAgain);
  }, [look, settle]);

  const onMoved = useCallback(() => {
    isMoved.current = true;
    isGliding.current = false;
    latest.current.onChosen();
  }, []);

  const onLeave = useCallback(() => {
    onMoved();
    atEnd.current = false;
    ways.current += 1;
    return () => {
      // It is scrolled to in one frame and measured in the next.
      afterTwoFrames(() => {
        ways.current -= 1;
        look();
      });
    };
  }, [onMoved, look]);

  return { isFar, look, glideToEnd, onResize, onMoved, onLeave };
}

function afterTwoFrames(act: () => void): () => void {
  let frame = requestAnimationFrame(() => {
    frame = requestAnimationFrame(act);
  });
  return () => cancelAnimationFrame(frame);
}
