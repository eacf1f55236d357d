import { describe, expect, test } from "vitest";
import type { Ring } from "../../src/model/voice.ts";
import type { VoiceState } from "../../src/stores/state.ts";
import { withCall, withoutRing, withRing, withVoicePlace } from "../../src/stores/voice.ts";
import { createStores } from "../../src/stores/stores.ts";
import * as eg from "../examples.ts";

const empty: VoiceState = createStores({ theme: "auto", magnification: 1, hidden: false }).voice.getState();
const ring = (conversation_id: string): Ring => ({ conversation_id, from: eg.ben, user: eg.user({ id: eg.ben }), started_at: "" });

describe("voice places", () => {
  test("are known while somebody is there", () => {
    const one = withVoicePlace(empty, eg.chatId, [eg.ana, eg.ben]);
    expect(one.byConversation).toEqual({ [eg.chatId]: [eg.ana, eg.ben] });
    expect(withVoicePlace(one, eg.chatId, []).byConversation).toEqual({});
  });

  test("are drawn again only where something is new", () => {
    const one = withVoicePlace(empty, eg.chatId, [eg.ana, eg.ben]);
    expect(withVoicePlace(one, eg.chatId, [eg.ana, eg.ben])).toBe(one);
    expect(withVoicePlace(one, eg.chatId, [eg.ben, eg.ana])).not.toBe(one);
    expect(withVoicePlace(empty, eg.chatId, [])).toBe(empty);
  });
});

describe("rings", () => {
  test("are one for each chat, the earliest first", () => {
    const both = withRing(withRing(empty, ring("one")), ring("two"));
    expect(withRing(both, ring("one")).rings.map(({ conversation_id }) => conversation_id)).toEqual(["two", "one"]);
  });

  test("end, where there are any", () => {
    expect(withoutRing(withRing(empty, ring("one")), "one").rings).toEqual([]);
    expect(withoutRing(empty, "one")).toBe(empty);
  });
});

test("what is told of a call that is over changes nothing of the next one", () => {
  expect(withCall(empty, "one", () => ({ muted: true }))).toBe(empty);
});
