/** The reader's contacts, and the people they have blocked. */

import type { User } from "../model/user.ts";
import type { RelationsState } from "./state.ts";

/** The latest stands first. A list that was not read yet stays so: it would look whole with one person in it. */
export function withPerson(state: RelationsState, relation: keyof RelationsState, person: User): RelationsState {
  const list = state[relation];
  if (list.status !== "ready") return state;
  const others = list.people.filter((each) => each.id !== person.id);
  return { ...state, [relation]: { status: "ready", people: [person, ...others] } };
}

export function withoutPerson(state: RelationsState, relation: keyof RelationsState, userId: string): RelationsState {
  const list = state[relation];
  if (list.status !== "ready") return state;
  return { ...state, [relation]: { status: "ready", people: list.people.filter((each) => each.id !== userId) } };
}

/** Undefined while it is not known. */
export function isAmong(state: RelationsState, relation: keyof RelationsState, userId: string): boolean | undefined {
  const list = state[relation];
  return list.status === "ready" ? list.people.some((each) => each.id === userId) : undefined;
}
