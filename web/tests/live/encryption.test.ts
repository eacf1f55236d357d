import { describe, expect, test } from "vitest";
import { everyoneReady, eventuallySays, given, isIn, sealedGroup, sealer, shown, texts } from "./encrypted.ts";
import { eventually } from "../eventually.ts";
import { online, pending, row } from "./people.ts";
import { people } from "./town.ts";

describe("two people in an encrypted group", () => {
  test("read what the other says, and the server has none of it", async () => {
    const [ana, ben] = await Promise.all([sealer(people, "Ana"), sealer(people, "Ben")]);
    const id = await sealedGroup([ana, ben]);
    await ana.client.send(id, "the harbour at nine");
    await eventuallySays(ben.client, id, ["the harbour at nine"]);
    await ben.client.send(id, "I shall be there");
    await eventuallySays(ana.client, id, ["the harbour at nine", "I shall be there"]);
    const served = JSON.stringify([await ben.browser.rest().messages(id), row(ben.client, id)]);
    expect(served).not.toContain("harbour");
    expect(row(ben.client, id)).toMatchObject({ unread: 1 });
  });

  test("edit, delete and react", async () => {
    const [ana, ben] = await Promise.all([sealer(people, "Ana"), sealer(people, "Ben")]);
    const id = await sealedGroup([ana, ben]);
    await ana.client.send(id, "frist");
    await ana.client.send(id, "oops");
    await eventuallySays(ben.client, id, ["frist", "oops"]);
    const [first, second] = shown(ana.client, id);
    await ana.client.edit(first?.id ?? "", "first", id);
    await ana.client.remove(second?.id ?? "");
    await eventuallySays(ben.client, id, ["first", ""]);

    const [answered] = shown(ben.client, id);
    if (answered === undefined) throw new Error("nothing there");
    await Promise.all([
      ben.client.messages.react(answered, "🎉", true),
      ben.client.messages.react(answered, "👍", true),
      ana.client.messages.react(answered, "👍", true),
    ]);
    const both = [ana.id, ben.id].toSorted();
    await eventually(() => {
      expect(shown(ana.client, id)[0]?.reactions).toEqual(
        expect.arrayContaining([
          { emoji: "🎉", count: 1, user_ids: [ben.id] },
          { emoji: "👍", count: 2, user_ids: both },
        ]),
      );
    });
    await ben.client.messages.react(answered, "🎉", false);
    await eventually(() => expect(shown(ana.client, id)[0]?.reactions).toEqual([{ emoji: "👍", count: 2, user_ids: both }]));
    expect(shown(ana.client, id)[0]).toMatchObject({ content: "first", edited: true });
  });

  test("cannot edit what is not loaded, and say nothing of it in the open", async () => {
    const [ana, ben] = await Promise.all([sealer(people, "Ana"), sealer(people, "Ben")]);
    const id = await sealedGroup([ana, ben]);
    await ana.client.send(id, "frist");
    await eventuallySays(ben.client, id, ["frist"]);
    const [first] = shown(ana.client, id);
    ana.client.stop();
    const again = ana.browser.open();
    await again.start();
    await online(again);
    await expect(again.edit(given(first).id, "first", id)).rejects.toMatchObject({ code: "no_copy" });
    expect(JSON.stringify(await ben.browser.rest().messages(id))).not.toContain("first");

    await isIn(again, id);
    await again.edit(given(first).id, "first", id);
    await eventuallySays(ben.client, id, ["first"]);
  });

  test("wait for one who has no keys yet, and what waits goes out when they have", async () => {
    const ana = await sealer(people, "Ana");
    const ben = await people.register("Ben");
    const id = await ana.client.createGroup({ alias: "Keepers", user_ids: [ben.id], encrypted: true });
    await isIn(ana.client, id);
    await isIn(ben.client, id);
    await eventually(() => expect(ana.client.stores.encryption.getState().rooms[id]).toEqual({ waitingFor: [ben.id], changed: [] }));
    await ana.client.send(id, "are you there?");
    expect(pending(ana.client, id)).toMatchObject([{ content: "are you there?", delivery: { status: "waiting" } }]);
    await ben.client.encryption.setUp();
    await eventuallySays(ben.client, id, ["are you there?"]);
    await eventually(() => expect(pending(ana.client, id)).toEqual([]));
  });
});

