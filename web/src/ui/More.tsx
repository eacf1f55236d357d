import "./more.css";
import { useEffect, useEffectEvent, useRef } from "react";
import { Button } from "./Button.tsx";

type MoreProps = { label: string; busy: boolean; onMore: () => void };

/** At the end of a list that goes on: comes into view, and asks for the rest by itself; it can be pressed as well. */
export function More({ label, busy, onMore }: MoreProps) {
  const place = useRef<HTMLDivElement>(null);
  const seen = useEffectEvent(onMore);
  useEffect(() => {
    if (busy || place.current === null) return undefined;
    const watcher = new IntersectionObserver((entries) => {
      if (entries.some((entry) => entry.isIntersecting)) seen();
    });
    watcher.observe(place.current);
    return () => watcher.disconnect();
  }, [busy]);
  return (
    <div className="more" ref={place}>
      <Button busy={busy} onClick={onMore}>
        {label}
      </Button>
    </div>
  );
}
