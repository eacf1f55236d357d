/** Messages on their way into an encrypted conversation: what lies on disk, and what is done about who is there. */

import "fake-indexeddb/auto";
import { afterEach, describe, expect, test } from "vitest";
import { deleteAccountDatabase, openAccountDatabase } from "../../src/client/database.ts";
import { broadcastTabs } from "../../src/client/environment.ts";
import { HeldFiles } from "../../src/client/held_files.ts";
import { Outbox } from "../../src/client/outbox.ts";
import { Queue } from "../../src/client/queue.ts";
import { Records } from "../../src/client/sealed/records.ts";
import { Uploads } from "../../src/client/uploads.ts";
import { deleteKeyStore, openKeyStore } from "../../src/crypto/key_store.ts";
import type { PendingMessage } from "../../src/model/pending.ts";
import type { TopicChannel } from "../../src/protocol/channels.ts";
import { ApiError } from "../../src/protocol/errors.ts";
import { exclusivelyHere } from "../../src/protocol/locks.ts";
import { createStores } from "../../src/stores/stores.ts";
import * as eg from "../examples.ts";
import { eventually } from "../eventually.ts";
import { FileServer } from "./file_server.ts";

const closing: (() => Promise<void>)[] = [];

afterEach(async () => {
  for (const close of closing.splice(0)) await close();
  await deleteAccountDatabase(eg.ana);
  await deleteKeyStore(eg.ana);
});

interface Push {
  readonly encrypted_messages: Readonly<Record<string, string>>;
  readonly client_ref: string;
  readonly attachments?: readonly string[];
}

/** A tab of Ana's; `refusals` meets what is pushed, `sealing` what is to be sealed. */
async function tab(told: { refusals?: ApiError[]; sealing?: Error[]; files?: FileServer } = {}) {
  const { refusals = [], sealing = [], files = new FileServer() } = told;
  const [database, keys, stores] = [await openAccountDatabase(eg.ana), await openKeyStore(eg.ana), createStores({ theme: "auto", magnification: 1, hidden: false })];
  const records = new Records(keys);
  const queue = new Queue(database, async () => await Promise.resolve(records));
  const locks = exclusivelyHere();
  const [pushed, sealedFor, misaddressed]: [Push[], PendingMessage[], string[]] = [[], [], []];
  const uploads = new Uploads({ rest: files, queue, held: new HeldFiles(broadcastTabs("files")), store: stores.uploads, exclusively: locks, accountId: eg.ana, onChanged: () => void outbox.look() });
  const channel: TopicChannel = {
    isJoined: () => true,
    leave: () => undefined,
    push: async <Response>(_event: string, payload: object) => {
      const refused = refusals.shift();
      if (refused !== undefined) throw refused;
      pushed.push(payload as Push);
      return await Promise.resolve({ message: eg.message({ seq: pushed.length }) } as Response);
    },
  };
  const outbox: Outbox = new Outbox({
    queue,
    store: stores.outbox,
    uploads,
    exclusively: locks,
    tabs: broadcastTabs("sealed outbox"),
    accountId: eg.ana,
    channelOf: () => channel,
    onSent: () => undefined,
    seal: async (said) => {
      const refused = sealing.shift();
      if (refused !== undefined) throw refused;
      sealedFor.push(said);
      return await Promise.resolve({ [eg.ben]: `sealed ${sealedFor.length}` });
    },
    onMisaddressed: async (id) => void (await Promise.resolve(misaddressed.push(id))),
  });
  const close = async (): Promise<void> => {
    uploads.stop();
    await outbox.stop();
    database.close();
    keys.close();
  };
  closing.push(close);
  const pending = () => stores.outbox.getState().byConversation[eg.chatId] ?? [];
  return { outbox, pushed, sealedFor, misaddressed, pending, database, close, files };
}

function refusal(code: string): ApiError {
  return new ApiError({ status: 0, code, detail: `${code}.` });
}

function item(init: Partial<PendingMessage> = {}): PendingMessage {
  return eg.pending({ content: "the harbour at nine", encrypted: true, ...init });
}

async function bytesOf(content: Blob | null | undefined): Promise<string> {
  return new TextDecoder().decode(await content?.arrayBuffer());
}

