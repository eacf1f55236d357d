import { useEffect, useMemo, useRef } from "react";
import type { PointerEvent, TouchEvent } from "react";
import type { Point } from "./ContextMenu.tsx";

const press_ms = 450;
const slack_px = 10;

/** Handlers that tell when a finger has rested on something; a mouse has its right button instead. */
export function useLongPress(onLongPress: (at: Point) => void) {
  const timer = useRef<number | undefined>(undefined);
  const start = useRef<Point>({ x: 0, y: 0 });
  const isPressed = useRef(false);
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
        const at = { x: event.clientX, y: event.clientY };
        start.current = at;
        isPressed.current = false;
        stop();
        timer.current = window.setTimeout(() => {
          isPressed.current = true;
          latest.current(at);
        }, press_ms);
      },
      onPointerMove(event: PointerEvent<HTMLElement>) {
        const far = Math.hypot(event.clientX - start.current.x, event.clientY - start.current.y);
        if (far > slack_px) stop();
      },
      onPointerUp: stop,
      onPointerCancel: stop,
      onTouchEnd(event: TouchEvent<HTMLElement>) {
        // The finger that is lifted now opened something; it is not to press what lies under it as well.
        if (isPressed.current && event.cancelable) event.preventDefault();
        isPressed.current = false;
      },
    };
  }, []);
}
