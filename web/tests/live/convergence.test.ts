import { describe, expect, test } from "vitest";
import { setTimeout as sleep } from "node:timers/promises";
import type { Member, OwnConversation } from "../../src/model/conversation.ts";
import type { Message } from "../../src/model/message.ts";
import { eventually } from "../eventually.ts";
import { pending, type Person, readToTheStart, row, thread } from "./people.ts";
import { people } from "./town.ts";

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

interface Told {
  readonly row: OwnConversation | undefined;
  readonly messages: readonly Message[];
  readonly members: readonly Member[];
}

/** How far others have read is left out: who has gone may have read the furthest. */
function comparable({ row: told, messages, members }: Told) {
  return {
    row: { ...told, others_read_seq: undefined },
    messages,
    members: members
      .filter((member) => !member.left)
      .map(({ user_id, role, changed_seq }) => ({ user_id, role, changed_seq }))
      .toSorted((one, other) => one.user_id.localeCompare(other.user_id)),
  };
}

function shown({ client }: Person, id: string): Told {
  const members = client.stores.memberships.getState().byConversation[id];
  return {
    row: row(client, id),
    messages: thread(client, id).messages,
    members: members?.status === "ready" ? members.members : [],
  };
}

async function served({ browser }: Person, id: string): Promise<Told> {
  const rest = browser.rest();
  const messages: Message[] = [];
  let token: string | undefined;
  do {
    const page = await rest.messages(id, token);
    messages.unshift(...page.items.toReversed());
    token = page.page_token ?? undefined;
  } while (token !== undefined);
  return { row: await rest.conversation(id), messages, members: (await rest.members(id)).items };
}

describe("clients whose connections break again and again", () => {
  test.each([1, 2, 3])("show in the end what the server has (story %i)", async (seed) => {
    const random = numbers(seed);
    const { ana, ben, id } = await people.group();
    const cleo = await people.register("Cleo");
    const everyone = [ana, ben];
    for (const { client } of everyone) await client.loadMembers(id);

    const isInside = () => row(cleo.client, id) !== undefined;
    let sent = 0;
    const acts: readonly (() => Promise<unknown>)[] = [
      async () => await ana.client.send(id, `ana ${(sent += 1)}`),
      async () => await ben.client.send(id, `ben ${(sent += 1)}`),
      async () => {
        const own = thread(ana.client, id).messages.filter((message) => message.sender === ana.id);
        const message = own[random(Math.max(1, own.length))];
        if (message && !message.is_deleted) await ana.client.edit(message.id, `${message.content}!`, id);
      },
      async () => {
        const { messages } = thread(ana.client, id);
        const message = messages[random(Math.max(1, messages.length))];
        if (message && !message.is_deleted) await ana.client.remove(message.id);
      },
      async () => await ana.client.updateConversation(id, { alias: `Readers ${(sent += 1)}` }),
      async () =>
        await (isInside() ? ana.client.moderation.remove(id, cleo.id) : ana.client.addMembers(id, [cleo.id])),
      async () => {
        const messages = thread(ben.client, id).messages;
        const message = messages[random(Math.max(1, messages.length))];
        if (message) ben.client.markRead(id, message.seq);
        await Promise.resolve();
      },
    ];
    for (let step = 0; step < 120; step += 1) {
      if (random(6) === 0) everyone[random(2)]?.browser.cut();
      // What somebody did a moment ago elsewhere may rightly refuse this act (gone, a member already).
      await acts[random(acts.length)]?.().catch(() => undefined);
      if (random(4) === 0) await sleep(random(30));
    }

    await eventually(() => expect([pending(ana.client, id), pending(ben.client, id)]).toEqual([[], []]));
    for (const person of everyone) {
      await readToTheStart(person.client, id);
      await eventually(async () => expect(comparable(shown(person, id))).toEqual(comparable(await served(person, id))));
      expect(thread(person.client, id).messages.length).toBeGreaterThan(10);
    }
    people.goHome();
  }, 60_000);
});
