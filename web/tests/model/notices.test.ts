import { describe, expect, test } from "vitest";
import type { Kind, Notify } from "../../src/model/conversation.ts";
import { isNoticed, usualNoticeSettings } from "../../src/model/notices.ts";
import * as eg from "../examples.ts";

const now_ms = Date.UTC(2024, 4, 1, 14);
const later = "2024-05-01T15:00:00.000Z";
const earlier = "2024-05-01T13:00:00.000Z";
const reader = { id: eg.ana, now_ms };
const none = eg.conversation().preferences;

function noticed(init: {
  kind?: Kind;
  notify?: Notify | null;
  mutedUntil?: string | null;
  mentions?: readonly string[];
  all?: boolean;
  silent?: boolean;
  sender?: string;
}): boolean {
  const { kind = "group", notify = null, mutedUntil = null, mentions = [], all = false, silent = false } = init;
  const message = eg.message({ seq: 2, sender: init.sender ?? eg.ben, mentions, mentions_all: all, silent });
  const preferences = { ...none, notify, muted_until: mutedUntil };
  return isNoticed(message, { kind, preferences }, usualNoticeSettings, reader);
}

describe("a message is told of", () => {
  test.each<[string, boolean, Parameters<typeof noticed>[0]]>([
    ["in a private chat", true, { kind: "private" }],
    ["in a group", true, { kind: "group" }],
    ["not in a room", false, { kind: "room" }],
    ["in a room that says one's name", true, { kind: "room", mentions: [eg.ana] }],
    ["in a room that says another's name", false, { kind: "room", mentions: [eg.cleo] }],
    ["in a room that calls everyone", true, { kind: "room", all: true }],
    ["in a room whose every message is wanted", true, { kind: "room", notify: "all" }],
    ["not in a group of which only mentions are wanted", false, { notify: "mentions" }],
    ["in such a group by one's name", true, { notify: "mentions", mentions: [eg.ana] }],
    ["not where nothing is wanted, whatever it says", false, { notify: "nothing", mentions: [eg.ana] }],
    ["not while the chat is muted, whatever it says", false, { mutedUntil: later, mentions: [eg.ana] }],
    ["when the muting is over", true, { mutedUntil: earlier }],
    ["not when it was sent without a sound", false, { silent: true }],
    ["not to the one who sent it", false, { sender: eg.ana }],
  ])("%s: %s", (_, expected, init) => {
    expect(noticed(init)).toBe(expected);
  });
});
