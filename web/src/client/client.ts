/** What the views can do and see: the one object that they talk to. */

import type { DirectoryRoom, OwnConversation, Page } from "../model/conversation.ts";
import type { Admission } from "../model/entrance.ts";
import type { Theme, User } from "../model/user.ts";
import type { Stores } from "../stores/stores.ts";
import type { Entrance } from "./entrance.ts";
import type { Settings } from "./settings.ts";

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
  /** Reads back until this message is in the thread. False: it is not in this conversation, or too far back. */
  loadBackTo(conversationId: string, messageId: string): Promise<boolean>;

  /** Puts a message in the outbox. Resolves with its client_ref once it is written there: from then on it is shown and not lost. */
  send(conversationId: string, content: string, replyTo?: string | null): Promise<string>;
  /** Sends a refused message again. */
  retry(clientRef: string): Promise<void>;
  /** Gives up a message that is not sent. */
  discard(clientRef: string): Promise<void>;
  edit(messageId: string, content: string): Promise<void>;
  remove(messageId: string): Promise<void>;

  /** To be called at every keystroke in the composer; told to the others at most every few seconds. */
  startTyping(conversationId: string): void;
  finishTyping(conversationId: string): void;
  /** The message of this seq was seen. Only moves forward, and only while the page is visible. */
  markRead(conversationId: string, seq: number): void;
  draft(conversationId: string): string;
  saveDraft(conversationId: string, text: string): void;

  /** These three resolve with the conversation's id, once the conversation is in the store. */
  createRoom(draft: RoomDraft): Promise<string>;
  createGroup(draft: GroupDraft): Promise<string>;
  /** Opens the private conversation with this person, made if there is none. */
  createPrivate(userId: string): Promise<string>;
  joinRoom(conversationId: string): Promise<void>;
  leave(conversationId: string): Promise<void>;
  updateConversation(conversationId: string, edit: ConversationEdit): Promise<OwnConversation>;
  deleteConversation(conversationId: string): Promise<void>;

  /** Reads the members into `stores.memberships`, kept current from then on. */
  loadMembers(conversationId: string): Promise<void>;
  addMembers(conversationId: string, userIds: readonly string[]): Promise<void>;
  removeMember(conversationId: string, userId: string): Promise<void>;

  /** Other people by display name, username or exact e-mail. */
  searchUsers(search: string, pageToken?: string): Promise<Page<User>>;
  /** The directory of rooms. */
  searchRooms(query: DirectoryQuery): Promise<Directory>;

  /** Whether the reader was asked to confirm this address here, and put it off. */
  hasPutOffConfirming(email: string): boolean;
  putOffConfirming(email: string): void;

  setTheme(theme: Theme): void;
  /** A factor, 0.7 to 1.4. */
  setMagnification(magnification: number): void;
  setHidden(hidden: boolean): void;
}
