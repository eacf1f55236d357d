/** What views of people need: the search with its wording, and who is a contact or blocked. */

import { useCallback, useEffect, useMemo } from "react";
import { useStore } from "zustand";
import { isAmong } from "../stores/relations.ts";
import type { PeopleState, RelationsState } from "../stores/state.ts";
import { useClient } from "./client.tsx";
import { useWords } from "./language.tsx";

export function usePeopleFinder() {
  const client = useClient();
  const { newchat } = useWords();
  const find = useCallback(
    async (text: string) => (await client.searchUsers(text)).items,
    [client],
  );
  return useMemo(
    () => ({
      find,
      label: newchat.addPeople,
      wording: {
        found: newchat.people,
        chosen: newchat.chosen,
        nobody: newchat.nobodyFound,
        failed: newchat.findFailed,
        takeOut: newchat.removeChosen,
      },
    }),
    [find, newchat],
  );
}

/** The contacts or the blocked people, read anew when the view comes, and `load` to try once more. */
export function useRelations(relation: keyof RelationsState): { list: PeopleState; load: () => void } {
  const client = useClient();
  const list = useStore(client.stores.relations, (state) => state[relation]);
  const load = useCallback(() => {
    const { loadContacts, loadBlocked } = client.settings;
    // The state of the list tells of a failure.
    void (relation === "contacts" ? loadContacts() : loadBlocked()).catch(() => undefined);
  }, [client, relation]);
  useEffect(load, [load]);
  return { list, load };
}

/** Whether the reader has blocked somebody; asked for once, and false until it is known. */
export function useIsBlocked(userId: string | undefined): boolean {
  const client = useClient();
  const isUnread = useStore(
    client.stores.relations,
    ({ blocked }) => userId !== undefined && blocked.status === "loading",
  );
  useEffect(() => {
    // Unheard, sending will tell.
    if (isUnread) void client.settings.loadBlocked().catch(() => undefined);
  }, [client, isUnread]);
  return useStore(
    client.stores.relations,
    (state) => userId !== undefined && isAmong(state, "blocked", userId) === true,
  );
}

/** Whether somebody is among them; `unknown` until that was asked, false where it could not be told. */
export function useRelation(relation: keyof RelationsState, userId: string): boolean | "unknown" {
  const client = useClient();
  const { list } = useRelations(relation);
  const known = useStore(client.stores.relations, (state) => isAmong(state, relation, userId));
  return known ?? (list.status === "loading" ? "unknown" : false);
}
