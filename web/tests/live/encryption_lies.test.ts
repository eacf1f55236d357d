/** A server that lies, and connections that break: what is shown of encrypted conversations then. */

import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import { newAccountSecret, wrappingKeyOf } from "../../src/crypto/account_secret.ts";
import { makeConversationKeys, makeIdentity } from "../../src/crypto/key_pairs.ts";
import { verifyPublicKey, type VerifiedKey } from "../../src/crypto/public_keys.ts";
import { sealMessage } from "../../src/crypto/sealing.ts";
import type { KeyObject } from "../../src/model/encryption.ts";
import { eventuallySays, everyoneReady, given, isIn, sealedGroup, sealer, shown, texts } from "./encrypted.ts";
import { eventually } from "../eventually.ts";
import { online, pending, type Person, readToTheStart, row, thread } from "./people.ts";
import { people } from "./town.ts";

/** A pair of keys for a place of somebody's, signed by an identity that is not theirs. */
async function forgedKeys(conversationId: string, accountId: string) {
  const wrappingKey = await wrappingKeyOf(newAccountSecret());
  const identity = await makeIdentity(wrappingKey);
  return await makeConversationKeys({ conversationId, accountId }, identity.keys, wrappingKey, new Date());
}

async function keyOf(person: Person, id: string): Promise<{ object: KeyObject; key: VerifiedKey }> {
  const object = (await person.browser.rest().keysOf(id)).public_keys[person.id] ?? {};
  const found = await verifyPublicKey(object, { conversationId: id, accountId: person.id });
  if (found.status === "refused") throw new Error(found.because);
  return { object, key: found.key };
}

describe("a server that gives another key as somebody's", () => {
  test("is noticed, and nothing is sealed to that key until the reader says so", async () => {
    const [ana, ben] = await Promise.all([sealer(people, "Ana"), sealer(people, "Ben")]);
    const id = await sealedGroup([ana, ben]);
    await ana.client.send(id, "before");
    await eventuallySays(ben.client, id, ["before"]);
    const { object } = await keyOf(ben, id);
    const forged = await forgedKeys(id, ben.id);
    ana.browser.rewrite = (text) => text.replaceAll(JSON.stringify(object), JSON.stringify(forged.publicObject));
    ana.browser.cut();
    const encryption = () => ana.client.stores.encryption.getState();
    await eventually(() => {
      expect(encryption().rooms[id]).toEqual({ waitingFor: [], changed: [ben.id] });
      expect(encryption().trust[ben.id]).toBe("changed");
    });
    await online(ana.client);
    await ana.client.send(id, "for Ben only");
    await sleep(500);
    expect(pending(ana.client, id)).toMatchObject([{ content: "for Ben only", delivery: { status: "waiting" } }]);

    ana.browser.rewrite = (text) => text;
    ana.browser.cut();
    await eventuallySays(ben.client, id, ["before", "for Ben only"]);
    expect(encryption().rooms[id]).toEqual({ waitingFor: [], changed: [] });
  });

  test("does not get what it seals by that key shown as theirs", async () => {
    const [ana, ben] = await Promise.all([sealer(people, "Ana"), sealer(people, "Ben")]);
    const id = await sealedGroup([ana, ben]);
    const forged = await forgedKeys(id, ben.id);
    const { key } = await keyOf(ana, id);
    const ref = "0190d000-0000-7000-8000-000000000001";
    const copies = await sealMessage({ text: "send me your papers" }, ref, forged.keys, [key]);
    ana.browser.rewrite = (text) =>
      text
        .replaceAll(/"content":\s*"(?:[^"\\]|\\.)+"/gu, () => `"content":${JSON.stringify(copies[ana.id])}`)
        .replaceAll(/"client_ref":\s*"[^"]+"/gu, () => `"client_ref":${JSON.stringify(ref)}`);
    await ben.client.send(id, "hello");
    await eventually(() => expect(thread(ana.client, id).messages).toHaveLength(1));
    await eventually(() => expect(texts(ana.client, id)).toEqual(["[unknown_key_of_sender]"]));
    expect(ana.client.stores.encryption.getState().trust[ben.id]).toBe("known");
  });

  test("shows a message twice, and only the first is shown", async () => {
    const [ana, ben] = await Promise.all([sealer(people, "Ana"), sealer(people, "Ben")]);
    const id = await sealedGroup([ana, ben]);
    await ben.client.send(id, "pay once");
    await eventuallySays(ana.client, id, ["pay once"]);
    const first = thread(ana.client, id).messages[0];
    ana.browser.rewrite = (text) =>
      text
        .replaceAll(/"content":\s*"(?:[^"\\]|\\.)+"/gu, () => `"content":${JSON.stringify(first?.content)}`)
        .replaceAll(/"client_ref":\s*"[^"]+"/gu, () => `"client_ref":${JSON.stringify(first?.client_ref)}`);
    await ben.client.send(id, "and no more");
    await eventually(() => expect(texts(ana.client, id)).toEqual(["pay once", "[shown_again]"]));
  });
});

