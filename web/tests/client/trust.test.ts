/** Whose identity is believed on a device, whatever a server says. */

import "fake-indexeddb/auto";
import { afterEach, beforeEach, expect, test } from "vitest";
import { Trust } from "../../src/client/sealed/trust.ts";
import { deleteKeyStore, type KeyStore, openKeyStore } from "../../src/crypto/key_store.ts";
import { createStores } from "../../src/stores/stores.ts";
import * as eg from "../examples.ts";

let keys: KeyStore;
let trust: Trust;

beforeEach(async () => {
  keys = await openKeyStore(eg.ana);
  trust = new Trust(keys, createStores({ theme: "auto", magnification: 1, hidden: false }).encryption, eg.ana);
});

afterEach(async () => {
  keys.close();
  await deleteKeyStore(eg.ana);
});

test("an identity that the server made for the reader is none of theirs, then or later", async () => {
  await trust.see(eg.ana, "the server's");
  await trust.own("mine");
  expect(trust.pin(eg.ana)).toMatchObject({ identity: "mine", former: [] });
});

test("numbers that were compared say nothing of an identity that came meanwhile", async () => {
  await trust.see(eg.ben, "first");
  await trust.see(eg.ben, "the server's");
  expect(await trust.verify(eg.ben, true, "first")).toBe(false);
  expect(trust.pin(eg.ben)).toMatchObject({ identity: "first", verified: false });
  await trust.see(eg.ben, "the server's second");
  expect(await trust.verify(eg.ben, true, "the server's")).toBe(false);
  expect(trust.isChanged(eg.ben, "the server's second")).toBe(true);
});

test("numbers that were the same make their identity the one that is believed", async () => {
  await trust.see(eg.ben, "first");
  await trust.see(eg.ben, "second");
  expect(await trust.verify(eg.ben, true, "second")).toBe(true);
  expect(trust.pin(eg.ben)).toMatchObject({ identity: "second", former: ["first"], verified: true });
});

test("what another tab has accepted and compared is not taken back by one that has not heard of it", async () => {
  await trust.see(eg.ben, "first");
  const stale = new Trust(keys, createStores({ theme: "auto", magnification: 1, hidden: false }).encryption, eg.ana);
  await stale.load();
  for (const tab of [trust, stale]) await tab.see(eg.ben, "second");
  await trust.accept(eg.ben);
  await trust.see(eg.ben, "third");
  await trust.verify(eg.ben, true, "third");
  const held = { accountId: eg.ben, identity: "third", former: ["second", "first"], verified: true };
  expect(await stale.verify(eg.ben, true, "second")).toBe(false);
  expect(await keys.pins()).toEqual([held]);
  expect(stale.pin(eg.ben)).toEqual(held);
});

test("an identity that another tab saw first is the one that is held", async () => {
  const stale = new Trust(keys, createStores({ theme: "auto", magnification: 1, hidden: false }).encryption, eg.ana);
  await trust.see(eg.ben, "first");
  await stale.see(eg.ben, "the server's");
  expect(await keys.pins()).toMatchObject([{ identity: "first", former: [] }]);
  expect(stale.isChanged(eg.ben, "the server's")).toBe(true);
});
