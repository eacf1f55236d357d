/** The states that the stores hold: what a view can see. Written by the client only. */

import type { Member, OwnConversation } from "../model/conversation.ts";
import type { Handover, RoomKeys, Standing, Trust, Wrap } from "../model/encryption.ts";
import type { Place } from "../model/history.ts";
import type { Message } from "../model/message.ts";
import type { NoticeSettings } from "../model/notices.ts";
import type { Openings } from "../model/opening.ts";
import type { Failure, PendingMessage } from "../model/pending.ts";
import type { Scheduled } from "../model/scheduled.ts";
import type { Parting } from "../model/moderation.ts";
import type { Me, Theme, User } from "../model/user.ts";
import type { Call, CallEnding, Ring } from "../model/voice.ts";
import type { Wishes } from "../model/wishes.ts";

export type SessionState =
  | { readonly status: "unknown" }
  | { readonly status: "signedOut" }
  | { readonly status: "signedIn"; readonly me: Me };

export interface ConversationsState {
  /** `loading` until the list was read once, from the cache or the server. */
  readonly status: "loading" | "ready" | "failed";
  readonly byId: Readonly<Record<string, OwnConversation>>;
  /** Ids: the pinned ones, the latest pin first, then by latest activity. */
  readonly order: readonly string[];
}

/** What lies before the oldest message of a thread. */
export type Older =
  | { readonly status: "more"; readonly token: string }
  | { readonly status: "loading"; readonly token: string }
  | { readonly status: "failed"; readonly token: string }
  | { readonly status: "start" };

/** What lies after the newest message of a thread; at the end new messages come in by themselves. */
export type Newer =
  | { readonly status: "more"; readonly token: string }
  | { readonly status: "loading"; readonly token: string }
  | { readonly status: "failed"; readonly token: string }
  | { readonly status: "end" };

export interface OpenThread {
  readonly status: "open";
  /** The seq up to which `messages` is current. */
  readonly head: number;
  /** By seq, without gaps from the oldest one loaded to the newest one loaded; tombstones included. */
  readonly messages: readonly Message[];
  readonly older: Older;
  readonly newer: Newer;
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

export interface PartingsState {
  /** Conversations that were taken from the reader and of which they have yet to be told, the earliest first. */
  readonly untold: readonly Parting[];
}

export interface StarsState {
  /** Ids of the messages that the reader has starred. */
  readonly ids: ReadonlySet<string>;
}

export interface NoticesState {
  /** Null until they were read. */
  readonly settings: NoticeSettings | null;
  /** The message that is to be told of outside the page, which is out of view. */
  readonly told: Message | null;
}

/** Where somebody wants to be led in a conversation. */
export interface PlacesState {
  readonly wanted: { readonly conversationId: string; readonly place: Place } | null;
}

export interface PinsState {
  /** The newest pin first. Present after it was asked for; from then on kept current. */
  readonly byConversation: Readonly<Record<string, readonly Message[]>>;
}

export interface WishesState {
  /** What the reader did and the server has yet to confirm; absent where nothing is under way. */
  readonly byMessage: Readonly<Record<string, Wishes>>;
}

export interface OutboxState {
  /** In the order of sending. */
  readonly byConversation: Readonly<Record<string, readonly PendingMessage[]>>;
}

export interface UploadsState {
  /** How many bytes of a file on its way have arrived; absent while it has not begun. */
  readonly sentByFile: Readonly<Record<string, number>>;
}

export interface SchedulesState {
  /** What waits for its time, the first to be sent first; absent: not asked for yet. */
  readonly byConversation: Readonly<Record<string, readonly Scheduled[]>>;
}

export interface EncryptionState {
  readonly standing: Standing;
  readonly wraps: readonly Wrap[];
  /** What the devices of the reader are handing over; it stays as it ended until that is put away. */
  readonly handover: Handover | null;
  /** By id of the person; absent: unknown. */
  readonly trust: Readonly<Record<string, Trust>>;
  /** By id of the conversation; absent: not encrypted, or not known yet. */
  readonly rooms: Readonly<Record<string, RoomKeys>>;
}

/** What was opened of the sealed messages in the other stores. */
export type OpenedState = Openings;

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

export interface VoiceState {
  /** Ids of those in a conversation's voice channel, in the order in which they came; absent where nobody is. */
  readonly byConversation: Readonly<Record<string, readonly string[]>>;
  /** The earliest first. */
  readonly rings: readonly Ring[];
  readonly call: Call | null;
  /** Of the last call, until it was told. */
  readonly ending: CallEnding | null;
}
