/** The account's own keys on one device, beside a server that answers when it likes. */

import "fake-indexeddb/auto";
import { afterEach, expect, test } from "vitest";
import { OwnKeys, type OwnKeysOptions } from "../../src/client/sealed/own_keys.ts";
import { Trust } from "../../src/client/sealed/trust.ts";
import { deleteKeyStore, openKeyStore } from "../../src/crypto/key_store.ts";
import { ApiError } from "../../src/protocol/errors.ts";
import type { NewIdentity, NewWrap, OwnKeys as Served, WrapToAdd } from "../../src/protocol/encryption_rest.ts";
import { createStores } from "../../src/stores/stores.ts";
import * as eg from "../examples.ts";

const closing: (() => Promise<void>)[] = [];

afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

/** What keeps one's wraps, and asks for the password before it lets go of any. */
class WrapServer {
  served: Served = { identity: null, wraps: [] };
  private count = 0;

  readonly rest = {
    ownKeys: async () => await Promise.resolve(this.served),
    setIdentity: async ({ public_key, private_key, wraps }: NewIdentity) => {
      this.served = { identity: { public_key: { ...public_key }, private_key: { ...private_key }, version: 1 }, wraps: wraps.map((wrap) => this.kept(wrap)) };
      return await Promise.resolve(this.served);
    },
    addWrap: async ({ replaces, password, ...wrap }: WrapToAdd) => {
      if (replaces.length > 0) this.prove(password);
      const added = this.kept(wrap);
      this.served = { ...this.served, wraps: [...this.served.wraps.filter(({ id }) => !replaces.includes(id)), added] };
      return await Promise.resolve(added);
    },
    removeWrap: async (gone: string, password?: string) => {
      this.prove(password);
      this.served = { ...this.served, wraps: this.served.wraps.filter(({ id }) => id !== gone) };
      return await Promise.resolve(undefined);
    },
  };

  private kept({ kind, label, wrapped }: NewWrap) {
    this.count += 1;
    return { id: `wrap ${this.count}`, kind, label: label ?? null, wrapped: { ...wrapped }, inserted_at: "2025-05-01T12:00:00.000Z" };
  }

  private prove(password: string | undefined): void {
    if (password !== "right") throw new ApiError({ status: 400, code: "wrong_password", detail: "This is not your password." });
  }
}

async function device(rest: OwnKeysOptions["rest"]) {
  const keys = await openKeyStore(eg.ana);
  closing.push(async () => {
    keys.close();
    await deleteKeyStore(eg.ana);
  });
  const { encryption: store } = createStores({ theme: "auto", magnification: 1, hidden: false });
  const own = new OwnKeys({ myId: eg.ana, rest, keys, store, trust: new Trust(keys, store, eg.ana), onStanding: () => undefined });
  return { own, store };
}

test("keys that are set up while the server is asked for them are not taken away by its older answer", async () => {
  const server = new WrapServer();
  const { own, store } = await device({
    ...server.rest,
    // The answer is made at once, and takes its time on the way.
    ownKeys: async () => {
      const answer = server.served;
      await new Promise((resolve) => setTimeout(resolve, 400));
      return answer;
    },
  });
  await Promise.all([own.load(), own.setUp()]);
  expect(own.unlocked()).not.toBeNull();
  expect(own.version()).toBe(1);
  expect(store.getState().standing).toBe("ready");
});

test("a new recovery key takes the place of the one before, or is not kept where the password is wrong", async () => {
  const server = new WrapServer();
  const { own } = await device(server.rest);
  const first = await own.setUp();
  const before = server.served;
  await expect(own.renewRecoveryKey("wrong")).rejects.toMatchObject({ code: "wrong_password" });
  expect(server.served).toEqual(before);
  const second = await own.renewRecoveryKey("right");
  expect(server.served.wraps).toHaveLength(1);
  expect([await own.isRecoveryKey(first), await own.isRecoveryKey(second)]).toEqual([false, true]);
});
