import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { Typing } from "../../src/client/typing.ts";
import { createStores } from "../../src/stores/stores.ts";
import * as eg from "../examples.ts";

function typist() {
  const { typing: store } = createStores({ theme: "auto", magnification: 1, hidden: false });
  const told: string[] = [];
  const typing = new Typing(store, eg.ana, (_id, event) => told.push(event));
  return { typing, told, others: () => store.getState().byConversation[eg.chatId] };
}

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  vi.useRealTimers();
});

describe("typing", () => {
  test("is told at the first keystroke, and again only after a while", () => {
    const { typing, told } = typist();
    for (let key = 0; key < 20; key += 1) {
      typing.start(eg.chatId);
      vi.advanceTimersByTime(200);
    }
    expect(told).toEqual(["start_typing", "start_typing"]);
  });

  test("ends by itself when no key is pressed any more, and once only", () => {
    const { typing, told } = typist();
    typing.start(eg.chatId);
    vi.advanceTimersByTime(60_000);
    typing.finish(eg.chatId);
    expect(told).toEqual(["start_typing", "finish_typing"]);
  });

  test("of others is shown in the order in which they began, without oneself", () => {
    const { typing, others } = typist();
    typing.hear(eg.chatId, eg.ben, true);
    typing.hear(eg.chatId, eg.cleo, true);
    typing.hear(eg.chatId, eg.ana, true);
    expect(others()).toEqual([eg.ben, eg.cleo]);
    typing.hear(eg.chatId, eg.ben, false);
    expect(others()).toEqual([eg.cleo]);
    typing.hearAll(eg.chatId, [eg.ana]);
    expect(others()).toBeUndefined();
  });
});
