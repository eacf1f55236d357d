import { describe, expect, test } from "vitest";
import { eventually } from "../eventually.ts";
import { contents, online, opened, password, pending, readToTheStart, row, thread } from "./people.ts";
import { people, server } from "./town.ts";

describe("two people in a group", () => {
  test("see each other's messages, unread counts and read pointers at once", async () => {
    const { ana, ben, id } = await people.group();
    await ana.client.send(id, "hello");
    await eventually(() => expect(contents(ben.client, id)).toEqual(["hello"]));
    await eventually(() => expect(pending(ana.client, id)).toEqual([]));
    expect(contents(ana.client, id)).toEqual(["hello"]);
    expect(row(ben.client, id)).toMatchObject({ unread: 1, last_message: { content: "hello" } });

    ben.client.markRead(id, row(ben.client, id)?.head_seq ?? 0);
    expect(row(ben.client, id)?.unread).toBe(0);
    const seq = thread(ana.client, id).messages[0]?.seq ?? Number.NaN;
    await eventually(() => expect(row(ana.client, id)?.others_read_seq).toBeGreaterThanOrEqual(seq));
  });

  test("read only while the page is in view", async () => {
    const { ana, ben, id } = await people.group();
    ben.browser.isVisible = false;
    await ana.client.send(id, "anyone?");
    await eventually(() => expect(contents(ben.client, id)).toEqual(["anyone?"]));
    ben.client.markRead(id, row(ben.client, id)?.head_seq ?? 0);
    expect(row(ben.client, id)?.unread).toBe(1);
    ben.browser.show();
    expect(row(ben.client, id)?.unread).toBe(0);
  });

  test("keep a chat that comes to the front of a long list while that is read", async () => {
    const { ana, ben, id } = await people.group();
    const aliases = Array.from({ length: 100 }, (_, count) => `Group ${count}`);
    await Promise.all(aliases.map(async (alias) => await ben.client.createGroup({ alias, user_ids: [] })));
    ben.client.saveDraft(id, "not yet");
    const { until, release } = barrier();
    ben.browser.held = { path: "/api/conversations", until };
    const read = ben.client.reloadConversations();
    await eventually(() => expect(ben.browser.isHolding).toBe(true));
    await ana.client.send(id, "to the front");
    await eventually(() => expect(pending(ana.client, id)).toEqual([]));
    release();
    await read;
    expect(row(ben.client, id)).toBeDefined();
    expect(ben.client.draft(id)).toBe("not yet");
  });

  test("find the unread line before what came while the page was out of view", async () => {
    const { ana, ben, id } = await people.group();
    await ana.client.send(id, "seen");
    await eventually(() => expect(contents(ben.client, id)).toEqual(["seen"]));
    const seen = row(ben.client, id)?.head_seq ?? 0;
    // It was looked at for a moment, and told of only behind its reader's back.
    ben.browser.isVisible = false;
    ben.client.markRead(id, seen);
    await ana.client.send(id, "unseen");
    await ana.client.send(id, "unseen as well");
    await eventually(() => expect(contents(ben.client, id)).toHaveLength(3));
    expect(thread(ben.client, id).unreadAfter).toBe(seen);
    ben.browser.show();
    ben.client.markRead(id, row(ben.client, id)?.head_seq ?? 0);
    await ana.client.send(id, "seen at once");
    await eventually(() => expect(contents(ben.client, id)).toHaveLength(4));
    expect(thread(ben.client, id).unreadAfter).toBe(seen);
  });

  test("see edits, deletions, a new name and who is in it", async () => {
    const { ana, ben, id } = await people.group();
    await ben.client.loadMembers(id);
    await ana.client.send(id, "frist");
    await ana.client.send(id, "oops");
    await eventually(() => expect(contents(ben.client, id)).toEqual(["frist", "oops"]));
    const [first, second] = thread(ana.client, id).messages;
    await ana.client.edit(first?.id ?? "", "first", id);
    await ana.client.remove(second?.id ?? "");
    await ana.client.updateConversation(id, { alias: "Writers" });
    const cleo = await people.register("Cleo");
    await ana.client.addMembers(id, [cleo.id]);
    await eventually(() => {
      expect(contents(ben.client, id)).toEqual(["first", ""]);
      expect(row(ben.client, id)).toMatchObject({ alias: "Writers", member_count: 3, unread: 1 });
      expect(row(cleo.client, id)).toMatchObject({ alias: "Writers", member_count: 3 });
      expect(ben.client.stores.memberships.getState().byConversation[id]).toMatchObject({
        status: "ready",
        members: [{ user_id: ana.id }, { user_id: ben.id }, { user_id: cleo.id, user: { display_name: "Cleo" } }],
      });
    });
    await ana.client.moderation.remove(id, cleo.id);
    await ben.client.leave(id);
    await eventually(() => {
      expect(row(cleo.client, id)).toBeUndefined();
      expect(row(ben.client, id)).toBeUndefined();
      expect(row(ana.client, id)?.member_count).toBe(1);
    });
  });

  test("see each other typing and online", async () => {
    const { ana, ben, id } = await people.group();
    const typing = () => ben.client.stores.typing.getState().byConversation[id];
    ana.client.startTyping(id);
    await eventually(() => expect(typing()).toEqual([ana.id]));
    ana.client.finishTyping(id);
    await eventually(() => expect(typing()).toBeUndefined());
    await eventually(() => expect(ben.client.stores.presence.getState().online.has(ana.id)).toBe(true));
    ana.client.setHidden(true);
    await eventually(() => expect(ben.client.stores.presence.getState().online.has(ana.id)).toBe(false));
  });
});

