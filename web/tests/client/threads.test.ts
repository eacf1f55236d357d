import { expect, test } from "vitest";
import { Catchup } from "../../src/client/catchup.ts";
import { Copies } from "../../src/client/copies.ts";
import { Threads, type ThreadsOptions } from "../../src/client/threads.ts";
import { createStores } from "../../src/stores/stores.ts";
import * as eg from "../examples.ts";

test.each([
  { unread: 2_500, read: ["around", { seq: 100 }], why: "many unread messages from where they begin" },
  { unread: 20, read: ["newest"], why: "its newest messages where few are unread" },
])("a thread that was away for too long is read anew: $why", async ({ unread, read }) => {
  const copies = new Copies(createStores({ theme: "auto", magnification: 1, hidden: false }), eg.ana);
  const { threads, asked } = threadsOver(copies);
  copies.adopt([eg.conversation({ head_seq: 100, read_seq: 100, unread: 0 })]);
  await threads.open(eg.chatId);
  asked.length = 0;
  const last_message = eg.message({ seq: 2_600 });
  copies.adopt([eg.conversation({ head_seq: 2_600, read_seq: 100, unread, last_message })]);
  await threads.reload(eg.chatId);
  expect(asked).toEqual([read]);
  expect(copies.openThread(eg.chatId)?.unreadAfter).toBe(100);
});

/** Threads, and which pages of theirs were asked for; the pages are empty. */
function threadsOver(copies: Copies): { readonly threads: Threads; readonly asked: unknown[] } {
  const asked: unknown[] = [];
  const rest: ThreadsOptions["rest"] = {
    messages: async () => {
      asked.push(["newest"]);
      return await Promise.resolve({ items: [], users: [], page_token: "older" });
    },
    around: async (_, place) => {
      asked.push(["around", place]);
      return await Promise.resolve({ items: [], users: [], target_seq: null, older_token: "older", newer_token: "newer" });
    },
    messagesAfter: never,
    conversation: never,
  };
  const catchup = new Catchup({
    rest: { changes: never },
    copies,
    onTooFar: never,
    onNews: () => undefined,
    onChanges: () => undefined,
    onGone: () => undefined,
  });
  return { threads: new Threads({ rest, copies, catchup, cached: nothing, onFound: () => undefined }), asked };
}

async function nothing(): Promise<null> {
  return await Promise.resolve(null);
}

async function never(): Promise<never> {
  return await Promise.reject(new Error("nothing of this is asked for"));
}
