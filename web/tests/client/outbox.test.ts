import "fake-indexeddb/auto";
import { afterEach, describe, expect, test } from "vitest";
import { deleteAccountDatabase, openAccountDatabase } from "../../src/client/database.ts";
import { broadcastTabs } from "../../src/client/environment.ts";
import { HeldFiles } from "../../src/client/held_files.ts";
import { Outbox } from "../../src/client/outbox.ts";
import { Queue } from "../../src/client/queue.ts";
import { Uploads } from "../../src/client/uploads.ts";
import type { Message } from "../../src/model/message.ts";
import type { TopicChannel } from "../../src/protocol/channels.ts";
import { ApiError } from "../../src/protocol/errors.ts";
import { exclusivelyHere } from "../../src/protocol/locks.ts";
import type { PreferencesState } from "../../src/stores/state.ts";
import { createStores } from "../../src/stores/stores.ts";
import { eventually } from "../eventually.ts";
import { FileServer } from "./file_server.ts";
import * as eg from "../examples.ts";

const preferences: PreferencesState = { theme: "auto", magnification: 1, hidden: false };
const otherChat = "0190c000-0000-7000-8000-000000000002";

interface Sent {
  readonly conversationId: string;
  readonly content: string;
  readonly client_ref: string;
  readonly attachments?: readonly string[];
}

/** The server's end of every conversation: takes messages, refuses some, and can be away. */
class Server {
  readonly taken: Sent[] = [];
  readonly locks = exclusivelyHere();
  readonly files = new FileServer();
  isThere = true;
  /** Per content, the refusals that it meets before it is taken. */
  readonly refusals = new Map<string, ApiError[]>();
  /** Happens while a message is on its way. */
  meanwhile: (() => Promise<void>) | null = null;
  underway = 0;
  mostUnderway = 0;

  channel(conversationId: string): TopicChannel {
    return {
      isJoined: () => this.isThere,
      leave: () => undefined,
      push: async <Response>(_event: string, payload: object) => {
        const sent = { conversationId, ...(payload as { content: string; client_ref: string }) };
        this.underway += 1;
        this.mostUnderway = Math.max(this.mostUnderway, this.underway);
        await new Promise((resolve) => {
          setImmediate(resolve);
        });
        await this.meanwhile?.();
        this.underway -= 1;
        const refused = this.refusals.get(sent.content)?.shift();
        if (refused !== undefined) throw refused;
        const isRepeated = this.taken.some((taken) => taken.client_ref === sent.client_ref);
        if (!isRepeated) this.taken.push(sent);
        const message = eg.message({ seq: this.taken.length, sender: eg.ana, client_ref: sent.client_ref });
        return { message } as Response;
      },
    };
  }

  contents(conversationId = eg.chatId): readonly string[] {
    return this.taken.filter((sent) => sent.conversationId === conversationId).map((sent) => sent.content);
  }
}

function refusal(code: string): ApiError {
  return new ApiError({ status: 0, code, detail: `${code}.` });
}

const opened: (() => Promise<void>)[] = [];

async function tab(server: Server) {
  const database = await openAccountDatabase(eg.ana);
  const stores = createStores(preferences);
  const sent: Message[] = [];
  const queue = new Queue(database, async () => await Promise.reject(new Error("nothing is sealed here")));
  const uploads = new Uploads({
    rest: server.files,
    queue,
    held: new HeldFiles(broadcastTabs("files")),
    store: stores.uploads,
    exclusively: server.locks,
    accountId: eg.ana,
    onChanged: () => void outbox.look(),
  });
  const outbox: Outbox = new Outbox({
    queue,
    store: stores.outbox,
    uploads,
    exclusively: server.locks,
    tabs: broadcastTabs("outbox"),
    accountId: eg.ana,
    channelOf: (id) => server.channel(id),
    onSent: (message) => sent.push(message),
    seal: async () => await Promise.reject(new Error("nothing is sealed here")),
    onMisaddressed: async () => await Promise.reject(new Error("nothing is sealed here")),
  });
  const close = async (): Promise<void> => {
    uploads.stop();
    await outbox.stop();
    database.close();
  };
  opened.push(close);
  const pending = (id = eg.chatId) => stores.outbox.getState().byConversation[id] ?? [];
  const uploaded = () => stores.uploads.getState().sentByFile;
  return { outbox, pending, sent, close, uploads, uploaded };
}

afterEach(async () => {
  for (const close of opened.splice(0)) await close();
  await deleteAccountDatabase(eg.ana);
});

function item(content: string, conversationId = eg.chatId) {
  return eg.pending({ clientRef: `ref ${content}`, content, conversationId });
}

