/** What the server says of each event of its core, by the golden frames, as the web client hears it. */

import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { ConversationHandlers, SystemHandlers, UserHandlers } from "../../src/protocol/channels.ts";
import { eventNames, type Frame, golden } from "./golden.ts";
import { Listener } from "./listener.ts";
import { conversation, conversationEvent, me, user } from "./nouns.ts";
import { flag, nullOr, number, object, places, type Read, text, time } from "./reading.ts";

/** Of these the client hears nothing, and this is why it needs nothing. */
const unheard: Readonly<Record<string, string>> = {
  sessions_ended: "the server closes the sockets of an ended session with code 4001",
  visibility_changed: "whoever hides or shows up goes or comes in presence_changed",
};

type Arguments<Handlers, Name extends keyof Handlers> = Handlers[Name] extends (...args: infer Args) => void
  ? Args
  : never;

const pointer = { user_id: text, read_seq: number, read_at: nullOr(time) };

/** How to read what each handler is called with. */
const readers: Readonly<Record<string, Read<readonly unknown[]>>> = {
  "conversation.onEvent": places<Arguments<ConversationHandlers, "onEvent">>(conversationEvent),
  "conversation.onTyping": places<Arguments<ConversationHandlers, "onTyping">>(text, flag),
  "conversation.onRead": places<Arguments<ConversationHandlers, "onRead">>(object(pointer)),
  "user.onNewConversation": places<Arguments<UserHandlers, "onNewConversation">>(conversation),
  "user.onConversationEnded": places<Arguments<UserHandlers, "onConversationEnded">>(text),
  "user.onRead": places<Arguments<UserHandlers, "onRead">>(object({ ...pointer, conversation_id: text })),
  "user.onProfile": places<Arguments<UserHandlers, "onProfile">>(me),
  "system.onUser": places<Arguments<SystemHandlers, "onUser">>(user),
  "system.onDisplayName": places<Arguments<SystemHandlers, "onDisplayName">>(text, text),
  "system.onPresence": places<Arguments<SystemHandlers, "onPresence">>(people),
};

const conversationId = "0198c2a4-5a50-7000-8000-0000000000c1";
const ana = "0198c2a4-5a50-7000-8000-0000000000a1";
const bea = "0198c2a4-5a50-7000-8000-0000000000b1";

let listener: Listener;

beforeEach(async () => {
  listener = await Listener.on(conversationId, bea);
  listener.hear([null, null, "system:general", "presence_state", { [ana]: { metas: [{ phx_ref: "p0" }] } }]);
});

afterEach(() => {
  listener.leave();
});

describe("what the server says of", () => {
  test.each(eventNames.filter((name) => !(name in unheard)))("%s is understood by one handler", (name) => {
    const heard = listener.hear(said(name));
    expect(heard, "a branch of the client hears it, or it is listed as unheard").toHaveLength(1);
    for (const { handler, args } of heard) {
      const read = readers[handler];
      expect(read, `a reader for ${handler}`).toBeDefined();
      expect(() => read?.(args, handler)).not.toThrow();
    }
  });

  test.each(Object.entries(unheard))("%s is nothing, since %s", (name) => {
    expect(eventNames).toContain(name);
    expect(golden(name)).toBeNull();
  });

  test("someone who types, and stops, is told apart", () => {
    expect(listener.hear(said("typing_started"))[0]?.args).toEqual([bea, true]);
    expect(listener.hear(said("typing_stopped"))[0]?.args).toEqual([bea, false]);
  });

  test("comings and goings makes the set of those who are there", () => {
    expect(listener.hear(said("presence_changed"))[0]?.args).toEqual([new Set([bea])]);
  });

  test("one's own reading in a room, on one's own topic, says in which", () => {
    const [, , , event, payload] = said("conversation_read");
    expect(listener.hear([null, null, `user:${bea}`, event, payload])).toEqual([
      { handler: "user.onRead", args: [expect.objectContaining({ conversation_id: conversationId, user_id: bea })] },
    ]);
  });

  test("another conversation is not heard in this one", () => {
    const [, , , event, payload] = said("message_sent");
    expect(listener.hear([null, null, "conversation:another", event, payload])).toEqual([]);
  });
});

function said(name: string): Frame {
  const frame = golden(name);
  if (frame === null) throw new Error(`The server says nothing of ${name}, which belongs to what is unheard.`);
  return frame;
}

function people(value: unknown, where: string): ReadonlySet<string> {
  if (!(value instanceof Set)) throw new TypeError(`${where} is no set`);
  for (const person of value) text(person, where);
  return value as ReadonlySet<string>;
}
