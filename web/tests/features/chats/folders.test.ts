import { describe, expect, test } from "vitest";
import { isFoundBy, isInFolder } from "../../../src/features/chats/folders.ts";
import * as eg from "../../examples.ts";

describe("the folders of chats", () => {
  test("All has every chat", () => {
    expect(isInFolder(eg.conversation(), "all")).toBe(true);
  });

  test("Unread has those with something to read", () => {
    expect(isInFolder(eg.conversation({ unread: 1 }), "unread")).toBe(true);
    expect(isInFolder(eg.conversation(), "unread")).toBe(false);
  });

  test("Rooms and Private go by kind", () => {
    expect(isInFolder(eg.conversation({ kind: "room" }), "rooms")).toBe(true);
    expect(isInFolder(eg.conversation({ kind: "group" }), "rooms")).toBe(false);
    expect(isInFolder(eg.conversation({ kind: "private" }), "private")).toBe(true);
  });
});

describe("the search among one's chats", () => {
  const room = eg.conversation({ kind: "room", alias: "Café de la Ópera", name: "cafe-opera" });

  test.each(["cafe", "OPERA", "op ca", "cafe-op"])("finds by %s", (typed) => {
    expect(isFoundBy(room, typed)).toBe(true);
  });

  test("does not find in the middle of a word, nor by a word too many", () => {
    expect(isFoundBy(room, "pera")).toBe(false);
    expect(isFoundBy(room, "cafe bar")).toBe(false);
  });

  test("finds a private chat by the other person's names", () => {
    const chat = eg.conversation({ kind: "private", alias: null, peer: eg.user({ username: "benny" }) });
    expect(isFoundBy(chat, "ben")).toBe(true);
    expect(isFoundBy(chat, "benn")).toBe(true);
  });
});
