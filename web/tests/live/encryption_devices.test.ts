/** One person on several devices: keys that come back, go over, begin anew, and go at sign-out. */

import { describe, expect, test } from "vitest";
import { IDBFactory } from "fake-indexeddb";
import { openDB } from "idb";
import type { Client } from "../../src/client/client.ts";
import { everyoneReady, given, isIn, type Sealer, sealedGroup, sealer, shown, texts } from "./encrypted.ts";
import { eventually } from "../eventually.ts";
import { online, opened, password } from "./people.ts";
import { people } from "./town.ts";

function encryption(client: Client) {
  return client.stores.encryption.getState();
}

/** Another browser in which this person signs in, with databases of its own. */
async function secondDevice(person: Sealer): Promise<Client> {
  const here = globalThis.indexedDB;
  globalThis.indexedDB = new IDBFactory();
  try {
    const client = people.browser().open();
    await client.start();
    await client.signIn({ login: person.email, password });
    await online(client);
    // All databases are open then.
    await eventually(() => expect(encryption(client).standing).toBe("locked"));
    return client;
  } finally {
    globalThis.indexedDB = here;
  }
}

async function databasesOf({ id }: Sealer): Promise<readonly string[]> {
  const databases = await indexedDB.databases();
  return databases.map(({ name = "" }) => name).filter((name) => name.endsWith(id));
}

/** Everything in a database, as text; bytes as the text that they would be. */
async function dumpOf(name: string): Promise<string> {
  const database = await openDB(name);
  const rows = await Promise.all([...database.objectStoreNames].map(async (store) => (await database.getAll(store)) as unknown[]));
  database.close();
  return JSON.stringify(rows, asText);
}

function asText(_key: string, value: unknown): unknown {
  return value instanceof Uint8Array ? new TextDecoder().decode(value) : value;
}

async function twoWhoTalked() {
  const [ana, ben] = await Promise.all([sealer(people, "Ana"), sealer(people, "Ben")]);
  const id = await sealedGroup([ana, ben]);
  await ana.client.send(id, "one");
  await ben.client.send(id, "two");
  await eventually(() => expect(texts(ana.client, id).toSorted()).toEqual(["one", "two"]));
  return { ana, ben, id };
}