describe("a private chat", () => {
  test("is one for two people and called by the other's name, also after that changes", async () => {
    const [ana, ben] = await Promise.all([people.register("Ana"), people.register("Ben")]);
    const found = await ana.client.searchUsers(ben.email);
    expect(found.items.map((user) => user.id)).toEqual([ben.id]);
    const id = await ana.client.createPrivate(ben.id);
    expect(await ben.client.createPrivate(ana.id)).toBe(id);
    expect(row(ana.client, id)?.peer?.display_name).toBe("Ben");
    await ben.client.updateMe({ display_name: "Benedict" });
    await eventually(() => expect(row(ana.client, id)?.peer?.display_name).toBe("Benedict"));
  });
});

describe("a room", () => {
  test("is found in the directory, joined, spoken in by people not met before, and left", async () => {
    const [ana, ben, cleo] = await Promise.all([people.register("Ana"), people.register("Ben"), people.register("Cleo")]);
    const { topics } = await ana.client.searchRooms({});
    const id = await ana.client.createRoom({ alias: "Garden", topic: topics[0] ?? "general" });
    await ben.client.joinRoom(id);
    const listed = await cleo.client.searchRooms({ search: "Garden", sort: "new" });
    expect(listed.items.find((room) => room.id === id)).toMatchObject({ alias: "Garden", joined: false });
    await cleo.client.joinRoom(id);
    await opened(cleo.client, id);
    await ben.client.send(id, "weeds");
    await eventually(() => {
      expect(contents(cleo.client, id)).toEqual(["weeds"]);
      expect(cleo.client.stores.users.getState().byId[ben.id]?.display_name).toBe("Ben");
    });
    await cleo.client.leave(id);
    expect(row(cleo.client, id)).toBeUndefined();
    await ana.client.deleteConversation(id);
    await eventually(() => expect(row(ben.client, id)).toBeUndefined());
  });
});

