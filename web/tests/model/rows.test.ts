import { describe, expect, test } from "vitest";
import type { Message } from "../../src/model/message.ts";
import { type Row, threadRows } from "../../src/model/rows.ts";
import * as eg from "../examples.ts";

function said(seq: number, sender: string, at: Date, init: Partial<Message> = {}): Message {
  return eg.message({ seq, sender, inserted_at: at.toISOString(), ...init });
}

const noon = (day: number, minute = 0, second = 0): Date => new Date(2024, 4, day, 12, minute, second);

/** One word per row: the separators, and each message with its place in its group. */
function outline(rows: readonly Row[]): readonly string[] {
  return rows.map((row) => {
    if (row.type === "day") return row.day;
    if (row.type === "unread") return "unread";
    const what = row.type === "message" ? String(row.message.seq) : row.pending.clientRef;
    return `${row.first ? "(" : ""}${what}${row.last ? ")" : ""}`;
  });
}

function rowsOf(messages: readonly Message[], init: Partial<Parameters<typeof threadRows>[0]> = {}): readonly Row[] {
  return threadRows({ messages, pending: [], me: eg.ana, unreadAfter: null, ...init });
}

describe("the rows of a thread", () => {
  test("group what one person says within a minute", () => {
    const messages = [
      said(2, eg.ben, noon(1, 0, 1)),
      said(3, eg.ben, noon(1, 0, 40)),
      said(4, eg.ben, noon(1, 1, 0)),
      said(5, eg.ana, noon(1, 1, 1)),
    ];
    expect(outline(rowsOf(messages))).toEqual(["2024-05-01", "(2", "3)", "(4)", "(5)"]);
  });

  test("part the days", () => {
    const midnight = new Date(2024, 4, 2, 0, 0, 0);
    const messages = [
      said(2, eg.ben, new Date(midnight.getTime() - 1)),
      said(3, eg.ben, midnight),
      said(4, eg.ben, noon(9)),
    ];
    expect(outline(rowsOf(messages))).toEqual(["2024-05-01", "(2)", "2024-05-02", "(3)", "2024-05-09", "(4)"]);
  });

  test("have the unread line before the first unread message of somebody else, and it parts a group", () => {
    const messages = [
      said(2, eg.ben, noon(1)),
      said(3, eg.ana, noon(1, 1)),
      said(4, eg.ben, noon(1, 2), { is_deleted: true }),
      said(5, eg.ben, noon(1, 2, 1)),
      said(6, eg.ben, noon(1, 2, 2)),
    ];
    const rows = rowsOf(messages, { unreadAfter: 2 });
    expect(outline(rows)).toEqual(["2024-05-01", "(2)", "(3)", "(4)", "unread", "(5", "6)"]);
  });

  test("have no unread line when all that is new is one's own", () => {
    const rows = rowsOf([said(2, eg.ben, noon(1)), said(3, eg.ana, noon(2))], { unreadAfter: 2 });
    expect(outline(rows)).not.toContain("unread");
  });

  test("end with what is on its way, which joins the group before it", () => {
    const messages = [said(2, eg.ana, noon(1))];
    const pending = [eg.pending({ clientRef: "new", queuedAt: noon(1, 0, 30).getTime() })];
    expect(outline(rowsOf(messages, { pending }))).toEqual(["2024-05-01", "(2", "new)"]);
  });

  test("show a message that has arrived once, under the key that it had on its way", () => {
    const pending = [eg.pending({ clientRef: "ref", queuedAt: noon(1).getTime() })];
    const before = rowsOf([], { pending });
    const after = rowsOf([said(2, eg.ana, noon(1), { client_ref: "ref" })], { pending });
    expect(outline(after)).toEqual(["2024-05-01", "(2)"]);
    expect(after.map((row) => row.key)).toEqual(before.map((row) => row.key));
  });

  test("keep the ids of others' messages as keys, whatever client_ref they chose", () => {
    const rows = rowsOf([said(2, eg.ben, noon(1), { client_ref: "ref" }), said(3, eg.cleo, noon(1), { client_ref: "ref" })]);
    expect(new Set(rows.map((row) => row.key)).size).toBe(rows.length);
  });

  test("carry the message that is replied to, where it is loaded", () => {
    const quoted = said(2, eg.ben, noon(1));
    const rows = rowsOf([quoted, said(3, eg.ana, noon(2), { reply_to: quoted.id })], {
      pending: [eg.pending({ replyTo: "elsewhere" })],
    });
    expect(rows.flatMap((row) => ("replied" in row ? [row.replied] : []))).toEqual([null, quoted, null]);
  });
});
