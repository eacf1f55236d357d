import { useEffect, useMemo, useRef } from "react";
import type { PointerEvent } from "react";
import type { Point } from "./ContextMenu.tsx";

const PRESS_MS = 450;
const SLACK_PX = 10;

/** Handlers that tell when a finger has rested on something; a mouse has its right button instead. */
export function useLongPress(onLongPress: (at: Point, target: HTMLElement) => void) {
  const timer = useRef<number | undefined>(undefined);
  const start = useRef<Point>({ x: 0, y: 0 });
  const latest = useRef(onLongPress);
  useEffect(() => {
    latest.current = onLongPress;
  });
  useEffect(() => () => clearTimeout(timer.current), []);

  return useMemo(() => {
    const stop = () => clearTimeout(timer.current);
    return {
      onPointerDown(event: PointerEvent<HTMLElement>) {
        if (event.pointerType !== "touch") return;
        const target = event.currentTarget;
        const at = { x: event.clientX, y: event.clientY };
        start.current = at;
        stop();
        timer.current = window.setTimeout(() => latest.current(at, target), PRESS_MS);
      },
      onPointerMove(event: PointerEvent<HTMLElement>) {
        const far = Math.hypot(event.clientX - start.current.x, event.clientY - start.current.y);
        if (far > SLACK_PX) stop();
      },
      onPointerUp: stop,
      onPointerCancel: stop,
    };
  }, []);
}