describe("a message into an encrypted conversation", () => {
  test("is sealed when it is sent, and goes out as what was sealed", async () => {
    const { outbox, pushed, sealedFor, pending } = await tab();
    await outbox.add(item());
    await outbox.flush();
    expect(pushed).toEqual([{ encrypted_messages: { [eg.ben]: "sealed 1" }, client_ref: "ref-1" }]);
    expect(sealedFor).toMatchObject([{ content: "the harbour at nine" }]);
    expect(pending()).toEqual([]);
  });

  test("and its files lie on disk as nobody can read them, and are there again after a reload", async () => {
    const content = new Blob(["the map of the harbour"], { type: "text/plain" });
    const first = await tab({ sealing: [refusal("waiting_for_keys")] });
    const file = eg.pendingFile({ name: "harbour.txt", content, size: content.size });
    first.files.isThere = false;
    await first.outbox.add(item({ files: [file] }));
    const [record] = await first.database.getAll("outbox");
    expect(JSON.stringify(record)).not.toContain("harbour");
    expect(record?.files[0]?.content).toBeNull();
    expect(await bytesOf(record?.files[0]?.sealed?.content)).not.toContain("harbour");
    expect(first.pending()).toMatchObject([{ content: "the harbour at nine", files: [{ name: "harbour.txt" }] }]);
    await first.close();

    const second = await tab({ sealing: [refusal("waiting_for_keys")] });
    second.files.isThere = false;
    await second.outbox.start();
    const [shown] = second.pending();
    expect(shown).toMatchObject({ content: "the harbour at nine", files: [{ name: "harbour.txt", mediaType: "text/plain" }] });
    expect(await bytesOf(shown?.files[0]?.content)).toBe("the map of the harbour");
  });

  test("has its files go up as ciphertext, under a name that says nothing", async () => {
    const content = new Blob(["map"], { type: "text/plain" });
    const { outbox, pushed, sealedFor, files } = await tab();
    await outbox.add(item({ files: [eg.pendingFile({ name: "harbour.txt", content, size: 3 })] }));
    await eventually(() => expect(pushed).toHaveLength(1));
    expect(files.names).toEqual(["file.bin"]);
    // AES-GCM makes it 16 bytes longer; it goes up in parts of four.
    expect(files.parts).toHaveLength(5);
    expect(pushed[0]?.attachments).toEqual([sealedFor[0]?.files[0]?.attachment?.id]);
    expect(sealedFor[0]?.files[0]).toMatchObject({ name: "harbour.txt", sealed: { key: { key: expect.stringMatching(/^[\w-]{43}$/u) } } });
  });

  test("is not overtaken by what is written while its files are sealed", async () => {
    const { outbox, pending } = await tab({ sealing: [refusal("waiting_for_keys"), refusal("waiting_for_keys")] });
    const content = new Blob(["map"]);
    const withMap = item({ clientRef: "map", files: [eg.pendingFile({ name: "harbour.txt", content, size: 3 })] });
    await Promise.all([outbox.add(withMap), outbox.add(item({ clientRef: "after" }))]);
    expect(pending().map(({ clientRef }) => clientRef)).toEqual(["map", "after"]);
  });

  test("with a file that no page could open is not taken", async () => {
    const { outbox, pending } = await tab();
    const content = new Blob(["map"]);
    Object.defineProperty(content, "size", { value: 600 * 1024 * 1024 });
    await expect(outbox.add(item({ files: [eg.pendingFile({ content })] }))).rejects.toMatchObject({ code: "file_too_large" });
    expect(pending()).toEqual([]);
  });

  test("is sealed anew where somebody has come or gone", async () => {
    const { outbox, pushed, misaddressed, sealedFor } = await tab({ refusals: [refusal("not_enough_recipients")] });
    await outbox.add(item());
    await outbox.flush();
    expect(misaddressed).toEqual([eg.chatId]);
    expect(sealedFor).toHaveLength(2);
    expect(pushed).toMatchObject([{ encrypted_messages: { [eg.ben]: "sealed 2" } }]);
  });

  test.each(["waiting_for_keys", "key_changed", "encryption_locked"])("waits by %s, in its place, until it is told to go on", async (code) => {
    const sealing = Array.from({ length: 50 }, () => refusal(code));
    const { outbox, pushed, pending } = await tab({ sealing });
    await outbox.add(item());
    await outbox.add(item({ clientRef: "ref-2", content: "and then" }));
    await outbox.flush();
    expect(pushed).toEqual([]);
    expect(pending()).toMatchObject([{ delivery: { status: "waiting" } }, { delivery: { status: "waiting" } }]);
    sealing.length = 0;
    await outbox.flush();
    expect(pushed.map(({ client_ref }) => client_ref)).toEqual(["ref-1", "ref-2"]);
  });

  test("that is too long to be sealed is refused for good", async () => {
    const { outbox, pending } = await tab({ sealing: [refusal("message_too_long")] });
    await outbox.add(item());
    await outbox.flush();
    expect(pending()).toMatchObject([{ delivery: { status: "refused", failure: { code: "message_too_long" } } }]);
  });

  test("at which sealing fails is refused, holds up nothing, and goes out when it is tried again", async () => {
    const { outbox, pushed, pending } = await tab({ sealing: [new TypeError("The disk has failed.")] });
    await outbox.add(item());
    await outbox.add(item({ clientRef: "ref-2", content: "and then" }));
    await outbox.flush();
    expect(pushed).toMatchObject([{ client_ref: "ref-2" }]);
    expect(pending()).toMatchObject([{ delivery: { status: "refused", failure: { code: "not_sealed" } } }]);
    await outbox.retry("ref-1");
    await outbox.flush();
    expect(pushed.map(({ client_ref }) => client_ref)).toEqual(["ref-2", "ref-1"]);
    expect(pending()).toEqual([]);
  });
});
