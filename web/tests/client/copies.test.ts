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
