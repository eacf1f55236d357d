/** What a field for choosing people needs: the search and its wording. */

import { useCallback, useMemo } from "react";
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
