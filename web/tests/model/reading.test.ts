import { describe, expect, test } from "vitest";
import type { Stretch } from "../../src/model/convergence.ts";
import { mergeReadSeqs, withOthersReading, withOwnReading } from "../../src/model/reading.ts";
import * as eg from "../examples.ts";

const messages = [
  eg.message({ seq: 5 }),
  eg.message({ seq: 6, sender: eg.ana }),
  eg.message({ seq: 7, is_deleted: true }),
  eg.message({ seq: 9 }),
];
const stretch: Stretch = { head: 9, messages, reachesStart: false, reachesEnd: true };
const row = eg.conversation({ head_seq: 9, read_seq: 3, unread: 4, last_message: messages.at(-1) ?? null });

describe("reading", () => {
  test("leaves the living messages of others past the pointer unread", () => {
    const { conversation, isExact } = withOwnReading(row, 5, stretch, eg.ana);
    expect([conversation.read_seq, conversation.unread, isExact]).toEqual([5, 1, true]);
  });

  test("up to the last message leaves nothing, whatever is loaded", () => {
    expect(withOwnReading(row, 9, null, eg.ana)).toMatchObject({ conversation: { unread: 0 }, isExact: true });
  });

  test("never goes back", () => {
    expect(withOwnReading(row, 2, stretch, eg.ana).conversation).toBe(row);
    expect(withOthersReading({ ...row, others_read_seq: 8 }, 7).others_read_seq).toBe(8);
    expect(mergeReadSeqs({ [eg.ben]: 5 }, { [eg.ben]: 4, [eg.cleo]: 0 })).toEqual({ [eg.ben]: 5, [eg.cleo]: 0 });
  });

  test("into what is not loaded cannot tell how much is left", () => {
    const { conversation, isExact } = withOwnReading({ ...row, read_seq: 1 }, 2, stretch, eg.ana);
    expect([conversation.read_seq, conversation.unread, isExact]).toEqual([2, 4, false]);
    expect(withOwnReading(row, 5, { ...stretch, head: 8 }, eg.ana).isExact).toBe(false);
  });

  test("by others is not told in rooms", () => {
    expect(withOthersReading(row, 6).others_read_seq).toBe(6);
    expect(withOthersReading({ ...row, kind: "room" }, 6).others_read_seq).toBe(0);
  });
});
