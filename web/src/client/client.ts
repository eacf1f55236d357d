/** What the views can do and see: the one object that they talk to. */

import type { DirectoryRoom, OwnConversation, Page } from "../model/conversation.ts";
import type { Admission } from "../model/entrance.ts";
import type { Place } from "../model/history.ts";
import type { FoundMessage } from "../model/search.ts";
import type { MediaKind, MediaPage } from "../model/media.ts";
import type { Message } from "../model/message.ts";
import type { PendingFile, PollDraft } from "../model/pending.ts";
import type { PreferencesChange } from "../model/keeping.ts";
import type { Theme, User } from "../model/user.ts";
import type { Stores } from "../stores/stores.ts";
import type { NoticeDesk } from "./notice_desk.ts";
import type { Encryption } from "./encryption.ts";
import type { Entrance } from "./entrance.ts";
import type { Schedule } from "./schedule.ts";
import type { Invites } from "./invites.ts";
import type { Moderation } from "./moderation.ts";
import type { Messages } from "./messages.ts";
import type { Settings } from "./settings.ts";
import type { Voice } from "./voice.ts";

export interface Registration {
  readonly email: string;
  readonly password: string;
  readonly display_name?: string;
  readonly username?: string;
}

export interface Credentials {
  /** An e-mail address or a username. */
  readonly login: string;
  readonly password: string;
}

/** A file to be sent; of a picture with its size in pixels. */
export interface OutgoingFile {
  readonly name: string;
  readonly content: Blob;
  readonly width: number | null;
  readonly height: number | null;
}

/** What goes with a message besides its text. */
export interface Enclosure {
  readonly files?: readonly OutgoingFile[];
  readonly poll?: PollDraft;
  readonly silent?: boolean;
}

export interface RoomDraft {
  readonly alias: string;
  readonly topic: string;
  readonly description?: string;
  readonly user_ids?: readonly string[];
}

export interface GroupDraft {
  readonly alias: string;
  readonly description?: string;
  readonly user_ids: readonly string[];
  /** For good: a group that is encrypted stays so, and another cannot become it. */
  readonly encrypted?: boolean;
}

export interface DirectoryQuery {
  readonly search?: string;
  readonly topic?: string;
  readonly sort?: "new" | "old" | "popular";
  readonly page_token?: string;
}

export interface Directory extends Page<DirectoryRoom> {
  /** The topics that any room has. */
  readonly topics: readonly string[];
}

export interface ConversationEdit {
  readonly alias?: string;
  readonly description?: string;
  readonly topic?: string;
  readonly name?: string;
  /** How long plain members wait between two messages; 0: they need not. */
  readonly slow_mode_s?: number;
}

/** Every method that answers a promise rejects with `ApiError` when the server refuses or cannot be reached. */
export interface Client {
  readonly stores: Stores;

  /** Finds out who is signed in and connects. Settles once the session is known; never rejects. */
  start(): Promise<void>;
  /** Lets go of the socket, the timers and the listeners. */
  stop(): void;

  register(registration: Registration): Promise<void>;
  signIn(credentials: Credentials): Promise<Admission>;
  readonly entrance: Entrance;
  signOut(): Promise<void>;
  signOutEverywhere(): Promise<void>;
  updateMe(edit: { display_name?: string; username?: string; about?: string }): Promise<void>;
  readonly settings: Settings;
  /** Tries to connect at once instead of at the next appointed time. */
  reconnect(): void;

  /** Reads the list of conversations again after it failed. */
  reloadConversations(): Promise<void>;
  /** Shows the thread from memory or the cache and brings it up to date. To be called whenever a thread comes into view. */
  openThread(conversationId: string): void;
  /** The thread left the view: its unread line goes, its draft stays. */
  closeThread(conversationId: string): void;
  /** Reads the page before the oldest message; does nothing while one is being read or at the start. */
  loadOlder(conversationId: string): Promise<void>;
  /** Reads the page after the newest message loaded; does nothing while one is being read or at the end. */
  loadNewer(conversationId: string): Promise<void>;
  /** Has the thread show what is around a place; answers the message there, null where there is none. */
  loadAround(conversationId: string, place: Place): Promise<string | null>;
  /** Has the thread show its newest messages. */
  loadLatest(conversationId: string): Promise<void>;
  /** Asks the thread of this conversation to lead to a place as soon as it is in view. */
  goTo(conversationId: string, place: Place): void;

