/** Everyone the server has named. */

import type { User } from "../model/user.ts";
import type { UsersState } from "./state.ts";

/** The same state when nothing about anyone is new, so that nothing is drawn again. */
export function withUsers(state: UsersState, users: readonly User[]): UsersState {
  const changed = users.filter((user) => !isSame(state.byId[user.id], user));
  if (changed.length === 0) return state;
  return { byId: { ...state.byId, ...Object.fromEntries(changed.map((user) => [user.id, user])) } };
}

/** Whether a person looks as they are known to look. */
export function isSame(known: User | undefined, user: User): boolean {
  return (
    known !== undefined &&
    known.id === user.id &&
    known.display_name === user.display_name &&
    known.username === user.username &&
    known.avatar === user.avatar &&
    known.email === user.email &&
    known.about === user.about &&
    known.is_deleted === user.is_deleted
  );
}
