/** Reactions to sealed messages, on their way out. */

import { expect, test } from "vitest";
import { Copies } from "../../src/client/copies.ts";
import { Wishes } from "../../src/client/wishes.ts";
import { createStores } from "../../src/stores/stores.ts";
import * as eg from "../examples.ts";

const unused = async () => await Promise.reject(new Error("not in this story"));

test("go out with those that one has given before, though these are still to be opened", async () => {
  const stores = createStores({ theme: "auto", magnification: 1, hidden: false });
  const copies = new Copies(stores, eg.ana);
  const message = eg.message({ seq: 1, encrypted: true, copy_id: "copy-1", encrypted_reactions: { [eg.ana]: "sealed" } });
  copies.putThread(eg.chatId, {
    status: "open",
    head: 1,
    messages: [message],
    older: { status: "start" },
    newer: { status: "end" },
    readSeqs: {},
    unreadAfter: null,
    catchingUp: false,
  });
  const put = (emoji: readonly string[]) => {
    const reactions = emoji.map((each) => ({ emoji: each, count: 1, user_ids: [eg.ana] }));
    stores.opened.setState({ reactionsByCopy: { "copy-1": reactions } });
  };
  const told: (readonly string[])[] = [];
  const wishes = new Wishes({ react: unused, unreact: unused, vote: unused }, stores, copies, {
    known: async () => await Promise.resolve(put(["👍"])),
    react: async (_, emoji) => {
      told.push(emoji);
      await Promise.resolve(put(emoji));
    },
  });
  await wishes.react(message, "🎉", true);
  expect(told).toEqual([["👍", "🎉"]]);
});