describe("history", () => {
  test("is read back page by page without a gap, to any message", async () => {
    const { ana, ben, id } = await people.group();
    const words = Array.from({ length: 120 }, (_, at) => `word ${at}`);
    for (const word of words) await ana.client.send(id, word);
    await eventually(() => expect(contents(ben.client, id)).toEqual(words));

    const again = ben.browser.open();
    await again.start();
    await online(again);
    await opened(again, id);
    const first = thread(ben.client, id).messages[0]?.id ?? "";
    // With so much unread it opens where that begins.
    expect(thread(again, id)).toMatchObject({ older: { status: "start" }, newer: { status: "more" } });
    await again.loadLatest(id);
    await readToTheStart(again, id);
    expect(contents(again, id)).toEqual(words);

    expect(await again.loadAround(id, { message_id: first })).toBe(first);
    expect(contents(again, id)).toEqual(words);
    await expect(again.loadAround(id, { message_id: id })).rejects.toMatchObject({ status: 404 });
  });

  test("is shown around any place, grows from there to both ends, and takes in news once it reaches the end", async () => {
    const { ana, ben, id } = await people.group();
    const words = Array.from({ length: 160 }, (_, at) => `word ${at}`);
    for (const word of words) await ana.client.send(id, word);
    await eventually(() => expect(contents(ben.client, id)).toEqual(words));
    const middle = thread(ben.client, id).messages[80]?.id ?? "";

    const again = ben.browser.open();
    await again.start();
    await online(again);
    await opened(again, id);
    expect(await again.loadAround(id, { message_id: middle })).toBe(middle);
    expect(thread(again, id)).toMatchObject({ older: { status: "more" }, newer: { status: "more" } });
    await ana.client.send(id, "news");
    await eventually(() => expect(row(again, id)?.last_message?.content).toBe("news"));
    expect(contents(again, id)).not.toContain("news");

    await readToTheStart(again, id);
    while (thread(again, id).newer.status === "more") await again.loadNewer(id);
    expect(contents(again, id)).toEqual([...words, "news"]);
    await ana.client.send(id, "more news");
    await eventually(() => expect(contents(again, id).at(-1)).toBe("more news"));

    await again.loadAround(id, { seq: thread(again, id).messages[0]?.seq ?? 0 });
    await again.loadLatest(id);
    expect(contents(again, id).at(-1)).toBe("more news");
  });
});

describe("a lost connection", () => {
  test("loses nothing: what happened meanwhile is there when it is back, and what was sent goes out once", async () => {
    const { ana, ben, id } = await people.group();
    await ana.client.loadMembers(id);
    for (let round = 0; round < 5; round += 1) {
      const sent = Array.from({ length: 10 }, (_, at) => `ben ${round}.${at}`);
      ana.browser.cut();
      await ana.client.send(id, `ana ${round}`);
      for (const content of sent) await ben.client.send(id, content);
      if (round === 2) ben.browser.cut();
    }
    await eventually(() => {
      expect(pending(ana.client, id)).toEqual([]);
      expect(pending(ben.client, id)).toEqual([]);
      expect(contents(ana.client, id)).toHaveLength(55);
      expect(contents(ben.client, id)).toHaveLength(55);
    });
    expect(contents(ana.client, id)).toEqual(contents(ben.client, id));
    expect(new Set(contents(ana.client, id)).size).toBe(55);
    const own = contents(ana.client, id).filter((content) => content.startsWith("ana"));
    expect(own).toEqual(["ana 0", "ana 1", "ana 2", "ana 3", "ana 4"]);
    expect(row(ana.client, id)?.unread).toBe(50);
    expect(thread(ana.client, id).messages).toEqual(thread(ben.client, id).messages);
  });

  test("of the server itself is shown, and what was written meanwhile is sent when it is back", async () => {
    const { ana, ben, id } = await people.group();
    await server.stop();
    await eventually(() => expect(ana.client.stores.connection.getState().status).toBe("offline"));
    await ana.client.send(id, "one");
    await ana.client.send(id, "two");
    expect(pending(ana.client, id).map((item) => item.content)).toEqual(["one", "two"]);

    const reloaded = ana.browser.open();
    ana.client.stop();
    await reloaded.start();
    expect(reloaded.stores.session.getState()).toMatchObject({ status: "signedIn", me: { id: ana.id } });
    await eventually(() => expect(pending(reloaded, id).map((item) => item.content)).toEqual(["one", "two"]));

    await server.restart();
    await eventually(() => expect(contents(ben.client, id)).toEqual(["one", "two"]));
    await eventually(() => expect(pending(reloaded, id)).toEqual([]));
  });

  test("tells of the conversations that came and went meanwhile", async () => {
    const { ana, ben, id } = await people.group();
    // Nothing brings it back by itself: a browser asleep.
    ben.client.stop();
    const other = await ana.client.createGroup({ alias: "Later", user_ids: [ben.id] });
    await ana.client.moderation.remove(id, ben.id);
    const awake = ben.browser.open();
    await awake.start();
    await eventually(() => {
      expect(row(awake, other)?.alias).toBe("Later");
      expect(row(awake, id)).toBeUndefined();
    });
  });
});

