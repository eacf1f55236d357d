/** The keys of encrypted conversations, as two people's clients publish and check them over one server. */

import "fake-indexeddb/auto";
import { afterEach, describe, expect, test } from "vitest";
import { Circles } from "../../src/client/sealed/circles.ts";
import { OwnKeys } from "../../src/client/sealed/own_keys.ts";
import { unlessPassing } from "../../src/client/sealed/refusals.ts";
import { Rooms } from "../../src/client/sealed/rooms.ts";
import { Trust } from "../../src/client/sealed/trust.ts";
import { deleteKeyStore, openKeyStore } from "../../src/crypto/key_store.ts";
import { thumbprintOf } from "../../src/crypto/public_keys.ts";
import type { KeyObject, KeyObjects, ServedKeys } from "../../src/model/encryption.ts";
import type { NewIdentity, OwnKeys as ServedOwnKeys } from "../../src/protocol/encryption_rest.ts";
import { ApiError } from "../../src/protocol/errors.ts";
import { exclusivelyHere } from "../../src/protocol/locks.ts";
import { createStores } from "../../src/stores/stores.ts";
import * as eg from "../examples.ts";

type Listener = (userId: string, publicKey: KeyObject, seq: number) => void;

/** What a server keeps of the keys of one conversation, and of those of its people. */
class KeyServer {
  readonly own = new Map<string, ServedOwnKeys>();
  readonly pairs = new Map<string, KeyObjects[]>();
  readonly listeners: Listener[] = [];
  seq = 1;
  maxPairs = 500;
  /** Happens before an answer is given. */
  meanwhile: (() => Promise<void>) | null = null;

  keysOf(userId: string): ServedKeys {
    const own = this.pairs.get(userId)?.toReversed() ?? [];
    const current = [...this.pairs].map(([id, pairs]) => [id, pairs.at(-1)?.public_key ?? {}] as const);
    return { public_keys: Object.fromEntries(current), private_key: own[0]?.private_key ?? null, private_keys: own.slice(1), identities: {} };
  }

  publish(userId: string, pair: KeyObjects): void {
    if (this.pairs.get(userId)?.length === this.maxPairs) throw new ApiError({ status: 409, code: "too_many_keys", detail: "Too many." });
    this.pairs.set(userId, [...(this.pairs.get(userId) ?? []), pair]);
    this.seq += 1;
    for (const listener of this.listeners) listener(userId, pair.public_key, this.seq);
  }
}

const closing: (() => Promise<void>)[] = [];

afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

/** `members` is what the server says at each moment. `isPrivate`: it is a conversation of two. */
async function person(myId: string, server: KeyServer, members: readonly string[], isPrivate = false) {
  const keys = await openKeyStore(myId);
  const { encryption: store } = createStores({ theme: "auto", magnification: 1, hidden: false });
  const trust = new Trust(keys, store, myId);
  const own: OwnKeys = new OwnKeys({
    myId,
    rest: {
      ownKeys: async () => await Promise.resolve(server.own.get(myId) ?? { identity: null, wraps: [] }),
      setIdentity: async ({ public_key, private_key }: NewIdentity) => {
        const served = { identity: { public_key: { ...public_key }, private_key: { ...private_key }, version: 1 }, wraps: [] };
        server.own.set(myId, served);
        return await Promise.resolve(served);
      },
      addWrap: async () => await Promise.reject(new Error("not in this story")),
      removeWrap: async () => await Promise.reject(new Error("not in this story")),
    },
    keys,
    store,
    trust,
    onStanding: () => undefined,
  });
  await own.load();
  if (own.unlocked() === null) await own.setUp();
  const circles = new Circles(keys);
  await circles.load();
  const rooms = new Rooms({
    myId,
    rest: {
      keysOf: async () => {
        await server.meanwhile?.();
        return server.keysOf(myId);
      },
      publishKeys: async (_id, pair) => {
        server.publish(myId, pair);
        return await Promise.resolve({ public_key: { ...pair.public_key }, private_key: { ...pair.private_key } });
      },
    },
    keys,
    own,
    trust,
    circles,
    store,
    exclusively: exclusivelyHere(),
    membersOf: () => members,
    loadMembers: async () => await Promise.resolve(),
    isPrivate: () => isPrivate,
    onChanged: () => undefined,
  });
  closing.push(async () => {
    keys.close();
    await deleteKeyStore(myId);
  });
  server.listeners.push((userId, publicKey, seq) => {
    const event = { type: "set_encryption_keys", seq, user_id: userId, public_key: publicKey } as const;
    void rooms.hearEvent(eg.chatId, event).catch(unlessPassing);
  });
  const standing = () => store.getState().rooms[eg.chatId];
  return { rooms, trust, standing, join: async () => await rooms.hear(eg.chatId, server.keysOf(myId), server.seq) };
}

