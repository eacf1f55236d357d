/** Who stands where among the members. */

import type { Member, OwnConversation, Role } from "../../model/conversation.ts";
import type { User } from "../../model/user.ts";

const ranks: Readonly<Record<Role, number>> = { owner: 0, admin: 1, member: 2 };

/** Orders members: those online first, then by role, then by name. */
export function byStanding(online: ReadonlySet<string>) {
  return (one: Member, other: Member): number =>
    Number(online.has(other.user_id)) - Number(online.has(one.user_id)) ||
    ranks[one.role] - ranks[other.role] ||
    one.user.display_name.localeCompare(other.user.display_name);
}

/** Any member of a group brings people in; in a room owner and admins do. */
export function mayAdd({ kind, role }: Pick<OwnConversation, "kind" | "role">): boolean {
  return kind === "group" || (kind === "room" && role !== "member");
}

/** The owner removes anyone, an admin removes members. */
export function mayRemove(mine: Role, theirs: Role): boolean {
  return mine === "owner" ? theirs !== "owner" : mine === "admin" && theirs === "member";
}

/** Every word that was typed begins a word of the person's names; case and accents do not count. */
export function isNamed({ display_name, username }: User, typed: string): boolean {
  const known = wordsOf(`${display_name} ${username ?? ""}`);
  return wordsOf(typed).every((wanted) => known.some((word) => word.startsWith(wanted)));
}

function wordsOf(text: string): readonly string[] {
  const plain = text.normalize("NFKD").replaceAll(/\p{Diacritic}/gu, "").toLocaleLowerCase();
  return plain.split(/[^\p{L}\p{N}]+/u).filter(Boolean);
}