describe("two people in private", () => {
  test("have an open chat and an encrypted one, and each only once", async () => {
    const [ana, ben] = await Promise.all([sealer(people, "Ana"), sealer(people, "Ben")]);
    const open = await ana.client.createPrivate(ben.id);
    const id = await ana.client.createPrivate(ben.id, { encrypted: true });
    expect(id).not.toBe(open);
    expect(await ben.client.createPrivate(ana.id, { encrypted: true })).toBe(id);
    expect(await ben.client.createPrivate(ana.id)).toBe(open);
    for (const { client } of [ana, ben]) await isIn(client, id);
    await everyoneReady([ana, ben], id);
    await ana.client.send(id, "between us");
    await eventuallySays(ben.client, id, ["between us"]);
    await ben.client.send(open, "in the open");
    await eventually(() => expect(row(ana.client, open)?.last_message?.content).toBe("in the open"));
  });

  test("cannot begin one on a device without keys", async () => {
    const [ana, ben] = await Promise.all([people.register("Ana"), sealer(people, "Ben")]);
    await expect(ana.client.createPrivate(ben.id, { encrypted: true })).rejects.toMatchObject({ code: "encryption_locked" });
  });
});

describe("a third who comes later", () => {
  test("reads what is said from then on, and hears nothing of before", async () => {
    const [ana, ben, cleo] = await Promise.all(["Ana", "Ben", "Cleo"].map(async (name) => await sealer(people, name)));
    if (!ana || !ben || !cleo) throw new Error("somebody is missing");
    const id = await sealedGroup([ana, ben]);
    await ana.client.send(id, "before");
    await eventuallySays(ben.client, id, ["before"]);
    await ana.client.addMembers(id, [cleo.id]);
    await isIn(cleo.client, id);
    await everyoneReady([ana, ben, cleo], id);
    await ana.client.send(id, "after");
    for (const { client } of [ben, ana]) await eventuallySays(client, id, ["before", "after"]);
    await eventuallySays(cleo.client, id, ["after"]);

    const [first] = shown(ana.client, id);
    await ana.client.edit(first?.id ?? "", "before, rewritten", id);
    await ben.client.messages.react(given(first), "👀", true);
    await ana.client.remove(first?.id ?? "");
    await ben.client.send(id, "and on");
    await eventuallySays(cleo.client, id, ["after", "and on"]);
    await eventually(() => {
      const heads = [ana, ben, cleo].map(({ client }) => row(client, id)?.head_seq);
      expect(new Set(heads).size).toBe(1);
    });
  });

  test("and leaves again is not written to any more, by keys that are new", async () => {
    const [ana, ben, cleo] = await Promise.all(["Ana", "Ben", "Cleo"].map(async (name) => await sealer(people, name)));
    if (!ana || !ben || !cleo) throw new Error("somebody is missing");
    const id = await sealedGroup([ana, ben, cleo]);
    await ana.client.send(id, "all three");
    await eventuallySays(cleo.client, id, ["all three"]);
    const before = await ana.browser.rest().keysOf(id);
    await cleo.client.leave(id);
    await eventually(() => expect(row(ana.client, id)?.member_count).toBe(2));
    await ana.client.send(id, "the two of us");
    await eventuallySays(ben.client, id, ["all three", "the two of us"]);
    await ben.client.send(id, "yes");
    await eventuallySays(ana.client, id, ["all three", "the two of us", "yes"]);
    const after = await ana.browser.rest().keysOf(id);
    for (const { id: userId } of [ana, ben]) expect(after.public_keys[userId]).not.toEqual(before.public_keys[userId]);
    expect(Object.keys(after.public_keys).toSorted()).toEqual([ana.id, ben.id].toSorted());
    expect(texts(ana.client, id)).not.toContain("[no_key]");
  });

  test("and leaves during a long absence is missed, and the next message goes by keys that are new", async () => {
    const [ana, ben, cleo] = await Promise.all(["Ana", "Ben", "Cleo"].map(async (name) => await sealer(people, name)));
    if (!ana || !ben || !cleo) throw new Error("somebody is missing");
    const id = await sealedGroup([ana, ben, cleo]);
    await ana.client.send(id, "all three");
    await eventuallySays(cleo.client, id, ["all three"]);
    const keyOfAna = async () => (await ben.browser.rest().keysOf(id)).public_keys[ana.id];
    const before = await keyOfAna();
    // What is missed is more than any answer has.
    ana.browser.rewrite = (text) => text.replaceAll('"leave_conversation"', '"unheard"').replaceAll(/"complete":\s*true/gu, '"complete":false');
    await cleo.client.leave(id);
    await ben.client.send(id, "she has gone");
    await eventuallySays(ana.client, id, ["all three", "she has gone"]);
    await eventually(() => expect(row(ana.client, id)?.member_count).toBe(2));
    await ana.client.send(id, "the two of us");
    await eventuallySays(ben.client, id, ["all three", "she has gone", "the two of us"]);
    const after = await keyOfAna();
    expect(after).not.toEqual(before);
    await ana.client.send(id, "and on");
    await eventually(() => expect(texts(ben.client, id)).toContain("and on"));
    expect(await keyOfAna()).toEqual(after);
  });
});