function pairOf(server: KeyServer, userId: string): KeyObjects {
  const pair = server.pairs.get(userId)?.at(-1);
  if (pair === undefined) throw new Error("nothing was published");
  return pair;
}

/** The same key, with what its owner did not sign. */
function spoiled(pair: KeyObjects): KeyObjects {
  return { ...pair, public_key: { ...pair.public_key, at: "2025-05-01T12:00:00.000Z" } };
}

const everyone = [eg.ana, eg.ben];
const ready = { waitingFor: [], changed: [] };

describe("the keys of a conversation", () => {
  test("are published by whoever joins without any, and checked by the others", async () => {
    const server = new KeyServer();
    const [ana, ben] = [await person(eg.ana, server, everyone), await person(eg.ben, server, everyone)];
    await ana.join();
    expect(ana.standing()).toEqual({ waitingFor: [eg.ben], changed: [] });
    await ben.join();
    await ana.rooms.settled(eg.chatId);
    expect([ana.standing(), ben.standing()]).toEqual([ready, ready]);
    const { recipients } = await ana.rooms.sealing(eg.chatId);
    expect(recipients.map(({ accountId }) => accountId).toSorted()).toEqual(everyone);
    expect([...server.pairs.values()].map((pairs) => pairs.length)).toEqual([1, 1]);
  });

  test("that their owner did not sign are told from those that are not there yet", async () => {
    const server = new KeyServer();
    const [ana, ben] = [await person(eg.ana, server, everyone), await person(eg.ben, server, everyone)];
    await ana.join();
    await ben.join();
    const pair = pairOf(server, eg.ben);
    // Ben does not hear of it, and so makes no other one.
    server.listeners.pop();
    server.publish(eg.ben, spoiled(pair));
    await ana.rooms.settled(eg.chatId);
    expect(ana.standing()).toEqual({ waitingFor: [eg.ben], unusable: [eg.ben], changed: [] });
    await expect(ana.rooms.sealing(eg.chatId)).rejects.toMatchObject({ code: "waiting_for_keys" });
    server.publish(eg.ben, pair);
    await ana.rooms.settled(eg.chatId);
    expect(ana.standing()).toEqual(ready);
  });

  test("that are spoiled at the server are made anew by their owner, who has them unspoiled", async () => {
    const server = new KeyServer();
    const [ana, ben] = [await person(eg.ana, server, everyone), await person(eg.ben, server, everyone)];
    await ana.join();
    await ben.join();
    const pair = pairOf(server, eg.ben);
    server.pairs.set(eg.ben, [spoiled(pair)]);
    await ana.join();
    expect(ana.standing()).toMatchObject({ unusable: [eg.ben] });
    await ben.join();
    await ana.rooms.settled(eg.chatId);
    expect(ana.standing()).toEqual(ready);
    expect(server.pairs.get(eg.ben)).toHaveLength(2);
    expect(await ben.rooms.pair(await thumbprintOf(String(pair.public_key["x"])))).not.toBeNull();
  });

  test("that a former identity signed cannot be used, which is told from those that are not there yet", async () => {
    const server = new KeyServer();
    const [ana, ben] = [await person(eg.ana, server, everyone), await person(eg.ben, server, everyone)];
    await ana.join();
    await ben.join();
    await ana.rooms.settled(eg.chatId);
    await ana.trust.see(eg.ben, "A".repeat(43));
    await ana.trust.accept(eg.ben);
    await ana.rooms.lookAgain();
    expect(ana.standing()).toEqual({ waitingFor: [eg.ben], unusable: [eg.ben], changed: [] });
  });

  test("of one who publishes at the same moment are not missed", async () => {
    const server = new KeyServer();
    const [ana, ben] = [await person(eg.ana, server, everyone), await person(eg.ben, server, everyone)];
    server.meanwhile = async () => {
      server.meanwhile = null;
      await ben.join();
    };
    await ana.join();
    await Promise.all([ana.rooms.settled(eg.chatId), ben.rooms.settled(eg.chatId)]);
    expect([ana.standing(), ben.standing()]).toEqual([ready, ready]);
  });

  test("are not forgotten for an answer that was given before they were told", async () => {
    const server = new KeyServer();
    const [ana, ben] = [await person(eg.ana, server, everyone), await person(eg.ben, server, everyone)];
    await ana.join();
    const [early, seq] = [server.keysOf(eg.ana), server.seq];
    await ben.join();
    await ana.rooms.settled(eg.chatId);
    await ana.rooms.hear(eg.chatId, early, seq);
    expect(ana.standing()).toEqual(ready);
  });

  test("are renewed before the next message once somebody has left, and once only", async () => {
    const server = new KeyServer();
    const [ana, ben] = [await person(eg.ana, server, everyone), await person(eg.ben, server, everyone)];
    await ana.join();
    await ben.join();
    const before = (await ana.rooms.sealing(eg.chatId)).sender.thumbprint;
    void ana.rooms.hearEvent(eg.chatId, { type: "leave_conversation", seq: 3, user_id: eg.cleo, removed: false });
    await ana.rooms.settled(eg.chatId);
    expect(server.pairs.get(eg.ana)).toHaveLength(1);
    const after = (await ana.rooms.sealing(eg.chatId)).sender.thumbprint;
    expect(after).not.toBe(before);
    expect((await ana.rooms.sealing(eg.chatId)).sender.thumbprint).toBe(after);
    expect(server.pairs.get(eg.ana)).toHaveLength(2);
    expect(await ana.rooms.pair(before)).not.toBeNull();
  });

  test("are renewed before the next message where somebody is gone whose leaving was never told, and once only", async () => {
    const server = new KeyServer();
    const there = [eg.ana, eg.ben, eg.cleo];
    const everybody = await Promise.all(there.map(async (id) => await person(id, server, there)));
    for (const { join } of everybody) await join();
    const [ana] = everybody;
    await ana?.rooms.settled(eg.chatId);
    const before = (await ana?.rooms.sealing(eg.chatId))?.sender.thumbprint;
    const start = async (...members: string[]) => {
      const again = await person(eg.ana, server, members);
      await again.join();
      return (await again.rooms.sealing(eg.chatId)).sender.thumbprint;
    };
    expect(await start(eg.ana, eg.ben, eg.cleo)).toBe(before);
    const after = await start(eg.ana, eg.ben);
    expect(after).not.toBe(before);
    expect(await start(eg.ana, eg.ben)).toBe(after);
    // Who came back may leave again.
    expect(await start(eg.ana, eg.ben, eg.cleo)).toBe(after);
    expect(await start(eg.ana, eg.ben)).not.toBe(after);
  });

  test("are renewed for somebody who has left, though one's own pair was still to be found again", async () => {
    const server = new KeyServer();
    const [ana, ben] = [await person(eg.ana, server, everyone), await person(eg.ben, server, everyone)];
    await ana.join();
    await ben.join();
    const again = await person(eg.ana, server, everyone);
    // Before anything is heard of its keys.
    await again.rooms.someoneLeft(eg.chatId);
    await again.rooms.sealing(eg.chatId);
    expect(server.pairs.get(eg.ana)).toHaveLength(2);
  });

  test("go on as they are where there is no room for another pair", async () => {
    const server = new KeyServer();
    const [ana, ben] = [await person(eg.ana, server, everyone), await person(eg.ben, server, everyone)];
    await ana.join();
    await ben.join();
    const { sender } = await ana.rooms.sealing(eg.chatId);
    server.maxPairs = 1;
    await ana.rooms.someoneLeft(eg.chatId);
    expect((await ana.rooms.sealing(eg.chatId)).sender).toEqual(sender);
    server.maxPairs = 2;
    // It is tried again when the next one leaves, and not before every message.
    expect((await ana.rooms.sealing(eg.chatId)).sender).toEqual(sender);
    await ana.rooms.someoneLeft(eg.chatId);
    expect((await ana.rooms.sealing(eg.chatId)).sender).not.toEqual(sender);
  });

  test("are looked at again after something has gone wrong at them", async () => {
    const server = new KeyServer();
    const ana = await person(eg.ana, server, everyone);
    server.meanwhile = async () => {
      server.meanwhile = null;
      await Promise.reject(new TypeError("The disk has failed."));
    };
    await expect(ana.rooms.refresh(eg.chatId)).rejects.toThrow(TypeError);
    await ana.join();
    expect(ana.standing()).toEqual({ waitingFor: [eg.ben], changed: [] });
  });
});

