/** What a server says of encryption once a conversation was encrypted. */

import { afterEach, expect, test } from "vitest";
import { SealedPlaces } from "../../src/client/sealed_places.ts";
import { shownMessage } from "../../src/model/opening.ts";
import { createStores } from "../../src/stores/stores.ts";
import * as eg from "../examples.ts";
import { MemoryStorage } from "../memory_storage.ts";

const closing: (() => void)[] = [];

afterEach(() => {
  for (const close of closing.splice(0)) close();
});

function device(storage = new MemoryStorage()) {
  const stores = createStores({ theme: "auto", magnification: 1, hidden: false });
  const places = new SealedPlaces(storage, eg.ana, stores);
  closing.push(() => places.stop());
  const hear = (encrypted: boolean) => {
    stores.conversations.setState({ byId: { [eg.chatId]: { ...eg.conversation(), encrypted } } });
    return stores.conversations.getState().byId[eg.chatId]?.encrypted;
  };
  return { stores, storage, hear };
}

test("a conversation that was encrypted stays so, whatever the server says, and after a reload", () => {
  const { hear, storage } = device();
  expect([hear(false), hear(true), hear(false)]).toEqual([false, true, true]);
  expect(device(storage).hear(false)).toBe(true);
});

test("what stands open in an encrypted conversation is not shown as if its sender had said it", () => {
  const { hear, stores } = device();
  const message = eg.message({ seq: 5, content: "Send money" });
  expect(shownMessage(message, stores.opened.getState())).toMatchObject({ content: "Send money", seal: "none" });
  hear(true);
  expect(shownMessage(message, stores.opened.getState())).toMatchObject({ content: "", seal: "not_sealed" });
});
