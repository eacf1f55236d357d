/** Invitations into groups and rooms, as the server tells of them. */

import type { Kind, Member } from "./conversation.ts";
import type { User } from "./user.ts";

/** A link that lets people in. */
export interface Invite {
  readonly id: string;
  readonly url: string;
  readonly created_by: User;
  readonly inserted_at: string;
  /** Null: never. */
  readonly expires_at: string | null;
  /** Null: any number of people. */
  readonly max_uses: number | null;
  readonly uses: number;
}

/** How long a link holds, and for how many; what is left out has no bound. */
export interface InviteTerms {
  readonly expires_in_s?: number;
  readonly max_uses?: number;
}

/** What came of inviting somebody by a name or a number. A number's owner is in, or got a text message: nothing tells which. */
export type Invited =
  | { readonly kind: "added"; readonly member: Member }
  | { readonly kind: "sent" };

/** What a link leads to, as it is shown to whoever has it. */
export interface InvitePreview {
  readonly conversation: {
    readonly alias: string | null;
    readonly kind: Kind;
    readonly description: string | null;
    readonly picture: string | null;
    readonly member_count: number;
  };
  readonly invited_by: { readonly display_name: string; readonly avatar: string | null };
  /** The reader is in already. */
  readonly is_member: boolean;
}

/** Whether a text can only be a telephone number: digits and what people write between them. */
export function looksLikeNumber(text: string): boolean {
  return /^\+?[\d\s().\-/]{5,}$/u.test(text.trim());
}
