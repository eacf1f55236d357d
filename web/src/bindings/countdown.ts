/** Seconds that run out while they are shown. */

import { useCallback, useEffect, useState } from "react";
import { secondsUntil } from "../model/waits.ts";

/** The seconds that are left, and how to set them; none to begin with. */
export function useCountdown(): readonly [left_s: number, start: (seconds: number) => void] {
  const [end_ms, setEnd] = useState(0);
  const [now_ms, setNow] = useState(0);
  const left_s = secondsUntil(end_ms, now_ms);

  const isRunning = left_s > 0;
  useEffect(() => {
    if (!isRunning) return undefined;
    const timer = setInterval(() => setNow(Date.now()), 250);
    return () => clearInterval(timer);
  }, [isRunning]);

  const start = useCallback((seconds: number) => {
    const now = Date.now();
    setNow(now);
    setEnd(now + seconds * 1000);
  }, []);
  return [left_s, start];
}
