import { useCallback, useState } from "react";
import { useClient } from "../../bindings/client.tsx";
import type { Page } from "../../model/conversation.ts";
import type { FoundMessage } from "../../model/search.ts";
import { useFound } from "../../ui/useFound.ts";

export type FoundMessages = {
  readonly status: "searching" | "found" | "failed";
  readonly found: readonly FoundMessage[];
  /** Reads the next page; null where there is none. */
  readonly more: (() => void) | null;
};

const nothing: Page<FoundMessage> = { items: [], page_token: null };

type Further = { readonly first: Page<FoundMessage>; readonly pages: readonly Page<FoundMessage>[] };

/**
 * The messages that go by a text, in one conversation or in all, and more of them as they are asked for. Of encrypted ones
 * (`isSealed`) only this device knows what they say.
 */
export function useFoundMessages(text: string, conversationId: string | null, isSealed: boolean): FoundMessages {
  const client = useClient();
  const find = useCallback(
    async (typed: string): Promise<Page<FoundMessage>> => {
      if (!isSealed) return await client.searchMessages(typed, conversationId);
      if (client.stores.encryption.getState().standing !== "ready") return nothing;
      return { items: await client.encryption.search(typed, conversationId), page_token: null };
    },
    [client, conversationId, isSealed],
  );
  const { status, result } = useFound(find, text);
  const [further, setFurther] = useState<Further | null>(null);

  const pages = result === null ? [] : [result, ...(further?.first === result ? further.pages : [])];
  const token = pages.at(-1)?.page_token ?? null;
  const more = async () => {
    if (result === null || token === null) return;
    const next = await client.searchMessages(text, conversationId, token);
    setFurther({ first: result, pages: [...pages.slice(1), next] });
  };
  return {
    status,
    found: pages.flatMap((page) => page.items),
    // A page that fails leaves the button there to be pressed again.
    more: token === null ? null : () => void more().catch(() => undefined),
  };
}