describe("the session", () => {
  test("outlives an expired access token, for requests and for the socket", async () => {
    const { ana, ben, id } = await people.group();
    for (const name of ana.browser.cookies.keys()) if (name.endsWith("access_token")) ana.browser.cookies.delete(name);
    ana.browser.cut();
    await ben.client.send(id, "still there?");
    await eventually(() => expect(contents(ana.client, id)).toEqual(["still there?"]));
    for (const name of ana.browser.cookies.keys()) if (name.endsWith("access_token")) ana.browser.cookies.delete(name);
    await expect(ana.client.searchUsers("nobody")).resolves.toMatchObject({ items: [] });
  });

  test("that is ended elsewhere is ended here at once", async () => {
    const ana = await people.register("Ana");
    const elsewhere = people.browser().open();
    await elsewhere.start();
    expect(elsewhere.stores.session.getState().status).toBe("signedOut");
    await elsewhere.signIn({ login: ana.email, password });
    await elsewhere.signOutEverywhere();
    await eventually(() => expect(ana.client.stores.session.getState().status).toBe("signedOut"));
    expect(ana.client.stores.connection.getState().status).toBe("idle");
  });

  test("is one for all tabs of a browser, whoever signs in or out in one of them", async () => {
    const [ana, ben] = await Promise.all([people.register("Ana"), people.register("Ben")]);
    const tab = ana.browser.open();
    await tab.start();
    const whoIsThere = () => {
      const session = tab.stores.session.getState();
      return session.status === "signedIn" ? session.me.id : session.status;
    };
    expect(whoIsThere()).toBe(ana.id);
    await ana.client.signOut();
    await eventually(() => expect(whoIsThere()).toBe("signedOut"));
    await ana.client.signIn({ login: ben.email, password });
    await eventually(() => expect(whoIsThere()).toBe(ben.id));
    await ana.client.signIn({ login: ana.email, password });
    await eventually(() => expect(whoIsThere()).toBe(ana.id));
    expect(ben.client.stores.session.getState()).toMatchObject({ status: "signedIn", me: { id: ben.id } });
  });

  test("is not ended by an answer from before it began", async () => {
    const ana = await people.register("Ana");
    await ana.client.signOut();
    const { until, release } = barrier();
    const tab = ana.browser.open();
    ana.browser.held = { path: "/auth/refresh", until };
    const starting = tab.start();
    await eventually(() => expect(ana.browser.isHolding).toBe(true));
    ana.browser.held = null;
    await tab.signIn({ login: ana.email, password });
    release();
    await starting;
    expect(tab.stores.session.getState()).toMatchObject({ status: "signedIn", me: { id: ana.id } });
    await online(tab);
  });

  test("leaves nothing behind when the person signs out, and another can sign in", async () => {
    const { ana, id } = await people.group();
    ana.client.saveDraft(id, "secret");
    await ana.client.signOut();
    expect(ana.client.stores.session.getState().status).toBe("signedOut");
    expect(ana.client.stores.conversations.getState().order).toEqual([]);
    expect((await indexedDB.databases()).map(({ name }) => name)).not.toContain(`tertulia.${ana.id}`);
    await ana.client.signIn({ login: ana.email, password });
    expect(ana.client.draft(id)).toBe("");
    await online(ana.client);
    expect(row(ana.client, id)?.alias).toBe("Readers");
  });

  test("is refused with what is wrong, and with which field", async () => {
    const client = people.browser().open();
    await client.start();
    const refused = await client.register({ email: "nonsense", password: "short" }).catch((error: unknown) => error);
    expect(refused).toMatchObject({ status: 400, fields: { email: { code: "invalid" } } });
    await expect(client.signIn({ login: "nobody@example.org", password })).rejects.toMatchObject({
      status: 401,
      code: "invalid_credentials",
    });
  });
});

describe("preferences", () => {
  test("follow the person to another device", async () => {
    const ana = await people.register("Ana");
    ana.client.setTheme("night");
    ana.client.setMagnification(1.2);
    const elsewhere = people.browser().open();
    await eventually(async () => {
      await elsewhere.signIn({ login: ana.email, password });
      expect(elsewhere.stores.preferences.getState()).toMatchObject({ theme: "night", magnification: 1.2 });
    });
  });
});

function barrier(): { readonly until: Promise<void>; readonly release: () => void } {
  const raised = new AbortController();
  const until = new Promise<void>((resolve) => raised.signal.addEventListener("abort", () => resolve()));
  return { until, release: () => raised.abort() };
}
