/** Looking after a group or room: who is kept out, and what was done, as the server tells of it. */

import type { User } from "./user.ts";

/** Somebody who is kept out. */
export interface Ban {
  readonly user: User;
  readonly banned_by: User;
  readonly reason: string | null;
  readonly inserted_at: string;
}

export type Deed =
  | "conversation_changed"
  | "picture_changed"
  | "picture_removed"
  | "slow_mode_changed"
  | "member_added"
  | "member_removed"
  | "member_banned"
  | "member_unbanned"
  | "role_changed"
  | "ownership_handed_over"
  | "invite_made"
  | "invite_revoked"
  | "invite_used"
  | "message_deleted"
  | "message_pinned"
  | "message_unpinned";

/** One thing that was done; what `detail` has depends on the deed. */
export interface AuditEntry {
  readonly id: string;
  readonly actor: User;
  readonly act: Deed;
  readonly target: User | null;
  readonly detail: Readonly<Record<string, string | number>>;
  readonly inserted_at: string;
}

/** How a conversation went from one's list, where one did not leave it oneself. */
export interface Parting {
  readonly conversationId: string;
  /** What it was called. */
  readonly title: string;
  readonly reason: "removed" | "banned" | "deleted";
  /** What one is told about it; null where nothing was said. */
  readonly note: string | null;
}
