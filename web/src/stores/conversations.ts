/** The list of conversations: rows by id, and their order: the pinned ones, then by latest activity. */

import type { OwnConversation } from "../model/conversation.ts";
import type { User } from "../model/user.ts";
import type { ConversationsState } from "./state.ts";

export function withConversations(state: ConversationsState, rows: readonly OwnConversation[]): ConversationsState {
  const byId = { ...state.byId };
  for (const row of rows) byId[row.id] = row;
  const isMoved = rows.some((row) => !isAtSamePlace(row, state.byId[row.id]));
  return { ...state, byId, order: isMoved ? orderOf(byId) : state.order };
}

export function withoutConversation(state: ConversationsState, id: string): ConversationsState {
  const { [id]: _gone, ...byId } = state.byId;
  return { ...state, byId, order: state.order.filter((other) => other !== id) };
}

/** The rows whose other person changed carry the new name, since a private chat is called by it. */
export function withPeer(state: ConversationsState, user: Pick<User, "id"> & Partial<User>): ConversationsState {
  const rows = Object.values(state.byId).flatMap((row) =>
    row.peer?.id === user.id ? [{ ...row, peer: { ...row.peer, ...user } }] : [],
  );
  return rows.length === 0 ? state : withConversations(state, rows);
}

function orderOf(byId: ConversationsState["byId"]): readonly string[] {
  return Object.values(byId)
    .toSorted(
      (one, other) =>
        compare(other.preferences.pinned_at ?? "", one.preferences.pinned_at ?? "") ||
        compare(other.last_activity_at, one.last_activity_at) || other.number - one.number,
    )
    .map((row) => row.id);
}

function isAtSamePlace(row: OwnConversation, known: OwnConversation | undefined): boolean {
  return (
    known?.last_activity_at === row.last_activity_at && known.preferences.pinned_at === row.preferences.pinned_at
  );
}

function compare(one: string, other: string): number {
  if (one === other) return 0;
  return one < other ? -1 : 1;
}
