/** What stays in a browser of somebody whose session has ended, however that came about. */

import { afterEach, describe, expect, test, vi } from "vitest";
import { openDB } from "idb";
import type { Client } from "../../src/client/client.ts";
import { eventuallySays, sealedGroup, sealer } from "./encrypted.ts";
import { eventually } from "../eventually.ts";
import { contents, online, opened, password, type Person } from "./people.ts";
import { people } from "./town.ts";

afterEach(() => {
  vi.restoreAllMocks();
});

async function databases(): Promise<readonly string[]> {
  return (await indexedDB.databases()).map(({ name = "" }) => name);
}

/** How many rows each store of the account's database has. */
async function rowsOf({ id }: Person): Promise<Readonly<Record<string, number>>> {
  const database = await openDB(`tertulia.${id}`);
  const names = [...database.objectStoreNames];
  const counts = await Promise.all(names.map(async (name) => [name, await database.count(name)] as const));
  database.close();
  return Object.fromEntries(counts);
}

/** A person who has read in a thread, what is written down of it, and has closed the page since. */
async function readerWhoLeft(): Promise<{ ana: Person; id: string }> {
  const { ana, ben, id } = await people.group();
  await ben.client.send(id, "between us");
  await eventually(() => expect(contents(ana.client, id)).toEqual(["between us"]));
  ana.client.saveDraft(id, "not yet");
  await eventually(async () => expect(await rowsOf(ana)).toMatchObject({ conversations: 1, threads: 1, users: 2 }));
  ana.client.stop();
  return { ana, id };
}

async function endedElsewhere({ email }: Person): Promise<void> {
  const elsewhere = people.browser().rest();
  await elsewhere.signIn({ email, password });
  await elsewhere.signOutEverywhere();
}

async function nextStart({ browser }: Person): Promise<Client> {
  const client = browser.open();
  await client.start();
  return client;
}

describe("of a session that ended while the page was closed", () => {
  test("there is nothing left that was read, and the draft waits for its writer", async () => {
    const { ana, id } = await readerWhoLeft();
    await endedElsewhere(ana);
    const client = await nextStart(ana);
    expect(client.stores.session.getState().status).toBe("signedOut");
    expect(await rowsOf(ana)).toEqual({ outbox: 0, conversations: 0, threads: 0, users: 0 });
    await client.signIn({ login: ana.email, password });
    expect(client.draft(id)).toBe("not yet");
  });

  test("there is nothing left that was opened, and the keys stay", async () => {
    const [ana, ben] = [await sealer(people, "Ana"), await sealer(people, "Ben")];
    const id = await sealedGroup([ana, ben]);
    await ben.client.send(id, "between us");
    await eventuallySays(ana.client, id, ["between us"]);
    await eventually(async () => expect(await databases()).toContain(`tertulia-said.${ana.id}`));
    ana.client.stop();
    await endedElsewhere(ana);
    const client = await nextStart(ana);
    expect(await databases()).not.toContain(`tertulia-said.${ana.id}`);
    await client.signIn({ login: ana.email, password });
    await opened(client, id);
    await eventuallySays(client, id, ["between us"]);
  });

  test("there is nothing left once somebody else has signed in", async () => {
    const { ana } = await readerWhoLeft();
    const mia = await people.register("Mia");
    // As a page does that keeps nothing, the light one.
    await ana.browser.rest().signIn({ email: mia.email, password });
    await online(await nextStart(ana));
    await eventually(async () => expect(await rowsOf(ana)).toEqual({ outbox: 0, conversations: 0, threads: 0, users: 0 }));
  });
});

describe("of somebody who signs out", () => {
  test("there is nothing left after the next start, where the page was closed before all was wiped", async () => {
    const { ana, id } = await people.group();
    ana.client.saveDraft(id, "secret");
    // What is asked of the databases never comes about.
    const deleting = vi.spyOn(indexedDB, "deleteDatabase").mockImplementation(() => new IDBOpenDBRequest());
    void ana.client.signOut();
    await eventually(() => expect(deleting).toHaveBeenCalled());
    deleting.mockRestore();
    ana.client.stop();
    expect(await databases()).toContain(`tertulia.${ana.id}`);

    // The same browser, in which a page that was closed holds no locks.
    const again = people.browser();
    for (const [key, text] of ana.browser.kept()) again.storage.setItem(key, text ?? "");
    await again.open().start();
    await eventually(async () => expect((await databases()).filter((name) => name.endsWith(ana.id))).toEqual([]));
    await eventually(() => expect(again.kept().filter(([key]) => key.includes(ana.id))).toEqual([]));
  });

  test("no tab makes a database anew to empty it", async () => {
    const { ana } = await people.group();
    const other = await nextStart(ana);
    await online(other);
    await ana.client.signOut();
    await eventually(() => expect(other.stores.session.getState().status).toBe("signedOut"));
    await eventually(() => expect(ana.browser.kept().filter(([key]) => key.includes(ana.id))).toEqual([]));
    expect((await databases()).filter((name) => name.endsWith(ana.id))).toEqual([]);
  });
});
