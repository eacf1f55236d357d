/** React's way to the engine: the client and the states that views read from it. */

import { createContext, use, type ReactNode } from "react";
import { useStore } from "zustand";
import type { Client } from "../client/client.ts";
import type { OwnConversation } from "../model/conversation.ts";
import type { Me, User } from "../model/user.ts";

const ClientContext = createContext<Client | null>(null);

export function ClientProvider({ client, children }: { client: Client; children: ReactNode }) {
  return <ClientContext value={client}>{children}</ClientContext>;
}

export function useClient(): Client {
  const client = use(ClientContext);
  if (!client) throw new Error("There is no ClientProvider above this component.");
  return client;
}

/** The signed-in person; for views that are shown to nobody else. */
export function useMe(): Me {
  const session = useStore(useClient().stores.session);
  if (session.status !== "signedIn") throw new Error("Nobody is signed in.");
  return session.me;
}

export function useConversation(id: string): OwnConversation | undefined {
  return useStore(useClient().stores.conversations, (state) => state.byId[id]);
}

export function useUser(id: string): User | undefined {
  return useStore(useClient().stores.users, (state) => state.byId[id]);
}

export function useIsOnline(userId: string | undefined): boolean {
  return useStore(
    useClient().stores.presence,
    (state) => userId !== undefined && state.online.has(userId),
  );
}
