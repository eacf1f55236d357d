import "fake-indexeddb/auto";
import { afterEach, beforeAll, describe, expect, test } from "vitest";
import { accept, withVerified } from "../../src/crypto/identities.ts";
import { generateIdentity } from "../../src/crypto/identity_keys.ts";
import { type ConversationKeys, makeConversationKeys } from "../../src/crypto/key_pairs.ts";
import { deleteKeyStore, type KeyStore, openKeyStore } from "../../src/crypto/key_store.ts";
import { openMessage } from "../../src/crypto/opening.ts";
import { sealMessage } from "../../src/crypto/sealing.ts";
import * as eg from "../examples.ts";
import { keysOf, otherChatId, person, type Person, ref, setting, verified } from "./people.ts";

let ana: Person;
let keys: ConversationKeys;
const opened: KeyStore[] = [];

beforeAll(async () => {
  ana = await person(eg.ana);
  keys = await keysOf(ana);
});

afterEach(async () => {
  for (const store of opened.splice(0)) store.close();
  await Promise.all([eg.ana, eg.ben].map(deleteKeyStore));
});

async function openStore(accountId = eg.ana): Promise<KeyStore> {
  const store = await openKeyStore(accountId);
  opened.push(store);
  return store;
}

describe("the keys of an account in this browser", () => {
  test("are there again when the page comes back", async () => {
    const before = await openStore();
    const pin = withVerified(accept(null, eg.ben, "an identity"), true);
    await before.keepAccountSecret(ana.secret);
    await before.keepIdentity(ana.identity);
    await before.keepConversationKeys(keys);
    await before.changePin(eg.ben, () => pin);
    before.close();
    const after = await openStore();
    expect(await after.accountSecret()).toEqual(ana.secret);
    expect(await after.identity()).toMatchObject({ identity: ana.identity.identity });
    expect(await after.pin(eg.ben)).toEqual(pin);
    expect(await after.pins()).toEqual([pin]);
    expect(await after.conversationKeys(keys.thumbprint)).toMatchObject({ conversationId: eg.chatId, accountId: eg.ana });
  });

  test("open copies as they did before they were kept", async () => {
    const store = await openStore();
    await store.keepConversationKeys(keys);
    const copy = (await sealMessage({ text: "to myself" }, ref, keys, [await verified(keys)]))[eg.ana] ?? "";
    const found = await openMessage(copy, setting(keys, keys, { ownKeys: (thumbprint) => store.conversationKeys(thumbprint) }));
    expect(found).toMatchObject({ status: "opened", content: { text: "to myself" } });
  });

  test("are not there where nothing was kept", async () => {
    const store = await openStore();
    expect(await store.accountSecret()).toBeNull();
    expect(await store.identity()).toBeNull();
    expect(await store.pin(eg.ben)).toBeNull();
    expect(await store.conversationKeys(keys.thumbprint)).toBeNull();
    expect(await store.conversationKeysOf(eg.chatId)).toEqual([]);
  });

  test("are gone after the sign-out, and what was sealed for the device with them", async () => {
    const before = await openStore();
    await before.keepAccountSecret(ana.secret);
    const sealed = await before.seal("index", ana.secret);
    // The other tab's store lets go by itself.
    await deleteKeyStore(eg.ana);
    const after = await openStore();
    expect(await after.accountSecret()).toBeNull();
    expect(await after.open("index", sealed)).toBeNull();
  });

  test("are each account's own", async () => {
    const [anas, bens] = [await openStore(eg.ana), await openStore(eg.ben)];
    await anas.keepAccountSecret(ana.secret);
    expect(await bens.accountSecret()).toBeNull();
    expect(await bens.open("index", await anas.seal("index", ana.secret))).toBeNull();
  });

  test("of a conversation come with those that were made last at the beginning", async () => {
    const store = await openStore();
    const make = async (at: string, conversationId: string) => {
      const made = await makeConversationKeys({ conversationId, accountId: eg.ana }, ana.identity, ana.wrappingKey, new Date(at));
      await store.keepConversationKeys(made.keys);
      return made.keys.thumbprint;
    };
    const middle = await make("2025-05-02", eg.chatId);
    const last = await make("2025-05-03", eg.chatId);
    const first = await make("2025-05-01", eg.chatId);
    await make("2025-05-04", otherChatId);
    const found = await store.conversationKeysOf(eg.chatId);
    expect(found.map(({ thumbprint }) => thumbprint)).toEqual([last, middle, first]);
  });

  test("are not kept in a form that can be read out", async () => {
    const store = await openStore();
    await expect(store.keepIdentity(await generateIdentity())).rejects.toThrow("read out");
    const pair = (await crypto.subtle.generateKey({ name: "X25519" }, true, ["deriveBits"])) as CryptoKeyPair;
    await expect(store.keepConversationKeys({ ...keys, privateKey: pair.privateKey })).rejects.toThrow("read out");
    await store.keepConversationKeys(keys);
    const kept = await store.conversationKeys(keys.thumbprint);
    expect(kept?.privateKey.extractable).toBe(false);
  });

  test("do not show the account secret to whoever reads the database", async () => {
    const store = await openStore();
    await store.keepAccountSecret(ana.secret);
    const database = await new Promise<IDBDatabase>((resolve, reject) => {
      const request = indexedDB.open(`tertulia-keys.${eg.ana}`);
      request.addEventListener("success", () => resolve(request.result));
      request.addEventListener("error", () => reject(new Error("It did not open.")));
    });
    const rows = await new Promise<unknown[]>((resolve) => {
      const request = database.transaction("account").objectStore("account").getAll();
      request.addEventListener("success", () => resolve(request.result as unknown[]));
    });
    database.close();
    expect(rows).toHaveLength(1);
    const [{ ct }] = rows as [{ ct: Uint8Array }];
    expect(ct).toHaveLength(ana.secret.length + 16);
    expect(Buffer.from(ct).includes(Buffer.from(ana.secret))).toBe(false);
  });

  test("two tabs that open at once have the same device key", async () => {
    const [one, other] = await Promise.all([openStore(), openStore()]);
    expect(await other.open("index", await one.seal("index", ana.secret))).toEqual(ana.secret);
    expect(await other.open("another", await one.seal("index", ana.secret))).toBeNull();
  });
});