describe("a second device", () => {
  test("opens nothing until the recovery key is given, with the slips of a hand", async () => {
    const { ana, id } = await twoWhoTalked();
    const second = await secondDevice(ana);
    await isIn(second, id);
    await eventually(() => expect(texts(second, id)).toEqual(["[locked]", "[locked]"]));

    await expect(second.encryption.restoreWithRecoveryKey("7ZZA")).rejects.toMatchObject({ code: "recovery_key_length" });
    const slipped = `${ana.recoveryKey.slice(0, -1)}${ana.recoveryKey.endsWith("2") ? "3" : "2"}`;
    await expect(second.encryption.restoreWithRecoveryKey(slipped)).rejects.toMatchObject({ code: "recovery_key_typo" });
    await second.encryption.restoreWithRecoveryKey(` ${ana.recoveryKey.toLowerCase().replaceAll("-", " ")} `);
    expect(encryption(second).standing).toBe("ready");
    await eventually(() => expect(texts(second, id).toSorted()).toEqual(["one", "two"]));
    await second.send(id, "from here as well");
    await eventually(() => expect(texts(ana.client, id)).toContain("from here as well"));
  });

  test("is handed the secret by the first one, once both show the same code", async () => {
    const { ana, id } = await twoWhoTalked();
    const second = await secondDevice(ana);
    await isIn(second, id);
    await second.encryption.askHandover();
    await eventually(() => expect(encryption(ana.client).handover).toMatchObject({ step: "asked", role: "giving" }));
    const asked = encryption(ana.client).handover;
    await ana.client.encryption.answerHandover(asked?.step === "asked" ? asked.id : "");
    await eventually(() => {
      const [giving, asking] = [encryption(ana.client).handover, encryption(second).handover];
      expect(giving).toMatchObject({ step: "comparing", role: "giving", code: expect.stringMatching(/^\d{6}$/u) });
      expect(asking).toMatchObject({ step: "comparing", role: "asking" });
      expect(giving?.step === "comparing" && giving.code).toBe(asking?.step === "comparing" && asking.code);
    });
    await second.encryption.confirmHandover();
    expect(encryption(second).standing).toBe("locked");
    await ana.client.encryption.confirmHandover();
    await eventually(() => {
      expect(encryption(second)).toMatchObject({ standing: "ready", handover: { step: "done", role: "asking" } });
      expect(encryption(ana.client).handover).toEqual({ step: "done", role: "giving" });
    });
    await eventually(() => expect(texts(second, id).toSorted()).toEqual(["one", "two"]));
  });

  test("whose handover is given up says so on both", async () => {
    const { ana } = await twoWhoTalked();
    const second = await secondDevice(ana);
    await second.encryption.askHandover();
    await eventually(() => expect(encryption(ana.client).handover?.step).toBe("asked"));
    await second.encryption.cancelHandover();
    await eventually(() => expect(encryption(ana.client).handover).toBeNull());
    expect(encryption(second).handover).toBeNull();
  });

  test("that begins anew loses what was, and the other is warned", async () => {
    const { ana, ben, id } = await twoWhoTalked();
    const second = await secondDevice(ana);
    await isIn(second, id);
    ana.browser.close();
    const { recoveryKey } = await second.encryption.reset(password);
    expect(await second.encryption.confirmRecoveryKey(recoveryKey)).toBe(true);
    expect(await second.encryption.confirmRecoveryKey(ana.recoveryKey)).toBe(false);
    await eventually(() => expect(texts(second, id)).toEqual(["[former_identity]", "[former_identity]"]));
    await eventually(() => {
      expect(encryption(ben.client).trust[ana.id]).toBe("changed");
      expect(encryption(ben.client).rooms[id]).toEqual({ waitingFor: [], changed: [ana.id] });
    });

    await second.send(id, "it is me");
    await eventually(() => expect(texts(ben.client, id).at(-1)).toBe("[unknown_key_of_sender]"));
    await ben.client.send(id, "is it?");
    const [mine, theirs] = [await ben.client.encryption.safetyNumber(ana.id), await second.encryption.safetyNumber(ben.id)];
    expect(mine?.digits).toBe(theirs?.digits);
    expect(await ben.client.encryption.compare(ana.id, theirs?.qr ?? "")).toBe("same");
    await ben.client.encryption.verify(ana.id, true);
    expect(encryption(ben.client).trust[ana.id]).toBe("verified");
    await everyoneReady([ben], id);
    await eventually(() => expect(texts(ben.client, id).slice(2)).toEqual(["it is me", "is it?"]));
    expect(texts(ben.client, id).slice(0, 2).toSorted()).toEqual(["one", "two"]);
    await eventually(() => expect(texts(second, id).slice(2)).toEqual(["it is me", "is it?"]));
  });
});

