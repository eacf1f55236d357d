/** Two tabs of one browser: what the one comes to know of keys, the other knows as well. */

import "fake-indexeddb/auto";
import { afterEach, beforeEach, expect, test } from "vitest";
import { broadcastTabs } from "../../src/client/environment.ts";
import { deleteHistory } from "../../src/client/database.ts";
import { type Engine, startEngine } from "../../src/client/sealed/engine.ts";
import { deleteKeyStore } from "../../src/crypto/key_store.ts";
import type { NewIdentity, OwnKeys as Served } from "../../src/protocol/encryption_rest.ts";
import { exclusivelyHere } from "../../src/protocol/locks.ts";
import type { Rest } from "../../src/protocol/rest.ts";
import { createStores } from "../../src/stores/stores.ts";
import { eventually } from "../eventually.ts";
import * as eg from "../examples.ts";

let served: Served = { identity: null, wraps: [] };
const stopping: (() => Promise<void>)[] = [];

beforeEach(() => {
  served = { identity: null, wraps: [] };
});

afterEach(async () => {
  await signOut();
});

async function signOut(): Promise<void> {
  for (const stop of stopping.splice(0)) await stop();
  await Promise.all([deleteKeyStore(eg.ana), deleteHistory(eg.ana)]);
}

const rest = {
  ownKeys: async () => await Promise.resolve(served),
  setIdentity: async ({ public_key, private_key, wraps }: NewIdentity) => {
    served = {
      identity: { public_key: { ...public_key }, private_key: { ...private_key }, version: 1 },
      wraps: wraps.map(({ kind, wrapped }) => ({ id: kind, kind, label: null, wrapped: { ...wrapped }, inserted_at: "2025-05-01T12:00:00.000Z" })),
    };
    return await Promise.resolve(served);
  },
} as Partial<Rest> as Rest;

async function tab() {
  const stores = createStores({ theme: "auto", magnification: 1, hidden: false });
  let isStopped = false;
  const engine: Engine = await startEngine({
    myId: eg.ana,
    stores,
    rest,
    exclusively: exclusivelyHere(),
    openTabs: broadcastTabs,
    membersOf: () => [eg.ana, eg.ben],
    loadMembers: async () => await Promise.resolve(),
    isPrivate: () => false,
    onSendable: () => undefined,
    isStopped: () => isStopped,
  });
  stopping.push(async () => {
    isStopped = true;
    await engine.stop();
  });
  await engine.known();
  return { engine, told: () => stores.encryption.getState() };
}

test("are both ready once the recovery key was given in one", async () => {
  const recoveryKey = await (await tab()).engine.own.setUp();
  await signOut();
  const [here, there] = [await tab(), await tab()];
  expect([here.told().standing, there.told().standing]).toEqual(["locked", "locked"]);
  const { own } = here.engine;
  await own.restore(await own.secretByRecoveryKey(recoveryKey));
  await eventually(() => expect(there.told().standing).toBe("ready"));
});

test("take somebody's numbers for different once that was said in one", async () => {
  const [here, there] = [await tab(), await tab()];
  await here.engine.trust.see(eg.ben, "first");
  await here.engine.trust.verify(eg.ben, true, "first");
  await eventually(() => expect(there.told().trust).toEqual({ [eg.ben]: "verified" }));
  await here.engine.verify(eg.ben, false);
  await eventually(() => expect(there.told().trust).toEqual({ [eg.ben]: "known" }));
});

test("go on with somebody's other key once it was accepted in one", async () => {
  const [here, there] = [await tab(), await tab()];
  for (const { engine } of [here, there]) for (const identity of ["first", "second"]) await engine.trust.see(eg.ben, identity);
  expect(there.told().trust).toEqual({ [eg.ben]: "changed" });
  await here.engine.acceptChangedKey(eg.ben);
  await eventually(() => expect(there.told().trust).toEqual({ [eg.ben]: "known" }));
  expect(there.engine.trust.pin(eg.ben)).toEqual({ accountId: eg.ben, identity: "second", former: ["first"], verified: false });
});

test("hear of who is written to", async () => {
  const [here, there] = [await tab(), await tab()];
  for (const { engine } of [here, there]) engine.circles.meet(eg.chatId, [eg.ben], false);
  await here.engine.circles.welcome(eg.chatId, [eg.cleo]);
  await eventually(() => expect(there.engine.circles.isNew(eg.chatId, eg.cleo)).toBe(false));
});
