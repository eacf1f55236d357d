import { expect, test } from "vitest";
import { Catchup } from "../../src/client/catchup.ts";
import { Copies } from "../../src/client/copies.ts";
import { Threads, type ThreadsOptions } from "../../src/client/threads.ts";
import { ApiError } from "../../src/protocol/errors.ts";
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

test("whoever wants the newest messages leaves what is unread behind", async () => {
  const copies = new Copies(createStores({ theme: "auto", magnification: 1, hidden: false }), eg.ana);
  const { threads, asked } = threadsOver(copies);
  copies.adopt([eg.conversation({ head_seq: 300, read_seq: 100, unread: 200, last_message: eg.message({ seq: 300 }) })]);
  await threads.open(eg.chatId);
  expect(copies.openThread(eg.chatId)?.unreadAfter).toBe(100);
  await threads.latest(eg.chatId);
  expect(asked).toEqual([["around", { seq: 100 }], ["newest"]]);
  expect(copies.openThread(eg.chatId)?.unreadAfter).toBeNull();
});

test.each(["older", "newer"] as const)("a page of %s messages that fails is nothing to a thread read elsewhere since", async (edge) => {
  const copies = new Copies(createStores({ theme: "auto", magnification: 1, hidden: false }), eg.ana);
  const { threads, asked } = threadsOver(copies);
  copies.adopt([eg.conversation({ head_seq: 300, read_seq: 100, unread: 200, last_message: eg.message({ seq: 300 }) })]);
  await threads.open(eg.chatId);
  copies.patchThread(eg.chatId, { [edge]: { status: "more", token: "fails" } });
  const failing = threads[edge](eg.chatId);
  await threads.around(eg.chatId, { seq: 200 });
  await failing;
  expect(asked.at(-1)).toEqual(["around", { seq: 200 }]);
  expect(copies.openThread(eg.chatId)?.[edge]).toEqual({ status: "more", token: edge });
});

/** Threads, and which pages of theirs were asked for; the pages are empty. */
function threadsOver(copies: Copies): { readonly threads: Threads; readonly asked: unknown[] } {
  const asked: unknown[] = [];
  const rest: ThreadsOptions["rest"] = {
    messages: async (_, token) => {
      if (token !== undefined) return await failed();
      asked.push(["newest"]);
      return await Promise.resolve({ items: [], users: [], page_token: "older" });
    },
    around: async (_, place) => {
      asked.push(["around", place]);
      return await Promise.resolve({ items: [], users: [], target_seq: null, older_token: "older", newer_token: "newer" });
    },
    messagesAfter: failed,
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

/** As the network fails: a moment later. */
async function failed(): Promise<never> {
  await new Promise((resolve) => {
    setImmediate(resolve);
  });
  throw new ApiError({ status: 0, code: "offline", detail: "No connection." });
}

async function nothing(): Promise<null> {
  return await Promise.resolve(null);
}

async function never(): Promise<never> {
  return await Promise.reject(new Error("nothing of this is asked for"));
}
