/** Seconds that run out while they are shown. */

import { useCallback, useState, useSyncExternalStore } from "react";
import { secondsUntil } from "../model/waits.ts";

/** The seconds that are left, and how to set them; none to begin with. */
export function useCountdown(): readonly [left_s: number, start: (seconds: number) => void] {
  const [end_ms, setEnd] = useState(0);
  const left_s = useSecondsUntil(end_ms);
  const start = useCallback((seconds: number) => setEnd(Date.now() + seconds * 1000), []);
  return [left_s, start];
}

/** The seconds until a moment, in Unix milliseconds; 0 once it has come. */
export function useSecondsUntil(end_ms: number): number {
  const watch = useCallback(
    (onChange: () => void) => {
      const timer = setInterval(() => {
        onChange();
        if (end_ms <= Date.now()) clearInterval(timer);
      }, 250);
      return () => clearInterval(timer);
    },
    [end_ms],
  );
  return useSyncExternalStore(watch, () => secondsUntil(end_ms, Date.now()));
}