describe("the outbox", () => {
  test("shows a message until it is sent", async () => {
    const server = new Server();
    const { outbox, pending, sent } = await tab(server);
    const added = outbox.add(item("hello"));
    await added;
    expect(pending().map((shown) => shown.content)).toEqual(["hello"]);
    await outbox.flush();
    expect(server.contents()).toEqual(["hello"]);
    expect(pending()).toEqual([]);
    expect(sent.map((message) => message.client_ref)).toEqual(["ref hello"]);
  });

  test("sends what waits in a conversation in order, one after the other", async () => {
    const server = new Server();
    server.isThere = false;
    const { outbox } = await tab(server);
    const words = ["one", "two", "three", "four", "five"];
    for (const word of words) await outbox.add(item(word));
    server.isThere = true;
    await outbox.flush();
    expect(server.contents()).toEqual(words);
    expect(server.mostUnderway).toBe(1);
  });

  test("keeps what cannot be sent through a reload, and sends it then", async () => {
    const server = new Server();
    server.isThere = false;
    const first = await tab(server);
    await first.outbox.add(item("patience"));
    await first.close();
    server.isThere = true;
    const second = await tab(server);
    await second.outbox.start();
    expect(server.contents()).toEqual(["patience"]);
    expect(second.pending()).toEqual([]);
  });

  test("sends again what got no answer, under the same client_ref", async () => {
    const server = new Server();
    const { outbox, pending } = await tab(server);
    server.refusals.set("again", [refusal("timeout"), refusal("rate_limited")]);
    await outbox.add(item("again"));
    await eventually(() => expect(server.contents()).toEqual(["again"]));
    await eventually(() => expect(pending()).toEqual([]));
    expect(server.taken.map((sent) => sent.client_ref)).toEqual(["ref again"]);
  });

  test("holds back what comes after a message that waits for another try", async () => {
    const server = new Server();
    const { outbox } = await tab(server);
    server.refusals.set("first", [refusal("timeout")]);
    await outbox.add(item("first"));
    await outbox.add(item("second"));
    await eventually(() => expect(server.contents()).toEqual(["first", "second"]));
  });

  test("marks what is refused for good with the reason, and goes on with the rest", async () => {
    const server = new Server();
    const { outbox, pending } = await tab(server);
    server.refusals.set("too long", [refusal("too_long")]);
    await outbox.add(item("too long"));
    await outbox.add(item("fine"));
    await outbox.flush();
    expect(server.contents()).toEqual(["fine"]);
    expect(pending()).toMatchObject([
      { content: "too long", delivery: { status: "refused", failure: { code: "too_long", detail: "too_long." } } },
    ]);
  });

  test("sends a refused message again when asked to, and forgets it when told to", async () => {
    const server = new Server();
    const { outbox, pending } = await tab(server);
    server.refusals.set("maybe", [refusal("permission_denied")]);
    server.refusals.set("never", [refusal("permission_denied")]);
    await outbox.add(item("maybe"));
    await outbox.add(item("never"));
    await outbox.flush();
    await outbox.retry("ref maybe");
    await outbox.discard("ref never");
    await outbox.flush();
    expect(server.contents()).toEqual(["maybe"]);
    expect(pending()).toEqual([]);
  });

  test("forgets what waits for a conversation that is no more", async () => {
    const server = new Server();
    server.isThere = false;
    const { outbox, pending } = await tab(server);
    await outbox.add(item("gone"));
    await outbox.add(item("stays", otherChat));
    await outbox.discardAll(eg.chatId);
    server.isThere = true;
    await outbox.flush();
    expect(pending()).toEqual([]);
    expect(server.taken.map((sent) => sent.content)).toEqual(["stays"]);
  });

  test("is one for all tabs: each message is sent once, and all of them show the same", async () => {
    const server = new Server();
    server.isThere = false;
    const [one, other] = [await tab(server), await tab(server)];
    for (const word of ["a", "b", "c"]) await one.outbox.add(item(word));
    await eventually(() => expect(other.pending().map((shown) => shown.content)).toEqual(["a", "b", "c"]));
    server.isThere = true;
    await Promise.all([one.outbox.flush(), other.outbox.flush()]);
    expect(server.contents()).toEqual(["a", "b", "c"]);
    expect(server.mostUnderway).toBe(1);
    await eventually(() => expect([one.pending(), other.pending()]).toEqual([[], []]));
    await eventually(() => expect(other.sent).toHaveLength(3));
  });
});

function withFile(content: string, text: string, name = "notes.txt") {
  const file = eg.pendingFile({ ref: `file ${name}`, name, content: new Blob([text]), size: text.length });
  return { ...item(content), files: [file] };
}

test("a message that is discarded while one before it is on its way is not sent", async () => {
  const server = new Server();
  server.isThere = false;
  const { outbox, pending } = await tab(server);
  for (const word of ["one", "two", "three"]) await outbox.add(item(word));
  server.meanwhile = async () => {
    server.meanwhile = null;
    await outbox.discard("ref two");
  };
  server.isThere = true;
  await outbox.flush();
  expect(server.contents()).toEqual(["one", "three"]);
  expect(pending()).toEqual([]);
});