  /** Puts a message in the outbox. Resolves with its client_ref once it is written there: from then on it is shown and not lost. */
  send(conversationId: string, content: string, replyTo?: string | null, enclosure?: Enclosure): Promise<string>;
  /** Sends a refused message again. */
  retry(clientRef: string): Promise<void>;
  /** Gives up a message that is not sent. */
  discard(clientRef: string): Promise<void>;
  /** Goes on with a message of which a file had to be chosen again. */
  replaceFile(clientRef: string, file: PendingFile, content: Blob): Promise<void>;
  /** What waits to be sent at its time; refuses while nobody is signed in. */
  readonly schedule: Schedule;
  /** In an encrypted conversation it rejects with `no_copy` where the message is not loaded any more, or could not be opened. */
  edit(messageId: string, content: string, conversationId: string): Promise<void>;
  remove(messageId: string): Promise<void>;
  readonly messages: Messages;
  readonly encryption: Encryption;
  /** Refuses while nobody is signed in. */
  readonly voice: Voice;

  /** To be called at every keystroke in the composer; told to the others at most every few seconds. */
  startTyping(conversationId: string): void;
  finishTyping(conversationId: string): void;
  /** The message of this seq was seen. Only moves forward, and only while the page is visible. */
  markRead(conversationId: string, seq: number): void;
  draft(conversationId: string): string;
  saveDraft(conversationId: string, text: string): void;
  /** The message that the draft answers. */
  draftReply(conversationId: string): Message | null;
  saveDraftReply(conversationId: string, message: Message | null): void;

  /** These three resolve with the conversation's id, once the conversation is in the store. */
  createRoom(draft: RoomDraft): Promise<string>;
  createGroup(draft: GroupDraft): Promise<string>;
  /** Opens the private conversation with this person, made if there is none; two people can have an encrypted and an open one. */
  createPrivate(userId: string, options?: { readonly encrypted?: boolean }): Promise<string>;
  joinRoom(conversationId: string): Promise<void>;
  leave(conversationId: string): Promise<void>;
  updateConversation(conversationId: string, edit: ConversationEdit): Promise<OwnConversation>;
  deleteConversation(conversationId: string): Promise<void>;
  /** Keeps a conversation another way, on all devices: shown at once, and taken back where the server refuses. */
  keep(conversationId: string, change: PreferencesChange): Promise<void>;
  readonly invites: Invites;
  readonly moderation: Moderation;

  /** What was shared in a conversation, the newest first. */
  media(conversationId: string, kind: MediaKind, pageToken?: string): Promise<MediaPage>;


  /** Reads the members into `stores.memberships`, kept current from then on. */
  loadMembers(conversationId: string): Promise<void>;
  addMembers(conversationId: string, userIds: readonly string[]): Promise<void>;

  /** Other people by display name, username or exact e-mail. */
  searchUsers(search: string, pageToken?: string): Promise<Page<User>>;
  /** Messages by the text they hold and the operators in it, in one conversation or in all; the best first. */
  searchMessages(search: string, conversationId: string | null, pageToken?: string): Promise<Page<FoundMessage>>;
  /** The directory of rooms. */
  searchRooms(query: DirectoryQuery): Promise<Directory>;

  readonly notices: NoticeDesk;

  /** Whether the reader was asked to confirm this address here, and put it off. */
  hasPutOffConfirming(email: string): boolean;
  putOffConfirming(email: string): void;

  setTheme(theme: Theme): void;
  /** A factor, 0.7 to 1.4. */
  setMagnification(magnification: number): void;
  setHidden(hidden: boolean): void;
}
