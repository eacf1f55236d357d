/** A list that a view asks for page by page. */

import { useCallback, useEffect, useRef, useState } from "react";
import type { Page } from "../model/conversation.ts";

type Ask<Item> = (pageToken?: string) => Promise<Page<Item>>;

type Listing<Item> = {
  readonly ask: Ask<Item>;
  readonly status: "failed" | "ready";
  readonly items: readonly Item[];
  readonly pageToken: string | null;
};

/** `ask` has to stay the same function; another one begins the list anew. */
export function usePages<Item>(ask: Ask<Item>) {
  const [listing, setListing] = useState<Listing<Item> | null>(null);
  const [isPaging, setIsPaging] = useState(false);
  const turn = useRef(0);
  const current = listing?.ask === ask ? listing : null;
  const isLoading = current === null || isPaging;

  const read = useCallback(
    async (before: Listing<Item> | null) => {
      turn.current += 1;
      const asked = turn.current;
      const after = await next(ask, before);
      if (asked !== turn.current) return;
      setListing(after);
      setIsPaging(false);
    },
    [ask],
  );

  useEffect(() => {
    void read(null);
    return () => {
      turn.current += 1;
    };
  }, [read]);

  return {
    status: isLoading ? ("loading" as const) : current.status,
    items: current?.items ?? [],
    hasMore: current !== null && current.pageToken !== null,
    /** Reads the next page; after a failure the same once more. */
    more: useCallback(() => {
      if (isLoading) return;
      setIsPaging(true);
      void read(current);
    }, [current, isLoading, read]),
    /** Takes out what is known to be gone. */
    drop: useCallback(
      (isGone: (item: Item) => boolean) =>
        setListing((now) => now && { ...now, items: now.items.filter((item) => !isGone(item)) }),
      [],
    ),
  };
}

async function next<Item>(ask: Ask<Item>, before: Listing<Item> | null): Promise<Listing<Item>> {
  const known = { ask, items: before?.items ?? [], pageToken: before?.pageToken ?? null };
  try {
    const page = await ask(known.pageToken ?? undefined);
    return { ask, status: "ready", items: [...known.items, ...page.items], pageToken: page.page_token };
  } catch {
    return { ...known, status: "failed" };
  }
}