describe("files in an encrypted group", () => {
  test("go up as what nobody can read, and open on the other side with their names and kinds", async () => {
    const [ana, ben] = await Promise.all([sealer(people, "Ana"), sealer(people, "Ben")]);
    const id = await sealedGroup([ana, ben]);
    const content = new Blob(["the map of the harbour"], { type: "text/plain" });
    await ana.client.send(id, "see this", null, { files: [{ name: "map.txt", content, width: null, height: null }] });
    await eventuallySays(ben.client, id, ["see this"]);
    const attachment = given(shown(ben.client, id)[0]?.attachments[0]);
    expect(attachment).toMatchObject({ name: "map.txt", media_type: "text/plain", kind: "file", size: content.size });
    const rest = ben.browser.rest();
    const stored = new TextDecoder().decode(given((await rest.content(attachment.url, 1_000)) ?? undefined));
    expect(stored).not.toContain("harbour");
    expect(JSON.stringify(await rest.messages(id))).not.toContain("map.txt");
    const file = await ben.client.encryption.openFile(attachment);
    expect(await file.content.text()).toBe("the map of the harbour");
    file.release();

    const damaged = { ...attachment, sealed: { ...given(attachment.sealed), digest: "A".repeat(43) } };
    await expect(ben.client.encryption.openFile(damaged)).rejects.toMatchObject({ code: "file_damaged" });
  });

  test("wait sealed on disk while there is no connection, and go out after a reload", async () => {
    const [ana, ben] = await Promise.all([sealer(people, "Ana"), sealer(people, "Ben")]);
    const id = await sealedGroup([ana, ben]);
    await sleep(300);
    const barrier = new EventTarget();
    const until = new Promise<void>((resolve) => barrier.addEventListener("open", () => resolve()));
    ana.browser.held = { path: "/api/uploads/resumable", until };
    const content = new Blob(["the map of the harbour"], { type: "text/plain" });
    await ana.client.send(id, "see this", null, { files: [{ name: "map.txt", content, width: null, height: null }] });
    ana.client.stop();
    const again = ana.browser.open();
    await again.start();
    await eventually(() => expect(pending(again, id)).toMatchObject([{ content: "see this", files: [{ name: "map.txt" }] }]));
    expect(await pending(again, id)[0]?.files[0]?.content?.text()).toBe("the map of the harbour");
    barrier.dispatchEvent(new Event("open"));
    await eventuallySays(ben.client, id, ["see this"]);
    expect(shown(ben.client, id)[0]?.attachments).toMatchObject([{ name: "map.txt" }]);
  });
});

/** Numbers that look random and are the same in every run: mulberry32. */
function numbers(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}

describe("clients whose connections break again and again", () => {
  test.each([1, 2])("show in the end what the server has, opened (story %i)", async (seed) => {
    const random = numbers(seed);
    const [ana, ben, cleo] = await Promise.all(["Ana", "Ben", "Cleo"].map(async (name) => await sealer(people, name)));
    if (!ana || !ben || !cleo) throw new Error("somebody is missing");
    const id = await sealedGroup([ana, ben]);
    const everyone = [ana, ben];
    let sent = 0;
    const some = (person: Person) => {
      const { messages } = thread(person.client, id);
      return messages[random(Math.max(1, messages.length))];
    };
    const acts: readonly (() => Promise<unknown>)[] = [
      async () => await ana.client.send(id, `ana ${(sent += 1)}`),
      async () => await ben.client.send(id, `ben ${(sent += 1)}`),
      async () => {
        const message = some(ana);
        if (message?.sender === ana.id && !message.is_deleted) await ana.client.edit(message.id, `rewritten ${(sent += 1)}`, id);
      },
      async () => {
        const message = some(ben);
        if (message && !message.is_deleted) await ben.client.messages.react(message, "👍", random(2) === 0);
      },
      async () => {
        const message = some(ana);
        if (message && random(3) === 0) await ana.client.remove(message.id);
      },
      async () => {
        const isInside = row(cleo.client, id) !== undefined;
        await (isInside ? ana.client.moderation.remove(id, cleo.id) : ana.client.addMembers(id, [cleo.id]));
      },
    ];
    for (let step = 0; step < 60; step += 1) {
      if (random(6) === 0) everyone[random(2)]?.browser.cut();
      await acts[random(acts.length)]?.().catch(() => undefined);
      if (random(3) === 0) await sleep(random(40));
    }
    if (row(cleo.client, id) === undefined) await ana.client.addMembers(id, [cleo.id]).catch(() => undefined);
    await isIn(cleo.client, id);
    await everyoneReady([ana, ben, cleo], id);
    await eventually(() => expect([pending(ana.client, id), pending(ben.client, id)]).toEqual([[], []]));
    for (const { client, browser } of [ana, ben, cleo]) {
      await readToTheStart(client, id);
      await eventually(async () => {
        const { items } = await browser.rest().messages(id);
        expect(thread(client, id).messages.slice(-items.length)).toEqual(items.toReversed());
        expect(row(client, id)).toEqual({ ...(await browser.rest().conversation(id)), others_read_seq: expect.any(Number) as number });
      });
    }
    expect(texts(ana.client, id).length).toBeGreaterThan(10);
    await eventually(() => {
      expect(texts(ana.client, id).filter((text) => text.startsWith("["))).toEqual([]);
      expect(texts(ben.client, id)).toEqual(texts(ana.client, id));
      expect(texts(cleo.client, id).filter((text) => text.startsWith("["))).toEqual([]);
    });
  }, 60_000);
});
