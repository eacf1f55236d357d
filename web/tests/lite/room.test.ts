import { beforeEach, describe, expect, test, vi } from "vitest";
import { Composer, type Fields, type Form } from "../../src/lite/composer.ts";
import { Reloading } from "../../src/lite/reloading.ts";
import { type Line, Room, type Wire } from "../../src/lite/room.ts";
import { eventually } from "../eventually.ts";

const me = "0190c000-0000-7000-8000-000000000001";
const bea = { id: "0190c000-0000-7000-8000-000000000002", display_name: "Bea" };
const insertedAt = "2026-03-01T12:00:00.000Z";

/** The server's end: answers what it was told to, and says things. */
class Server implements Wire {
  connected = true;
  readonly asked: [string, object][] = [];
  readonly said: [string, object][] = [];
  answer: (event: string) => unknown = () => ({ ok: true });
  private readonly hearers = new Map<string, (payload: unknown) => void>();

  on(event: string, hear: (payload: unknown) => void): void {
    this.hearers.set(event, hear);
  }

  emit(event: string, payload: object): void {
    this.said.push([event, payload]);
  }

  timeout() {
    return {
      emitWithAck: async (event: string, payload: object) => {
        this.asked.push([event, payload]);
        return this.answer(event);
      },
    };
  }

  say(event: string, payload: unknown = undefined): void {
    this.hearers.get(event)?.(payload);
  }
}

let server: Server;
let room: Room;
let lines: Line[];
let changes: number;
let typists: readonly string[];

async function joined(): Promise<void> {
  server.say("connect");
  await eventually(() => expect(changes).toBe(1));
}

beforeEach(() => {
  server = new Server();
  lines = [];
  changes = 0;
  typists = [];
  room = new Room(server, "r", me, {
    line: (line) => lines.push(line),
    changed: () => {
      changes += 1;
    },
    typing: (names) => {
      typists = names;
    },
  });
  room.listen();
});

describe("a room", () => {
  test("is joined at each connection, and the list asked for anew", async () => {
    await joined();
    server.say("disconnect");
    expect(await room.send("hello", "1")).toEqual({ status: "unknown" });
    server.say("connect");
    await eventually(() => expect(changes).toBe(2));
    expect(server.asked).toEqual([
      ["join_room", { room: "r" }],
      ["join_room", { room: "r" }],
    ]);
  });

  test("that does not let one in is written to by the form alone", async () => {
    server.answer = () => ({ error: { code: "not_found", detail: "No." } });
    server.say("connect");
    await eventually(() => expect(server.asked).toHaveLength(1));
    expect(await room.send("hello", "1")).toEqual({ status: "unknown" });
    expect(changes).toBe(0);
  });

  test("says a plain message as a line", async () => {
    await joined();
    const message = { id: "m", seq: 7, sender: bea, text: "Hi", inserted_at: insertedAt, attachments: [], reply_to: null };
    server.say("message", { room: "r", message });
    expect(lines).toEqual([{ id: "m", seq: 7, senderId: bea.id, name: "Bea", text: "Hi", insertedAt }]);
    expect(changes).toBe(1);
  });

  test.each([
    ["a file", { attachments: [{}] }],
    ["an answer", { reply_to: "x" }],
    ["a poll", { poll: {} }],
    ["no words", { text: "" }],
    ["no place", { seq: undefined }],
  ])("asks for the list where a message has %s", async (_, more) => {
    await joined();
    server.say("message", { message: { id: "m", seq: 7, sender: bea, text: "Hi", inserted_at: insertedAt, ...more } });
    expect(lines).toEqual([]);
    expect(changes).toBe(2);
  });

  test.each(["message_edited", "message_deleted", "reaction"])("asks for the list after %s", async (event) => {
    await joined();
    server.say(event, {});
    expect(changes).toBe(2);
  });

  test("shows who types until they send or fall silent, and not oneself", async () => {
    await joined();
    server.say("typing", { sender: { id: me, display_name: "Ana" }, typing: true });
    expect(typists).toEqual([]);
    server.say("typing", { sender: bea, typing: true });
    expect(typists).toEqual(["Bea"]);
    server.say("message", { message: { id: "m", seq: 7, sender: bea, text: "Hi", inserted_at: insertedAt } });
    expect(typists).toEqual([]);
  });

  test("is told that one types, but not with every key", async () => {
    await joined();
    room.type();
    room.type();
    expect(server.said).toEqual([["typing", { room: "r", typing: true }]]);
  });

  test("is told that one types no more when a message goes, and of the next key again", async () => {
    await joined();
    room.type();
    const sent = room.send("hello", "ref");
    room.type();
    await sent;
    expect(server.said.map(([, payload]) => (payload as { typing: boolean }).typing)).toEqual([true, false, true]);
  });

  test.each([
    [{ ok: true }, { status: "sent" }],
    [{ error: { code: "rate_limited", detail: "Slow down." } }, { status: "refused", detail: "Slow down." }],
  ])("answers a message: %o", async (answer, sent) => {
    await joined();
    server.answer = () => answer;
    expect(await room.send("hello", "ref")).toEqual(sent);
    expect(server.asked.at(-1)).toEqual(["message", { room: "r", message: "hello", client_ref: "ref" }]);
  });

  test("that does not answer leaves it open whether a message came", async () => {
    await joined();
    server.answer = () => Promise.reject(new Error("timeout"));
    expect(await room.send("hello", "ref")).toEqual({ status: "unknown" });
  });
});

