import { describe, expect, test } from "vitest";
import { Copies } from "../../src/client/copies.ts";
import { Notices } from "../../src/client/notices.ts";
import type { OwnConversation } from "../../src/model/conversation.ts";
import { createStores } from "../../src/stores/stores.ts";
import * as eg from "../examples.ts";

/** Ana, who looks elsewhere; the chime tells what was told of when it sounded. */
function reader(row: Partial<OwnConversation>, chime: () => void = () => undefined) {
  const stores = createStores({ theme: "auto", magnification: 1, hidden: false });
  const copies = new Copies(stores, eg.ana);
  copies.adopt([eg.conversation(row)]);
  const notices = new Notices({
    stores,
    rest: { noticeSettings: () => Promise.reject(new Error()), changeNoticeSettings: () => Promise.reject(new Error()) },
    environment: {
      isVisible: () => false,
      notices: { show: () => Promise.resolve(), clear: () => Promise.resolve(), chime, ring: () => () => undefined },
    },
    copies,
    isShown: () => false,
    open: async (messages) => await Promise.resolve(messages.map((message) => ({ ...message, content: "opened" }))),
  });
  return { notices, told: () => stores.notices.getState().told?.seq ?? null };
}

const by = { sender: eg.ben };

describe("somebody who looks elsewhere", () => {
  test("is told of the newest of several messages", () => {
    const { notices, told } = reader({ kind: "group", read_seq: 3 });
    notices.hear(eg.chatId, [eg.message({ seq: 4, ...by }), eg.message({ seq: 5, ...by })]);
    expect(told()).toBe(5);
  });

  test("is told in a room of the mention, though others came after it", () => {
    const { notices, told } = reader({ kind: "room", read_seq: 3 });
    const mention = eg.message({ seq: 4, ...by, mentions: [eg.ana] });
    notices.hear(eg.chatId, [mention, eg.message({ seq: 5, ...by })]);
    expect(told()).toBe(4);
  });

  test("is not told of what was read on another device", () => {
    const { notices, told } = reader({ kind: "group", read_seq: 5 });
    notices.hear(eg.chatId, [eg.message({ seq: 4, ...by }), eg.message({ seq: 5, ...by })]);
    expect(told()).toBeNull();
  });

  test("is told where the browser cannot make a sound", () => {
    const { notices, told } = reader({ kind: "group", read_seq: 3 }, () => {
      throw new Error("no audio device");
    });
    expect(() => notices.hear(eg.chatId, [eg.message({ seq: 4, ...by })])).toThrow("no audio device");
    expect(told()).toBe(4);
  });
});
