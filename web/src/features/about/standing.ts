/** Who stands where among the members. */

import type { Member, Role } from "../../model/conversation.ts";

const ranks: Readonly<Record<Role, number>> = { owner: 0, admin: 1, member: 2 };

/** Orders members: those online first, then by role, then by name. */
export function byStanding(online: ReadonlySet<string>) {
  return (one: Member, other: Member): number =>
    Number(online.has(other.user_id)) - Number(online.has(one.user_id)) ||
    ranks[one.role] - ranks[other.role] ||
    one.user.display_name.localeCompare(other.user.display_name);
}

/** The owner removes anyone, an admin removes members. */
export function mayRemove(mine: Role, theirs: Role): boolean {
  return mine === "owner" ? theirs !== "owner" : mine === "admin" && theirs === "member";
}
