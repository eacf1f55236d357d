import { clsx } from "clsx";
import { useEffect, useLayoutEffect, useRef, useState, type RefObject } from "react";
import type { VirtualizerHandle } from "virtua";
import { useLanguage } from "../../bindings/language.tsx";
import { useNow } from "../../bindings/now.ts";
import type { Row } from "../../model/rows.ts";
import { dayLabel } from "../../model/times.ts";
import { dayAbove } from "./arrivals.ts";

const shown_ms = 1200;

type FloatingDayProps = {
  listRef: RefObject<VirtualizerHandle | null>;
  scrollerRef: RefObject<HTMLElement | null>;
  rows: readonly Row[];
};

/** Which day is being read, over the thread while it is scrolled through. */
export function FloatingDay({ listRef, scrollerRef, rows }: FloatingDayProps) {
  const { locale } = useLanguage();
  const now = useNow();
  const [day, setDay] = useState<string | null>(null);
  const [isShown, setIsShown] = useState(false);
  const latestRows = useRef(rows);
  useLayoutEffect(() => {
    latestRows.current = rows;
  });

  useEffect(() => {
    const view = scrollerRef.current;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const show = () => {
      const handle = listRef.current;
      if (!handle) return;
      const top = handle.findItemIndex(handle.scrollOffset);
      const isTold = latestRows.current[top]?.type === "day";
      const above = isTold ? null : dayAbove(latestRows.current, top);
      if (above !== null) setDay(above);
      setIsShown(above !== null);
      clearTimeout(timer);
      timer = setTimeout(() => setIsShown(false), shown_ms);
    };
    view?.addEventListener("scroll", show, { passive: true });
    return () => {
      view?.removeEventListener("scroll", show);
      clearTimeout(timer);
    };
  }, [listRef, scrollerRef]);

  return (
    <p className={clsx("floating-day", isShown && "floating-day-shown")} aria-hidden="true">
      {day !== null && <span>{dayLabel(day, now, locale)}</span>}
    </p>
  );
}
