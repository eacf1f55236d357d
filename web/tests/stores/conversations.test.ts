import { describe, expect, test } from "vitest";
import { withConversations, withoutConversation, withPeer } from "../../src/stores/conversations.ts";
import type { ConversationsState } from "../../src/stores/state.ts";
import * as eg from "../examples.ts";

const empty: ConversationsState = { status: "ready", byId: {}, order: [] };
const row = (id: string, number: number, hour: number) =>
  eg.conversation({ id, number, last_activity_at: `2024-05-01T${String(hour).padStart(2, "0")}:00:00.000Z` });

describe("the list of conversations", () => {
  test("has the latest activity first, and of two at the same moment the newer conversation", () => {
    const state = withConversations(empty, [row("old", 1, 8), row("twin", 2, 9), row("newer twin", 3, 9)]);
    expect(state.order).toEqual(["newer twin", "twin", "old"]);
    expect(withConversations(state, [row("old", 1, 10)]).order).toEqual(["old", "newer twin", "twin"]);
  });

  test("keeps its order, and the very same array, while nothing moves", () => {
    const state = withConversations(empty, [row("a", 1, 8), row("b", 2, 9)]);
    expect(withConversations(state, [{ ...row("a", 1, 8), unread: 3 }]).order).toBe(state.order);
  });

  test("has the pinned ones before, the latest pin first", () => {
    const pinned = (id: string, number: number, pinned_at: string) => {
      const plain = row(id, number, 1);
      return { ...plain, preferences: { ...plain.preferences, pinned_at } };
    };
    const state = withConversations(empty, [
      row("late", 1, 9),
      pinned("one", 2, "2024-05-01T07:00:00.000Z"),
      pinned("two", 3, "2024-05-01T08:00:00.000Z"),
    ]);
    expect(state.order).toEqual(["two", "one", "late"]);
    expect(withConversations(state, [row("one", 2, 1)]).order).toEqual(["two", "late", "one"]);
  });

  test("forgets what is gone", () => {
    const state = withConversations(empty, [row("a", 1, 8), row("b", 2, 9)]);
    expect(withoutConversation(state, "b")).toMatchObject({ byId: { a: {} }, order: ["a"] });
  });

  test("calls a private chat by the name that the other person has now", () => {
    const state = withConversations(empty, [eg.conversation({ peer: eg.user() }), row("b", 2, 9)]);
    const renamed = withPeer(state, { id: eg.ben, display_name: "Benedict" });
    expect(renamed.byId[eg.chatId]?.peer).toEqual(eg.user({ display_name: "Benedict" }));
    expect(withPeer(state, { id: eg.cleo, display_name: "C" })).toBe(state);
  });
});
