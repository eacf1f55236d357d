/** The stores of one client: one per noun, each a vanilla zustand store. */

import { createStore, type StoreApi } from "zustand/vanilla";
import type { ConnectionState } from "../model/connection.ts";
import type {
  ConversationsState,
  MembershipsState,
  OutboxState,
  PreferencesState,
  PresenceState,
  RelationsState,
  SessionState,
  ThreadsState,
  TypingState,
  UsersState,
} from "./state.ts";

export interface Stores {
  readonly session: StoreApi<SessionState>;
  readonly conversations: StoreApi<ConversationsState>;
  readonly threads: StoreApi<ThreadsState>;
  readonly memberships: StoreApi<MembershipsState>;
  readonly outbox: StoreApi<OutboxState>;
  readonly users: StoreApi<UsersState>;
  readonly relations: StoreApi<RelationsState>;
  readonly presence: StoreApi<PresenceState>;
  readonly typing: StoreApi<TypingState>;
  readonly connection: StoreApi<ConnectionState>;
  readonly preferences: StoreApi<PreferencesState>;
}

export function createStores(preferences: PreferencesState): Stores {
  return {
    session: createStore<SessionState>(() => ({ status: "unknown" })),
    conversations: createStore<ConversationsState>(() => noConversations),
    threads: createStore<ThreadsState>(() => noThreads),
    memberships: createStore<MembershipsState>(() => noMemberships),
    outbox: createStore<OutboxState>(() => noPending),
    users: createStore<UsersState>(() => noUsers),
    relations: createStore<RelationsState>(() => noRelations),
    presence: createStore<PresenceState>(() => nobodyOnline),
    typing: createStore<TypingState>(() => nobodyTyping),
    connection: createStore<ConnectionState>(() => ({ status: "idle" })),
    preferences: createStore<PreferencesState>(() => preferences),
  };
}

/** Forgets everything that belongs to the account; the preferences stay. */
export function clearAccount(stores: Stores): void {
  stores.conversations.setState(noConversations, true);
  stores.threads.setState(noThreads, true);
  stores.memberships.setState(noMemberships, true);
  stores.outbox.setState(noPending, true);
  stores.users.setState(noUsers, true);
  stores.relations.setState(noRelations, true);
  stores.presence.setState(nobodyOnline, true);
  stores.typing.setState(nobodyTyping, true);
  stores.connection.setState({ status: "idle" }, true);
}

const noConversations: ConversationsState = { status: "loading", byId: {}, order: [] };
const noThreads: ThreadsState = { byConversation: {} };
const noMemberships: MembershipsState = { byConversation: {} };
const noPending: OutboxState = { byConversation: {} };
const noUsers: UsersState = { byId: {} };
const noRelations: RelationsState = { contacts: { status: "loading" }, blocked: { status: "loading" } };
const nobodyOnline: PresenceState = { online: new Set() };
const nobodyTyping: TypingState = { byConversation: {} };
