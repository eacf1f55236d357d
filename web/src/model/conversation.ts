/** Conversations, their members, and what a catch-up answer carries, as the server tells of them. */

import type { ServedKeys } from "./encryption.ts";
import type { Message } from "./message.ts";
import type { User } from "./user.ts";

export type Kind = "private" | "group" | "room";
export type Role = "owner" | "admin" | "member";

/** What is the same for every reader. */
export interface Conversation {
  readonly id: string;
  readonly private: boolean;
  readonly alias: string | null;
  readonly inserted_at: string;
  readonly updated_at: string;
  readonly kind: Kind;
  readonly encrypted: boolean;
  readonly number: number;
  /** A room's unique short name. */
  readonly name: string | null;
  readonly topic: string | null;
  readonly description: string | null;
  /** The address of a square picture, as a person's `avatar` is. */
  readonly picture: string | null;
  /** How long plain members wait between two messages; 0: they need not. */
  readonly slow_mode_s: number;
  /** The seq of the last change. */
  readonly head_seq: number;
  readonly member_count: number;
}

/** What of a conversation one is notified of; null: as one's settings say. */
export type Notify = "all" | "mentions" | "nothing";

/** How the reader keeps a conversation; all their devices know, and nobody else does. */
export interface Preferences {
  readonly notify: Notify | null;
  readonly muted_until: string | null;
  readonly pinned_at: string | null;
  readonly archived_at: string | null;
  /** Until it is read next. */
  readonly marked_unread: boolean;
}

/** A conversation as the reader has it. */
export interface OwnConversation extends Conversation {
  readonly read_seq: number;
  readonly unread: number;
  /** How many of the unread messages mention the reader. */
  readonly mentions: number;
  readonly preferences: Preferences;
  readonly role: Role;
  readonly last_message: Message | null;
  /** The furthest that any other member has read; 0 in rooms. */
  readonly others_read_seq: number;
  /** The other person of a private conversation. */
  readonly peer: User | null;
  readonly last_activity_at: string;
}

/** A room as the directory lists it. */
export interface DirectoryRoom extends Conversation {
  readonly joined: boolean;
}

export interface Member {
  readonly user_id: string;
  readonly user: User;
  readonly role: Role;
  readonly joined_at: string;
  readonly joined_seq: number;
  readonly changed_seq: number;
  /** True: the row only says that this person has gone. */
  readonly left: boolean;
  readonly read_seq: number;
  readonly read_at: string | null;
}

/** The rows of a conversation changed after `since`, up to and including `seq`; of an encrypted one with all its keys. */
export interface Changes extends Partial<ServedKeys> {
  readonly conversation: Conversation;
  readonly since: number;
  readonly seq: number;
  /** False: more waits; ask again since `seq`. */
  readonly complete: boolean;
  readonly messages: readonly Message[];
  readonly members: readonly Member[];
  readonly users: readonly User[];
  readonly read_seqs: Readonly<Record<string, number>>;
}

/** One answer of a list that goes on while `page_token` is given. */
export interface Page<Item> {
  readonly items: readonly Item[];
  readonly page_token: string | null;
}
