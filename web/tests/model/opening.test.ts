import { describe, expect, test } from "vitest";
import type { OpenedCopy, Openings } from "../../src/model/opening.ts";
import { shownMessage } from "../../src/model/opening.ts";
import * as eg from "../examples.ts";

const sealed = eg.message({ seq: 5, content: "sealed", encrypted: true, copy_id: "copy-5", encrypted_reactions: {} });

function openings(copy?: OpenedCopy): Openings {
  return { byCopy: copy === undefined ? {} : { "copy-5": copy }, reactionsByCopy: {} };
}

function open(text: string): OpenedCopy {
  return { status: "open", text, attachments: [eg.attachment()], replyTo: null, mentions: [eg.ana], mentionsAll: false, editNo: 0 };
}

describe("a message as it is shown", () => {
  test("is itself where it is open", () => {
    expect(shownMessage(eg.message({ seq: 4 }), openings())).toEqual({ ...eg.message({ seq: 4 }), seal: "none" });
  });

  test("says nothing of its ciphertext while it is opened, or cannot be", () => {
    expect(shownMessage(sealed, openings())).toMatchObject({ content: "", attachments: [], seal: "opening" });
    expect(shownMessage(sealed, openings({ status: "closed", why: "no_key" }))).toMatchObject({ content: "", seal: "no_key" });
  });

  test("has the text, the files and the mentions that were in the copy", () => {
    const shown = shownMessage(sealed, openings(open("hello @ana")));
    expect(shown).toMatchObject({ content: "hello @ana", attachments: [{ id: "upload-1" }], mentions: [eg.ana], seal: "open" });
  });

  test("of a tombstone is open and empty", () => {
    const deleted = { ...sealed, content: "", is_deleted: true };
    expect(shownMessage(deleted, openings(open("what it said")))).toMatchObject({ content: "", seal: "open" });
  });

  test("stays the same object until something of it changes", () => {
    const message = { ...sealed };
    const copy = open("hello");
    const shown = shownMessage(message, openings(copy));
    expect(shownMessage(message, openings(copy))).toBe(shown);
    expect(shownMessage(shown, openings(copy))).toBe(shown);
    expect(shownMessage(message, openings(open("rewritten")))).not.toBe(shown);
  });
});
