import { useCallback, useEffect, useMemo, useState } from "react";
import { useClient } from "../../bindings/client.tsx";
import type { DirectoryQuery } from "../../client/client.ts";
import type { DirectoryRoom } from "../../model/conversation.ts";

export type Order = "popular" | "new" | "old";
export type DirectoryWish = { search: string; topic: string | null; order: Order };

/** An answer to one query. */
type Listing = {
  readonly query: DirectoryQuery;
  readonly status: "ready" | "failed";
  readonly rooms: readonly DirectoryRoom[];
  readonly topics: readonly string[];
  readonly pageToken: string | null;
};

const pause_ms = 180;

/** The rooms that fit a wish, page by page; the last answer stays until the next is there. */
export function useDirectory({ search, topic, order }: DirectoryWish) {
  const client = useClient();
  const [listing, setListing] = useState<Listing | null>(null);
  const [isPaging, setIsPaging] = useState(false);
  const [tries, setTries] = useState(0);
  const query = useMemo<DirectoryQuery>(
    () => ({ ...(search && { search }), ...(topic !== null && { topic }), sort: order }),
    // A new try is a new query, even where it asks for the same.
    // oxlint-disable-next-line react/exhaustive-deps
    [search, topic, order, tries],
  );

  useEffect(() => {
    let isWanted = true;
    const timer = setTimeout(
      async () => {
        try {
          const page = await client.searchRooms(query);
          if (isWanted) {
            const { items: rooms, topics, page_token: pageToken } = page;
            setListing({ query, status: "ready", rooms, topics, pageToken });
          }
        } catch {
          if (isWanted) setListing((before) => failed(query, before));
        }
      },
      query.search ? pause_ms : 0,
    );
    return () => {
      isWanted = false;
      clearTimeout(timer);
    };
  }, [client, query]);

  const loadMore = useCallback(async () => {
    if (!listing?.pageToken || isPaging) return;
    setIsPaging(true);
    try {
      const page = await client.searchRooms({ ...listing.query, page_token: listing.pageToken });
      setListing((now) => (now === listing ? joined(now, page.items, page.page_token) : now));
    } catch {
      setListing((now) => (now === listing ? failed(now.query, now) : now));
    } finally {
      setIsPaging(false);
    }
  }, [client, listing, isPaging]);

  const isAnswered = listing?.query === query;
  return {
    status: isAnswered && !isPaging ? listing.status : ("loading" as const),
    rooms: listing?.rooms ?? [],
    topics: listing?.topics ?? [],
    hasMore: isAnswered && listing.pageToken !== null,
    loadMore: () => void loadMore(),
    retry: useCallback(() => setTries((count) => count + 1), []),
  };
}

function joined(
  listing: Listing,
  rooms: readonly DirectoryRoom[],
  pageToken: string | null,
): Listing {
  return { ...listing, rooms: [...listing.rooms, ...rooms], pageToken };
}

function failed(query: DirectoryQuery, before: Listing | null): Listing {
  return { query, status: "failed", rooms: [], topics: before?.topics ?? [], pageToken: null };
}
