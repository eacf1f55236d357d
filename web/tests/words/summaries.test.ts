import { expect, test } from "vitest";
import type { Message } from "../../src/model/message.ts";
import { type Openings, shownMessage } from "../../src/model/opening.ts";
import { english } from "../../src/words/english.ts";
import { summaryOf } from "../../src/words/summaries.ts";
import * as eg from "../examples.ts";

const words = english("en");
const photo = eg.attachment({ kind: "image", name: "cat.jpg" });
const paper = eg.attachment({ kind: "file", name: "paper.pdf" });
const carrying = (...attachments: ReturnType<typeof eg.attachment>[]) => told({ content: "", attachments });

function told(message: Partial<Message>, openings: Openings = { byCopy: {}, reactionsByCopy: {} }): string {
  return summaryOf(shownMessage(eg.message({ seq: 1, ...message }), openings), words);
}

test("a message without words is told by what it carries", () => {
  expect(carrying(photo)).toBe(words.messages.summary.image(1));
  expect(carrying(photo, photo, photo)).toContain("3");
  expect(carrying(paper)).toContain("paper.pdf");
});

test("words, polls and deletions come before what is carried", () => {
  const poll = { question: "Which film?", options: [], multiple: false, closed_at: null };
  expect(told({ content: "**Look**", attachments: [photo] })).toBe("Look");
  expect(told({ content: "", poll })).toContain("Which film?");
  expect(told({ content: "", is_deleted: true })).toBe(words.chats.deleted);
});

test("of an encrypted message it is told what it says once it is open, and never its ciphertext", () => {
  const sealed = { content: "ciphertext", encrypted: true, copy_id: "c" } as const;
  const open = { status: "open", text: "**Hello**", attachments: [], mentions: [], mentionsAll: false, replyTo: null, editNo: 0 } as const;
  expect(told(sealed)).toBe(words.encryption.closed.summary);
  expect(told(sealed, { byCopy: { c: open }, reactionsByCopy: {} })).toBe("Hello");
  expect(told(sealed, { byCopy: { c: { status: "closed", why: "tampered" } }, reactionsByCopy: {} })).toBe(
    words.encryption.closed.summary,
  );
  expect(told({ ...sealed, content: "", is_deleted: true })).toBe(words.thread.deleted);
});