describe("the first device", () => {
  test("opens again what it had opened, after a reload", async () => {
    const { ana, id } = await twoWhoTalked();
    ana.client.stop();
    const again = ana.browser.open();
    await again.start();
    await opened(again, id);
    await eventually(() => expect(texts(again, id).toSorted()).toEqual(["one", "two"]));
    await eventually(() => expect(encryption(again).standing).toBe("ready"));
  });

  test("finds what was said, by a word that is begun, and forgets it all at sign-out", async () => {
    const { ana, ben, id } = await twoWhoTalked();
    await ben.client.send(id, "The *lighthouse* keeper is on the quay");
    await eventually(() => expect(texts(ana.client, id)).toHaveLength(3));
    await eventually(async () => {
      const found = await ana.client.encryption.search("keep LIGHTH", id);
      expect(found.map(({ message }) => message.content)).toEqual(["The *lighthouse* keeper is on the quay"]);
      expect(found[0]?.snippet.filter(({ hit }) => hit).map(({ text }) => text)).toEqual(["lighthouse", "keeper"]);
    });
    expect(await ana.client.encryption.search("lighthouse", "0190c000-0000-7000-8000-000000000009")).toEqual([]);
    ana.client.saveDraft(id, "a secret draft");
    await eventually(() => expect(JSON.stringify(ana.browser.kept())).toContain("sealed-draft"));
    expect(JSON.stringify(ana.browser.kept())).not.toContain("a secret draft");

    expect(await databasesOf(ana)).toHaveLength(3);
    await ana.client.signOut();
    await eventually(async () => expect(await databasesOf(ana)).toEqual([]));
    expect(JSON.stringify(ana.browser.kept())).not.toContain("sealed-draft");
    expect(ana.client.stores.opened.getState().byCopy).toEqual({});
    expect(encryption(ana.client).standing).toBe("unknown");
  });

  test("finds what was edited or deleted as it is now, though it has not been looked at since", async () => {
    const { ana, ben, id } = await twoWhoTalked();
    for (const text of ["the lighthouse", "the windmill", "the ferry", "the mill pond", "and on"]) {
      await ben.client.send(id, text);
      await eventually(() => expect(texts(ana.client, id)).toContain(text));
    }
    const messageOf = (text: string) => given(shown(ben.client, id).find(({ content }) => content === text)).id;
    const found = async (client: Client, word: string) => {
      return (await client.encryption.search(word, id)).map(({ message }) => message.content);
    };
    expect(await found(ana.client, "windmill")).toEqual(["the windmill"]);
    ana.client.stop();
    const again = ana.browser.open();
    await again.start();
    await online(again);
    await eventually(async () => expect(await found(again, "the")).toHaveLength(4));

    await ben.client.edit(messageOf("the lighthouse"), "the harbour", id);
    await ben.client.remove(messageOf("the windmill"));
    await eventually(async () => expect((await found(again, "the")).toSorted()).toEqual(["the ferry", "the harbour", "the mill pond"]));

    ana.browser.cut();
    await ben.client.edit(messageOf("the ferry"), "the bridge", id);
    await ben.client.remove(messageOf("the mill pond"));
    await eventually(async () => expect((await found(again, "the")).toSorted()).toEqual(["the bridge", "the harbour"]));
  });

  test("forgets what was opened in chats that its person was removed from while the page was closed", async () => {
    const [ana, ben] = await Promise.all([sealer(people, "Ana"), sealer(people, "Ben")]);
    const ids = [await sealedGroup([ben, ana]), await sealedGroup([ben, ana])];
    const [first = "", second = ""] = ids;
    for (const id of ids) await ben.client.send(id, "the lighthouse");
    const rows = async (name: string, store: string): Promise<number> => {
      const database = await openDB(`${name}.${ana.id}`);
      const count = await database.count(store);
      database.close();
      return count;
    };
    await eventually(async () => expect(await rows("tertulia-said", "said")).toBe(2));
    await eventually(async () => expect(await rows("tertulia", "conversations")).toBe(2));
    ana.client.stop();

    await ben.client.moderation.remove(first, ana.id);
    const again = ana.browser.open();
    await again.start();
    await eventually(async () => expect(await rows("tertulia-said", "said")).toBe(1));
    expect((await again.encryption.search("lighthouse", null)).map(({ conversation }) => conversation.id)).toEqual([second]);
    again.stop();

    await ben.client.moderation.remove(second, ana.id);
    const short = ana.browser.open();
    await short.start();
    await eventually(async () => expect(await rows("tertulia", "conversations")).toBe(0));
    // It closes before anything of encryption is loaded, unless the machine is slow.
    short.stop();
    await ana.browser.open().start();
    await eventually(async () => expect(await rows("tertulia-said", "said")).toBe(0));
  });

  test("has nothing in its databases that could be read", async () => {
    const { ana, ben, id } = await twoWhoTalked();
    await ben.client.send(id, "the lighthouse");
    await eventually(() => expect(texts(ana.client, id)).toContain("the lighthouse"));
    await eventually(async () => expect(await ana.client.encryption.search("lighthouse", null)).toHaveLength(1));
    await eventually(async () => expect((await dumpOf(`tertulia.${ana.id}`)).length).toBeGreaterThan(1_000));
    for (const name of await databasesOf(ana)) expect(await dumpOf(name)).not.toContain("lighthouse");
  });

  test("keeps a sealed draft across a reload", async () => {
    const { ana, id } = await twoWhoTalked();
    ana.client.saveDraft(id, "half a thou");
    ana.client.saveDraft(id, "half a thought");
    ana.client.saveDraftReply(id, shown(ana.client, id)[0] ?? null);
    await eventually(() => expect(ana.browser.storage.getItem(`tertulia.sealed-draft.${ana.id}.${id}`)).not.toBeNull());
    ana.client.stop();
    const again = ana.browser.open();
    await again.start();
    expect(again.draft(id)).toBe("half a thought");
    expect(again.draftReply(id)?.seq).toBe(shown(ana.client, id)[0]?.seq);
  });
});
