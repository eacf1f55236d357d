/** The states that the stores hold: what a view can see. Written by the client only. */

import type { Member, OwnConversation } from "../model/conversation.ts";
import type { Message } from "../model/message.ts";
import type { Failure, PendingMessage } from "../model/pending.ts";
import type { Me, Theme, User } from "../model/user.ts";

export type SessionState =
  | { readonly status: "unknown" }
  | { readonly status: "signedOut" }
  | { readonly status: "signedIn"; readonly me: Me };

export interface ConversationsState {
  /** `loading` until the list was read once, from the cache or the server. */
  readonly status: "loading" | "ready" | "failed";
  readonly byId: Readonly<Record<string, OwnConversation>>;
  /** Ids, latest activity first. */
  readonly order: readonly string[];
}

/** What lies before the oldest message of a thread. */
export type Older =
  | { readonly status: "more"; readonly token: string }
  | { readonly status: "loading"; readonly token: string }
  | { readonly status: "failed"; readonly token: string }
  | { readonly status: "start" };

export interface OpenThread {
  readonly status: "open";
  /** The seq up to which `messages` is current. */
  readonly head: number;
  /** By seq, without gaps from the oldest one loaded to the latest; tombstones included. */
  readonly messages: readonly Message[];
  readonly older: Older;
  /** How far each member has read; in rooms only oneself. */
  readonly readSeqs: Readonly<Record<string, number>>;
  /** The reader's pointer when the thread was opened: the "Unread messages" line stands after it. Null: no line. */
  readonly unreadAfter: number | null;
  /** True while the newest messages are still on their way (a cached thread was opened). */
  readonly catchingUp: boolean;
}

export type ThreadState =
  | { readonly status: "loading" }
  | { readonly status: "failed"; readonly failure: Failure }
  | OpenThread;

export interface ThreadsState {
  /** Absent: never opened in this session. */
  readonly byConversation: Readonly<Record<string, ThreadState>>;
}

export type MembersState =
  | { readonly status: "loading" }
  | { readonly status: "failed"; readonly failure: Failure }
  /** Rows of those who left stay, marked `left`; `head` is the seq up to which the rows are current. */
  | { readonly status: "ready"; readonly head: number; readonly members: readonly Member[] };

export interface MembershipsState {
  /** Present after `loadMembers`; from then on kept current. */
  readonly byConversation: Readonly<Record<string, MembersState>>;
}

export interface OutboxState {
  /** In the order of sending. */
  readonly byConversation: Readonly<Record<string, readonly PendingMessage[]>>;
}

export interface UsersState {
  readonly byId: Readonly<Record<string, User>>;
}

export type PeopleState =
  | { readonly status: "loading" }
  | { readonly status: "failed" }
  | { readonly status: "ready"; readonly people: readonly User[] };

/** `loading` until they are asked for. */
export interface RelationsState {
  readonly contacts: PeopleState;
  /** People whom the reader has blocked. */
  readonly blocked: PeopleState;
}

export interface PresenceState {
  /** Ids of the people online; a person who hides is never here. */
  readonly online: ReadonlySet<string>;
}

export interface TypingState {
  /** Ids of the others who are typing, per conversation; absent when nobody is. */
  readonly byConversation: Readonly<Record<string, readonly string[]>>;
}

export interface PreferencesState {
  readonly theme: Theme;
  /** Text size as a factor, 0.7 to 1.4. */
  readonly magnification: number;
  readonly hidden: boolean;
}
