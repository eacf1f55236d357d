import { expect, test } from "vitest";
import { Copies } from "../../src/client/copies.ts";
import { createStores } from "../../src/stores/stores.ts";
import * as eg from "../examples.ts";

test("a row that is read anew shows the other person as they are now, though nothing was said", () => {
  const stores = createStores({ theme: "auto", magnification: 1, hidden: false });
  const copies = new Copies(stores, eg.ana);
  const ben = eg.user({ id: eg.ben, display_name: "Ben" });
  copies.adopt([eg.conversation({ kind: "private", peer: ben })]);
  const gone = { ...ben, display_name: "Deleted account", is_deleted: true };
  copies.adopt([eg.conversation({ kind: "private", peer: gone })]);
  expect(copies.row(eg.chatId)?.peer).toEqual(gone);
});

test("a row that says nothing new stays the same object, so that nothing is drawn again", () => {
  const stores = createStores({ theme: "auto", magnification: 1, hidden: false });
  const copies = new Copies(stores, eg.ana);
  copies.adopt([eg.conversation({ kind: "private", peer: eg.user({ id: eg.ben }) })]);
  const row = copies.row(eg.chatId);
  copies.adopt([eg.conversation({ kind: "private", peer: eg.user({ id: eg.ben }) })]);
  expect(copies.row(eg.chatId)).toBe(row);
});

function readTo(read_seq: number, unread: number) {
  return eg.conversation({ head_seq: 60, read_seq, unread, last_message: eg.message({ seq: 60 }) });
}

test("the unread line of a thread opened with an old row goes to where reading ended elsewhere", () => {
  const copies = openedAt(0);
  copies.adopt([readTo(0, 60)]);
  expect(copies.openThread(eg.chatId)?.unreadAfter).toBe(0);
  copies.adopt([readTo(20, 40)]);
  expect(copies.openThread(eg.chatId)?.unreadAfter).toBe(20);
  copies.adopt([readTo(60, 0)]);
  expect(copies.openThread(eg.chatId)?.unreadAfter).toBeNull();
});

test("the unread line goes to where reading ended elsewhere, whichever answer tells of it first", () => {
  const copies = openedAt(0);
  copies.putReadSeqs(eg.chatId, { [eg.ana]: 20 });
  copies.adopt([readTo(20, 40)]);
  expect(copies.openThread(eg.chatId)?.unreadAfter).toBe(20);
});

test("the unread line stays while its reader reads on below it", () => {
  const copies = openedAt(0);
  copies.readHere(eg.chatId, 20);
  copies.putReadSeqs(eg.chatId, { [eg.ana]: 20 });
  expect(copies.row(eg.chatId)?.read_seq).toBe(20);
  expect(copies.openThread(eg.chatId)?.unreadAfter).toBe(0);
});

test("a thread in which all was read has an unread line when messages came to it unheard", () => {
  const copies = openedAt(0);
  copies.readHere(eg.chatId, 60);
  const beyond = { head_seq: 64, read_seq: 60, unread: 4, last_message: eg.message({ seq: 64 }) };
  copies.adopt([eg.conversation(beyond)]);
  expect(copies.openThread(eg.chatId)?.unreadAfter).toBe(60);
});

test("a thread opened with a row that knew of nothing unread has the line where the fresh row tells", () => {
  const copies = openedAt(0, 0);
  copies.patchThread(eg.chatId, { unreadAfter: null });
  copies.adopt([eg.conversation({ head_seq: 90, read_seq: 20, unread: 70, last_message: eg.message({ seq: 90 }) })]);
  expect(copies.openThread(eg.chatId)?.unreadAfter).toBe(20);
});

test("no unread line comes of what is no message of others", () => {
  const copies = openedAt(0, 0);
  copies.patchThread(eg.chatId, { unreadAfter: null });
  copies.adopt([eg.conversation({ head_seq: 90, read_seq: 0, unread: 0, last_message: eg.message({ seq: 60 }) })]);
  expect(copies.openThread(eg.chatId)?.unreadAfter).toBeNull();
});

function openedAt(unreadAfter: number, unread = 60): Copies {
  const copies = new Copies(createStores({ theme: "auto", magnification: 1, hidden: false }), eg.ana);
  copies.adopt([readTo(unreadAfter, unread)]);
  copies.putThread(eg.chatId, {
    status: "open",
    head: 60,
    messages: [eg.message({ seq: 60 })],
    older: { status: "start" },
    newer: { status: "end" },
    readSeqs: {},
    unreadAfter,
    catchingUp: false,
  });
  return copies;
}
