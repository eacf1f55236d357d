/** The present, for texts like "today" that age while they are shown. */

import { useSyncExternalStore } from "react";

const minute_ms = 60_000;

let shown = startOfMinute();
const watchers = new Set<() => void>();
let timer: ReturnType<typeof setInterval> | undefined;

/** The start of the current minute; a view that reads it is drawn again when a new one begins. */
export function useNow(): Date {
  return useSyncExternalStore(watch, () => shown);
}

function watch(onChange: () => void): () => void {
  watchers.add(onChange);
  timer ??= setInterval(tick, 5000);
  return () => {
    watchers.delete(onChange);
    if (watchers.size > 0) return;
    clearInterval(timer);
    timer = undefined;
  };
}

function tick(): void {
  const now = startOfMinute();
  if (now.getTime() === shown.getTime()) return;
  shown = now;
  for (const onChange of watchers) onChange();
}

function startOfMinute(): Date {
  return new Date(Math.floor(Date.now() / minute_ms) * minute_ms);
}
