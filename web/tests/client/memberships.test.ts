import { expect, test, vi } from "vitest";
import { Copies } from "../../src/client/copies.ts";
import { Memberships } from "../../src/client/memberships.ts";
import type { Rest } from "../../src/protocol/rest.ts";
import { createStores } from "../../src/stores/stores.ts";
import * as eg from "../examples.ts";

function reading() {
  const stores = createStores({ theme: "auto", magnification: 1, hidden: false });
  const members = vi.fn<Rest["members"]>(async () => {
    await new Promise((resolve) => setTimeout(resolve));
    return { items: [eg.member()], page_token: null };
  });
  const catchup = { run: () => Promise.resolve() };
  const memberships = new Memberships(stores.memberships, { members }, new Copies(stores, eg.ana), catchup);
  return { stores, members, memberships };
}

test("who asks while the list is being read waits for the same answer", async () => {
  const { stores, members, memberships } = reading();
  void memberships.load(eg.chatId);
  await memberships.load(eg.chatId);
  expect(stores.memberships.getState().byConversation[eg.chatId]?.status).toBe("ready");
  expect(members).toHaveBeenCalledTimes(1);
});

test("who asks upon hearing that the list is being read has it read once", async () => {
  const { stores, members, memberships } = reading();
  const stop = stores.memberships.subscribe(() => void memberships.load(eg.chatId));
  await memberships.load(eg.chatId);
  stop();
  expect(members).toHaveBeenCalledTimes(1);
});
