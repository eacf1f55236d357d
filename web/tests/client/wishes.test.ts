/** Reactions, on their way out. */

import { expect, test } from "vitest";
import { Copies } from "../../src/client/copies.ts";
import { Wishes } from "../../src/client/wishes.ts";
import type { Message } from "../../src/model/message.ts";
import { createStores } from "../../src/stores/stores.ts";
import * as eg from "../examples.ts";

const unused = async () => await Promise.reject(new Error("not in this story"));
const unsealed = { known: unused, react: unused };

function shown(message: Message) {
  const stores = createStores({ theme: "auto", magnification: 1, hidden: false });
  const copies = new Copies(stores, eg.ana);
  copies.putThread(eg.chatId, {
    status: "open",
    head: message.seq,
    messages: [message],
    older: { status: "start" },
    newer: { status: "end" },
    readSeqs: {},
    unreadAfter: null,
    catchingUp: false,
  });
  return { stores, copies };
}

function sealedMessage() {
  const message = eg.message({ seq: 1, encrypted: true, copy_id: "copy-1", encrypted_reactions: { [eg.ana]: "sealed" } });
  const { stores, copies } = shown(message);
  const open = (emoji: readonly string[]) => {
    const reactions = emoji.map((each) => ({ emoji: each, count: 1, user_ids: [eg.ana] }));
    stores.opened.setState({ reactionsByCopy: { "copy-1": reactions } });
  };
  return { message, stores, copies, open };
}

test("of a sealed message go out with those that one has given before, though these are still to be opened", async () => {
  const { message, stores, copies, open } = sealedMessage();
  const told: (readonly string[])[] = [];
  const wishes = new Wishes({ react: unused, unreact: unused, vote: unused }, stores, copies, {
    known: async () => await Promise.resolve(open(["👍"])),
    react: async (_, emoji) => {
      told.push(emoji);
      await Promise.resolve(open(emoji));
    },
  });
  await wishes.react(message, "🎉", true);
  expect(told).toEqual([["👍", "🎉"]]);
});

test("of a sealed message go out though an earlier one is still to be announced", async () => {
  const { message, stores, copies, open } = sealedMessage();
  const told: (readonly string[])[] = [];
  const wishes = new Wishes({ react: unused, unreact: unused, vote: unused }, stores, copies, {
    known: async () => await Promise.resolve(),
    react: async (_, emoji) => {
      told.push(emoji);
      await Promise.resolve();
    },
  });
  const first = wishes.react(message, "👍", true);
  await answered();
  const second = wishes.react(message, "🎉", true);
  await answered();
  open(["👍", "🎉"]);
  await Promise.all([first, second]);
  expect(told).toEqual([["👍"], ["👍", "🎉"]]);
  expect(stores.wishes.getState().byMessage).toEqual({});
});

test("are given once more while it is still to be announced that they were taken back", async () => {
  const given = eg.message({ seq: 1, reactions: [{ emoji: "👍", count: 1, user_ids: [eg.ana] }] });
  const { stores, copies } = shown(given);
  const told: string[] = [];
  const rest = {
    react: async () => {
      told.push("given");
      return await Promise.resolve(given);
    },
    unreact: async () => {
      told.push("taken back");
      return await Promise.resolve(undefined);
    },
    vote: unused,
  };
  const wishes = new Wishes(rest, stores, copies, unsealed);
  const first = wishes.react(given, "👍", false);
  await answered();
  const second = wishes.react(given, "👍", true);
  await Promise.all([first, second]);
  expect(told).toEqual(["taken back", "given"]);
});

/** What is told is answered, and the announcement is still to come. */
async function answered(): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve));
}
