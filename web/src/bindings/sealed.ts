/** What views of encrypted chats read: messages as they were opened here, and how it stands with keys. */

import { useMemo } from "react";
import { useStore } from "zustand";
import type { OwnConversation } from "../model/conversation.ts";
import type { Standing, Trust } from "../model/encryption.ts";
import type { Message } from "../model/message.ts";
import { type ShownMessage, shownMessage } from "../model/opening.ts";
import { useClient, useMe } from "./client.tsx";

/** The message as it is to be read; null for none. */
export function useOpened(message: Message): ShownMessage;
export function useOpened(message: Message | null | undefined): ShownMessage | null;
export function useOpened(message: Message | null | undefined): ShownMessage | null {
  return useStore(useClient().stores.opened, (openings) => (message ? shownMessage(message, openings) : null));
}

/** Several of them. The same array for as long as none of them changes. */
export function useAllOpened(messages: readonly Message[]): readonly ShownMessage[] {
  const openings = useStore(useClient().stores.opened);
  return useMemo(() => messages.map((message) => shownMessage(message, openings)), [messages, openings]);
}

export function useStanding(): Standing {
  return useStore(useClient().stores.encryption, ({ standing }) => standing);
}

export function useTrust(userId: string | undefined): Trust {
  return useStore(useClient().stores.encryption, ({ trust }) => (userId === undefined ? undefined : trust[userId]) ?? "unknown");
}

const nobody: readonly string[] = [];

/**
 * Who keeps one from writing in a conversation: who has no keys yet, whose cannot be used, whose changed, and who stands in the
 * partner's place; and who reads along from now on. Oneself is never among them.
 */
export function useObstacles({ id, encrypted }: Pick<OwnConversation, "id" | "encrypted">) {
  const me = useMe();
  const keys = useStore(useClient().stores.encryption, ({ rooms }) => (encrypted ? rooms[id] : undefined));
  return useMemo(() => {
    const others = (ids: readonly string[] = nobody) => ids.filter((userId) => userId !== me.id);
    return {
      waitingFor: others(keys?.waitingFor),
      unusable: others(keys?.unusable),
      changed: others(keys?.changed),
      exchanged: others(keys?.exchanged),
      newcomers: others(keys?.newcomers),
    };
  }, [keys, me.id]);
}
