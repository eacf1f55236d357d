/** What the page is shown on. */

import { useCallback, useSyncExternalStore } from "react";

/** Whether a media query holds just now. */
export function useMedia(query: string): boolean {
  const watch = useCallback(
    (onChange: () => void) => {
      const media = matchMedia(query);
      media.addEventListener("change", onChange);
      return () => media.removeEventListener("change", onChange);
    },
    [query],
  );
  return useSyncExternalStore(watch, () => matchMedia(query).matches);
}

/** A mouse: the keyboard is a real one, and a focused field covers nothing. */
export const finePointer = "(pointer: fine)";