describe("what goes with a message", () => {
  test("goes up before it, and what was written after it waits", async () => {
    const server = new Server();
    const { outbox, pending, uploaded } = await tab(server);
    server.files.isThere = false;
    await outbox.add(withFile("look", "a longer text"));
    await outbox.add(item("after"));
    await eventually(() => expect(server.files.tries).toBeGreaterThan(0));
    expect(server.contents()).toEqual([]);
    server.files.isThere = true;
    await outbox.goOn();
    await eventually(() => expect(server.contents()).toEqual(["look", "after"]));
    expect(server.taken[0]?.attachments).toEqual(["upload-1"]);
    expect(await server.files.text("upload-1")).toBe("a longer text");
    await eventually(() => expect(pending()).toEqual([]));
    expect(uploaded()).toEqual({});
  });

  test("goes on where it was after a break, and after a reload", async () => {
    const server = new Server();
    const first = await tab(server);
    server.files.breakAfterParts = 2;
    await first.outbox.add(withFile("look", "0123456789abcdef"));
    await eventually(() => expect(server.files.isThere).toBe(false));
    await first.close();
    server.files.isThere = true;
    const second = await tab(server);
    await second.outbox.start();
    await eventually(() => expect(server.contents()).toEqual(["look"]));
    expect(server.files.parts.map((part) => part.offset)).toEqual([0, 4, 8, 12]);
    expect(await server.files.text("upload-1")).toBe("0123456789abcdef");
  });

  test("is asked for again where it was too large to outlive the page", async () => {
    const server = new Server();
    server.files.isThere = false;
    const first = await tab(server);
    const message = withFile("large", "much");
    const [file] = message.files;
    if (file === undefined) throw new Error("There is one.");
    first.uploads.hold(file.ref, new Blob(["much"]));
    await first.outbox.add({ ...message, files: [{ ...file, content: null }] });
    await first.close();
    server.files.isThere = true;

    const second = await tab(server);
    await second.outbox.start();
    // Another tab would have a second to say that it has the file.
    await eventually(() =>
      expect(second.pending()).toMatchObject([{ delivery: { status: "refused", failure: { code: "file_gone" } } }]),
    );
    await second.outbox.replaceFile(message.clientRef, file, new Blob(["much"]));
    await eventually(() => expect(server.contents()).toEqual(["large"]));
  });

  test("is sent by the tab that holds it, whichever looks at it first", async () => {
    const server = new Server();
    server.isThere = false;
    const [one, other] = [await tab(server), await tab(server)];
    const message = withFile("large", "much");
    const [file] = message.files;
    if (file === undefined) throw new Error("There is one.");
    one.uploads.hold(file.ref, new Blob(["much"]));
    await one.outbox.add({ ...message, files: [{ ...file, content: null }] });
    await eventually(() => expect(other.pending()).toHaveLength(1));
    server.isThere = true;
    await other.outbox.flush();
    await one.outbox.flush();
    await eventually(() => expect(server.contents()).toEqual(["large"]));
    await eventually(() => expect([one.pending(), other.pending()]).toEqual([[], []]));
  });

  test("is refused with its message, and holds up nothing else", async () => {
    const server = new Server();
    const { outbox, pending } = await tab(server);
    server.files.refused = refusal("invalid_image");
    await outbox.add(withFile("odd", "no picture"));
    await outbox.add(item("fine"));
    await eventually(() => expect(server.contents()).toEqual(["fine"]));
    expect(pending()).toMatchObject([{ delivery: { status: "refused", failure: { code: "invalid_image" } } }]);
  });

  test("is thrown away with its message", async () => {
    const server = new Server();
    const { outbox, pending } = await tab(server);
    server.files.breakAfterParts = 1;
    const message = withFile("never", "0123456789");
    await outbox.add(message);
    await eventually(() => expect(server.files.isThere).toBe(false));
    server.files.isThere = true;
    await outbox.discard(message.clientRef);
    await eventually(() => expect(server.files.cancelled).toEqual(["upload-1"]));
    expect(pending()).toEqual([]);
    expect(server.contents()).toEqual([]);
  });

  test("goes up once, whichever tab sends it", async () => {
    const server = new Server();
    const [one, other] = [await tab(server), await tab(server)];
    await one.outbox.add(withFile("shared", "0123456789"));
    await eventually(() => expect(server.contents()).toEqual(["shared"]));
    await eventually(() => expect([one.pending(), other.pending()]).toEqual([[], []]));
    expect(server.files.parts.map((part) => part.offset)).toEqual([0, 4, 8]);
  });
});
