import { useEffect, useMemo, useState } from "react";

type Source = { readonly ref: string; readonly content: Blob | null };

/** Addresses by which the page can show what it holds in memory, by the source's ref; they end with the view. */
export function usePreviews(sources: readonly Source[]): ReadonlyMap<string, string> {
  const [shown, setShown] = useState<ReadonlyMap<string, string>>(new Map());
  const key = sources.map(({ ref, content }) => `${ref}${content ? "+" : "-"}`).join(" ");
  // Told apart by their refs, for each read from disk gives the same content anew.
  // oxlint-disable-next-line react/exhaustive-deps -- see above
  const held = useMemo(() => sources, [key]);
  useEffect(() => {
    const made = new Map<string, string>();
    for (const { ref, content } of held) if (content) made.set(ref, URL.createObjectURL(content));
    // oxlint-disable-next-line react/set-state-in-effect -- an address is made outside of React, and has to be given back
    setShown((before) => new Map([...before, ...made]));
    return () => {
      for (const address of made.values()) URL.revokeObjectURL(address);
    };
  }, [held]);
  return shown;
}
