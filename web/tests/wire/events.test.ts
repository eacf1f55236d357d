/** What the server says of each event of its core, by the golden frames, as the web client hears it. */

import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { ConversationHandlers, Ending, SealedEvent, SystemHandlers, UserHandlers } from "../../src/protocol/channels.ts";
import type { VoiceHandlers } from "../../src/protocol/voice_channel.ts";
import type { Participant } from "../../src/model/voice.ts";
import { eventNames, type Frame, golden, goldenInConversation } from "./golden.ts";
import { Listener } from "./listener.ts";
import { conversation, conversationEvent, me, preferences, user } from "./nouns.ts";
import { anything, flag, list, nullOr, number, object, oneOf, places, type Read, record, text, time } from "./reading.ts";

/** Of these the client hears nothing, and this is why it needs nothing. */
const unheard: Readonly<Record<string, string>> = {
  sessions_ended: "the server closes the sockets of an ended session with code 4001",
  status_changed: "how people say it is with them is a matter of another vocabulary",
  visitor_came: "who looks at a conversation is a matter of other vocabularies",
  visitor_went: "who looks at a conversation is a matter of other vocabularies",
  voice_forbidden: "the server closes the topic of whoever may not be there any more",
  voice_seats: "nodes tell each other who is in a channel; clients hear of who comes and goes",
  visibility_changed: "whoever hides or shows up goes or comes in presence_changed",
};

type Arguments<Handlers, Name extends keyof Handlers> = Handlers[Name] extends (...args: infer Args) => void
  ? Args
  : never;

const ending = object<Ending>({
  conversation_id: text,
  reason: oneOf("left", "removed", "banned", "deleted"),
  note: nullOr(text),
});

const pointer = { user_id: text, read_seq: number, read_at: nullOr(time) };

const participant = object<Participant>({
  user_id: text,
  session: text,
  muted: flag,
  deafened: flag,
  speaking: flag,
  sharing: flag,
  camera: flag,
  silenced: flag,
  joined_at: time,
});

/** How to read what each handler is called with. */
const readers: Readonly<Record<string, Read<readonly unknown[]>>> = {
  "conversation.onEvent": places<Arguments<ConversationHandlers, "onEvent">>(conversationEvent),
  "conversation.onTyping": places<Arguments<ConversationHandlers, "onTyping">>(text, flag),
  "conversation.onRead": places<Arguments<ConversationHandlers, "onRead">>(object(pointer)),
  "conversation.onVoice": places<Arguments<ConversationHandlers, "onVoice">>(list(text)),
  "user.onRing": places<Arguments<UserHandlers, "onRing">>(
    object({ conversation_id: text, from: text, user, started_at: time }),
  ),
  "user.onRingEnded": places<Arguments<UserHandlers, "onRingEnded">>(text),
  "user.onNewConversation": places<Arguments<UserHandlers, "onNewConversation">>(conversation),
  "user.onConversationEnded": places<Arguments<UserHandlers, "onConversationEnded">>(ending),
  "user.onRead": places<Arguments<UserHandlers, "onRead">>(object({ ...pointer, conversation_id: text })),
  "user.onProfile": places<Arguments<UserHandlers, "onProfile">>(me),
  "user.onPreferences": places<Arguments<UserHandlers, "onPreferences">>(text, preferences),
  "user.onStar": places<Arguments<UserHandlers, "onStar">>(text, flag),
  "user.onSchedule": places<Arguments<UserHandlers, "onSchedule">>(text),
  "user.onSealed": places<Arguments<UserHandlers, "onSealed">>(text, conversationEvent as Read<SealedEvent>),
  "user.onIdentity": places<Arguments<UserHandlers, "onIdentity">>(text, record(anything)),
  "user.onHandover": places<Arguments<UserHandlers, "onHandover">>(
    object({ id: text, device: text, messages: list(record(anything)), is_over: flag }),
  ),
  "voice.onComing": places<Arguments<VoiceHandlers, "onComing">>(participant, user),
  "voice.onLeaving": places<Arguments<VoiceHandlers, "onLeaving">>(object({ user_id: text, session: text, reason: text })),
  "voice.onState": places<Arguments<VoiceHandlers, "onState">>(participant),
  "voice.onDescription": places<Arguments<VoiceHandlers, "onDescription">>(
    object({ type: oneOf("offer", "answer"), from: text, from_session: text, sdp: text, proof: anything }),
  ),
  "voice.onRouted": places<Arguments<VoiceHandlers, "onRouted">>(
    object({ route: oneOf("mesh", "sfu"), limit: number, end_to_end: flag }),
  ),
  "voice.onDeclined": places<Arguments<VoiceHandlers, "onDeclined">>(text),
  "system.onUser": places<Arguments<SystemHandlers, "onUser">>(user),
  "system.onDisplayName": places<Arguments<SystemHandlers, "onDisplayName">>(text, text),
  "system.onPresence": places<Arguments<SystemHandlers, "onPresence">>(people),
};

const conversationId = "0198c2a4-5a50-7000-8000-0000000000c1";
const ana = "0198c2a4-5a50-7000-8000-0000000000a1";
const bea = "0198c2a4-5a50-7000-8000-0000000000b1";

let listener: Listener;

beforeEach(async () => {
  listener = await Listener.on(conversationId, bea, ana);
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

  test.each(["sealed_sent", "sealed_edited", "sealed_reacted"])("%s is heard in the conversation without what was sealed", (name) => {
    const [heard, ...others] = listener.hear(goldenInConversation(name));
    expect(others).toEqual([]);
    expect(() => readers["conversation.onEvent"]?.(heard?.args, name)).not.toThrow();
    expect(heard?.args).toEqual([expect.objectContaining({ type: "encrypted_message", message_seq: 7 })]);
  });

  test("a sealed message names it by its own id, and the copy beside it", () => {
    expect(listener.hear(said("sealed_sent"))[0]?.args[1]).toMatchObject({
      message: { id: "0198c2a4-5a50-7000-8000-0000000000d1", copy_id: "0198c2a4-5a50-7000-8000-0000000000e2" },
    });
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
