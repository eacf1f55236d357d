/** The stores of one client: one per noun, each a vanilla zustand store. */

import { createStore, type StoreApi } from "zustand/vanilla";
import type { ConnectionState } from "../model/connection.ts";
import type {
  ConversationsState,
  EncryptionState,
  MembershipsState,
  NoticesState,
  OpenedState,
  OutboxState,
  PinsState,
  PlacesState,
  PartingsState,
  PreferencesState,
  PresenceState,
  RelationsState,
  SchedulesState,
  SessionState,
  StarsState,
  ThreadsState,
  TypingState,
  UploadsState,
  UsersState,
  VoiceState,
  WishesState,
} from "./state.ts";

export interface Stores {
  readonly session: StoreApi<SessionState>;
  readonly conversations: StoreApi<ConversationsState>;
  readonly threads: StoreApi<ThreadsState>;
  readonly memberships: StoreApi<MembershipsState>;
  readonly stars: StoreApi<StarsState>;
  readonly pins: StoreApi<PinsState>;
  readonly wishes: StoreApi<WishesState>;
  readonly partings: StoreApi<PartingsState>;
  readonly encryption: StoreApi<EncryptionState>;
  readonly opened: StoreApi<OpenedState>;
  readonly outbox: StoreApi<OutboxState>;
  readonly uploads: StoreApi<UploadsState>;
  readonly schedules: StoreApi<SchedulesState>;
  readonly users: StoreApi<UsersState>;
  readonly relations: StoreApi<RelationsState>;
  readonly notices: StoreApi<NoticesState>;
  readonly places: StoreApi<PlacesState>;
  readonly presence: StoreApi<PresenceState>;
  readonly typing: StoreApi<TypingState>;
  readonly voice: StoreApi<VoiceState>;
  readonly connection: StoreApi<ConnectionState>;
  readonly preferences: StoreApi<PreferencesState>;
}

export function createStores(preferences: PreferencesState): Stores {
  return {
    session: createStore<SessionState>(() => ({ status: "unknown" })),
    conversations: createStore<ConversationsState>(() => noConversations),
    threads: createStore<ThreadsState>(() => noThreads),
    memberships: createStore<MembershipsState>(() => noMemberships),
    stars: createStore<StarsState>(() => noStars),
    pins: createStore<PinsState>(() => noPins),
    wishes: createStore<WishesState>(() => noWishes),
    partings: createStore<PartingsState>(() => noPartings),
    encryption: createStore<EncryptionState>(() => noEncryption),
    opened: createStore<OpenedState>(() => nothingOpened),
    outbox: createStore<OutboxState>(() => noPending),
    uploads: createStore<UploadsState>(() => noUploads),
    schedules: createStore<SchedulesState>(() => noSchedules),
    users: createStore<UsersState>(() => noUsers),
    relations: createStore<RelationsState>(() => noRelations),
    notices: createStore<NoticesState>(() => noNotices),
    places: createStore<PlacesState>(() => nowhere),
    presence: createStore<PresenceState>(() => nobodyOnline),
    typing: createStore<TypingState>(() => nobodyTyping),
    voice: createStore<VoiceState>(() => noVoice),
    connection: createStore<ConnectionState>(() => ({ status: "idle" })),
    preferences: createStore<PreferencesState>(() => preferences),
  };
}

/** Forgets everything that belongs to the account; the preferences stay. */
export function clearAccount(stores: Stores): void {
  stores.conversations.setState(noConversations, true);
  stores.threads.setState(noThreads, true);
  stores.memberships.setState(noMemberships, true);
  stores.stars.setState(noStars, true);
  stores.pins.setState(noPins, true);
  stores.wishes.setState(noWishes, true);
  stores.partings.setState(noPartings, true);
  stores.encryption.setState(noEncryption, true);
  stores.opened.setState(nothingOpened, true);
  stores.outbox.setState(noPending, true);
  stores.uploads.setState(noUploads, true);
  stores.schedules.setState(noSchedules, true);
  stores.users.setState(noUsers, true);
  stores.relations.setState(noRelations, true);
  stores.notices.setState(noNotices, true);
  stores.places.setState(nowhere, true);
  stores.presence.setState(nobodyOnline, true);
  stores.typing.setState(nobodyTyping, true);
  stores.voice.setState(noVoice, true);
  stores.connection.setState({ status: "idle" }, true);
}

const noConversations: ConversationsState = { status: "loading", byId: {}, order: [] };
const noThreads: ThreadsState = { byConversation: {} };
const noMemberships: MembershipsState = { byConversation: {} };
const noStars: StarsState = { ids: new Set() };
const noPins: PinsState = { byConversation: {} };
const noWishes: WishesState = { byMessage: {} };
const noPartings: PartingsState = { untold: [] };
const noEncryption: EncryptionState = { standing: "unknown", wraps: [], handover: null, trust: {}, rooms: {} };
const nothingOpened: OpenedState = { byCopy: {}, reactionsByCopy: {} };
const noPending: OutboxState = { byConversation: {} };
const noUploads: UploadsState = { sentByFile: {} };
const noSchedules: SchedulesState = { byConversation: {} };
const noUsers: UsersState = { byId: {} };
const noRelations: RelationsState = { contacts: { status: "loading" }, blocked: { status: "loading" } };
const noNotices: NoticesState = { settings: null, told: null };
const nowhere: PlacesState = { wanted: null };
const nobodyOnline: PresenceState = { online: new Set() };
const nobodyTyping: TypingState = { byConversation: {} };
const noVoice: VoiceState = { byConversation: {}, rings: [], call: null, ending: null };