describe("the composer", () => {
  const acts: string[] = [];
  let fields: Fields;
  const form: Form = {
    fields: () => fields,
    clear: () => acts.push("clear"),
    refuse: (detail) => acts.push(detail),
    post: () => acts.push("post"),
  };

  beforeEach(() => {
    acts.length = 0;
    fields = { text: "hello", clientRef: "1", isReply: false };
  });

  test.each([
    [{ status: "sent" } as const, "clear"],
    [{ status: "refused", detail: "Too long." } as const, "Too long."],
    [{ status: "unknown" } as const, "post"],
  ])("after %o: %s", async (sent, act) => {
    await new Composer({ send: async () => sent }, form).submit();
    expect(acts).toEqual([act]);
  });

  test("sends an answer to a message by the form", async () => {
    fields = { ...fields, isReply: true };
    await new Composer({ send: () => Promise.reject(new Error("not asked")) }, form).submit();
    expect(acts).toEqual(["post"]);
  });

  test("pressed twice sends once", async () => {
    const send = vi.fn<Room["send"]>(async () => ({ status: "sent" }));
    const composer = new Composer({ send }, form);
    await Promise.all([composer.submit(), composer.submit()]);
    expect(send).toHaveBeenCalledTimes(1);
  });

  test("sends no blank message", async () => {
    fields = { ...fields, text: " \n" };
    await new Composer({ send: () => Promise.reject(new Error("not asked")) }, form).submit();
    expect(acts).toEqual([]);
  });
});

describe("asking for the list", () => {
  test("happens at once, then at most once a second, and not while nobody looks", async () => {
    vi.useFakeTimers();
    let isSeen = true;
    const load = vi.fn<() => Promise<void>>(async () => undefined);
    const reloading = new Reloading(load, () => isSeen);
    reloading.changed();
    await vi.advanceTimersByTimeAsync(0);
    expect(load).toHaveBeenCalledTimes(1);
    for (let each = 0; each < 5; each += 1) reloading.changed();
    await vi.advanceTimersByTimeAsync(999);
    expect(load).toHaveBeenCalledTimes(1);
    await vi.advanceTimersByTimeAsync(1);
    expect(load).toHaveBeenCalledTimes(2);
    reloading.read();
    await vi.advanceTimersByTimeAsync(9_000);
    expect(load).toHaveBeenCalledTimes(2);
    await vi.advanceTimersByTimeAsync(11_000);
    expect(load).toHaveBeenCalledTimes(3);
    isSeen = false;
    reloading.changed();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(load).toHaveBeenCalledTimes(3);
    isSeen = true;
    reloading.seen();
    await vi.advanceTimersByTimeAsync(0);
    expect(load).toHaveBeenCalledTimes(4);
    vi.useRealTimers();
  });
});