/** Ana and Ben have keys, Ana's device has looked, and Cleo is elsewhere. */
async function lookedAt(isPrivate: boolean) {
  const server = new KeyServer();
  const there = [eg.ana, eg.ben];
  const ana = await person(eg.ana, server, there, isPrivate);
  const [ben, cleo] = [await person(eg.ben, server, everyone), await person(eg.cleo, server, [eg.cleo])];
  for (const { join } of [ana, ben]) await join();
  await ana.rooms.settled(eg.chatId);
  expect(ana.standing()).toEqual(ready);
  const become = async (...userIds: string[]) => {
    there.splice(0, there.length, eg.ana, ...userIds);
    await cleo.join();
    await ana.join();
  };
  const readers = async () => (await ana.rooms.sealing(eg.chatId)).recipients.map(({ accountId }) => accountId).toSorted();
  return { ana, become, readers, server, there };
}

describe("who is there", () => {
  test("in private is whom the device found there first, and nothing is sealed for another one", async () => {
    const { ana, become, readers } = await lookedAt(true);
    await become(eg.cleo);
    expect(ana.standing()).toEqual({ waitingFor: [], changed: [eg.cleo], exchanged: [eg.cleo] });
    expect(ana.rooms.isStranger(eg.chatId, eg.cleo)).toBe(true);
    await expect(readers()).rejects.toMatchObject({ code: "key_changed" });
    await become(eg.ben);
    expect(await readers()).toEqual([eg.ana, eg.ben]);
    await become(eg.cleo);
    await ana.rooms.acceptReaders(eg.chatId, [eg.cleo]);
    expect(ana.standing()).toEqual(ready);
    expect(await readers()).toEqual([eg.ana, eg.cleo]);
  });

  test("in private is remembered over a reload, whatever kind the server gives it then", async () => {
    const { become, server, there } = await lookedAt(true);
    await become(eg.cleo);
    const again = await person(eg.ana, server, there, false);
    await again.join();
    await expect(again.rooms.sealing(eg.chatId)).rejects.toMatchObject({ code: "key_changed" });
  });

  test("and was not before gets nothing until the person is told, and is told of at the first sending", async () => {
    const { ana, become, readers } = await lookedAt(false);
    await become(eg.ben, eg.cleo);
    expect(ana.standing()).toEqual({ waitingFor: [], changed: [], newcomers: [eg.cleo] });
    await expect(readers()).rejects.toMatchObject({ code: "unseen_readers" });
    ana.rooms.showReaders(eg.chatId, [eg.cleo]);
    expect(await readers()).toEqual([eg.ana, eg.ben, eg.cleo]);
    // It stays in view, and is over once it is not looked at any more.
    expect(ana.standing()).toMatchObject({ newcomers: [eg.cleo] });
    ana.rooms.showReaders(eg.chatId, []);
    expect(ana.standing()).toEqual(ready);
  });

  test("and was told of, but never written to, is told of again", async () => {
    const { ana, become, readers, server, there } = await lookedAt(false);
    await become(eg.ben, eg.cleo);
    ana.rooms.showReaders(eg.chatId, [eg.cleo]);
    ana.rooms.showReaders(eg.chatId, []);
    await expect(readers()).rejects.toMatchObject({ code: "unseen_readers" });
    const again = await person(eg.ana, server, there);
    await again.join();
    expect(again.standing()).toMatchObject({ newcomers: [eg.cleo] });
    await again.rooms.acceptReaders(eg.chatId, [eg.cleo]);
    expect(again.standing()).toEqual(ready);
  });
});
