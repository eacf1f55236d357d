import { useMemo } from "react";
import { useStore } from "zustand";
import { useClient, useMe } from "../../bindings/client.tsx";
import { useOpened } from "../../bindings/sealed.ts";
import type { Message } from "../../model/message.ts";
import type { ShownMessage } from "../../model/opening.ts";
import { withWishes } from "../../model/wishes.ts";

/** The message opened, and as the reader has just left it, before the server has confirmed it. */
export function useShown(stored: Message): ShownMessage {
  const client = useClient();
  const me = useMe();
  const message = useOpened(stored);
  const wishes = useStore(client.stores.wishes, ({ byMessage }) => byMessage[message.id]);
  return useMemo(() => withWishes(message, wishes, me.id), [message, wishes, me.id]);
}
