/** What owners and admins do to look after a group or room. */

import type { Page, Role } from "../model/conversation.ts";
import type { AuditEntry, Ban } from "../model/moderation.ts";
import type { Rest } from "../protocol/rest.ts";
import type { Progress } from "../protocol/upload.ts";
import type { Session } from "./session.ts";

/** Every method rejects with `ApiError` when the server refuses or cannot be reached. A reason is told to the person. */
export interface Moderation {
  setRole(conversationId: string, userId: string, role: Role): Promise<void>;
  remove(conversationId: string, userId: string, reason?: string): Promise<void>;
  /** Removes somebody who is in, and keeps them out. */
  ban(conversationId: string, userId: string, reason?: string): Promise<void>;
  unban(conversationId: string, userId: string): Promise<void>;
  bans(conversationId: string, pageToken?: string): Promise<Page<Ban>>;
  /** What was done, the latest first. */
  audit(conversationId: string, pageToken?: string): Promise<Page<AuditEntry>>;
  changePicture(conversationId: string, picture: Blob, onProgress: Progress): Promise<void>;
  removePicture(conversationId: string): Promise<void>;
}

export function createModeration(rest: Rest, session: Session): Moderation {
  return {
    // The conversation's topic tells everyone of it, oneself included.
    setRole: async (id, userId, role) => void (await rest.setRole(id, userId, role)),
    remove: async (id, userId, reason) => void (await rest.removeMember(id, userId, reason)),
    ban: async (id, userId, reason) => void (await rest.ban(id, userId, reason)),
    unban: async (id, userId) => void (await rest.unban(id, userId)),
    bans: rest.bans,
    audit: rest.audit,
    changePicture: async (id, picture, onProgress) =>
      void session.current().copies.adopt([await rest.putPicture(id, picture, onProgress)]),
    removePicture: async (id) => void session.current().copies.adopt([await rest.removePicture(id)]),
  };
}
