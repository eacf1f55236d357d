import { useMemo } from "react";
import { useStore } from "zustand";
import { useClient, useMe } from "../../bindings/client.tsx";
import { useWords } from "../../bindings/language.tsx";
import { nameOf } from "../../words/names.ts";

/** What the reader calls these people, in their order. */
export function useNames(userIds: readonly string[]): readonly string[] {
  const words = useWords();
  const client = useClient();
  const me = useMe();
  const byId = useStore(client.stores.users, (state) => state.byId);
  return useMemo(
    () => userIds.map((id) => (id === me.id ? words.you : nameOf(byId[id], words))),
    [userIds, byId, me.id, words],
  );
}
