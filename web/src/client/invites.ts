/** Letting people into conversations, and coming in by a link. */

import { type Invite, type Invited, type InvitePreview, type InviteTerms, looksLikeNumber } from "../model/invites.ts";
import type { Rest } from "../protocol/rest.ts";
import type { Session } from "./session.ts";

/** Every method rejects with `ApiError` when the server refuses or cannot be reached. */
export interface Invites {
  /** What a link leads to; signed in or not. `invite_gone` where it holds no more. */
  look(token: string): Promise<InvitePreview>;
  /** Comes in by a link; resolves with the conversation's id, once the conversation is in the store. */
  take(token: string): Promise<string>;

  /** By a username or a telephone number. */
  person(conversationId: string, nameOrNumber: string): Promise<Invited>;
  link(conversationId: string, terms: InviteTerms): Promise<Invite>;
  /** The links that hold, the latest first; plain members see their own. */
  links(conversationId: string): Promise<readonly Invite[]>;
  revoke(conversationId: string, inviteId: string): Promise<void>;
}

export function createInvites(rest: Rest, session: Session): Invites {
  return {
    look: rest.lookAtInvite,
    take: async (token) => {
      const row = await rest.takeInvite(token);
      session.current().sync.found(row);
      return row.id;
    },
    person: async (id, nameOrNumber) => {
      const text = nameOrNumber.trim();
      const made = await rest.invite(id, looksLikeNumber(text) ? { phone: text } : { username: text });
      if (made.kind === "link") throw new Error("A person was invited, and a link was made.");
      return made;
    },
    link: async (id, terms) => {
      const made = await rest.invite(id, terms);
      if (made.kind !== "link") throw new Error("A link was asked for, and a person was invited.");
      return made.invite;
    },
    links: rest.invites,
    revoke: async (id, inviteId) => void (await rest.revokeInvite(id, inviteId)),
  };
}
