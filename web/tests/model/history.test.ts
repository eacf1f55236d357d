import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { mergeMessages } from "../../src/model/history.ts";
import type { Message } from "../../src/model/message.ts";
import * as eg from "../examples.ts";

const versions = fc.array(
  fc.tuple(fc.integer({ min: 1, max: 12 }), fc.nat(5)).map(([seq, later]) => eg.message({ seq, changed_seq: seq + later })),
);

/** The newest version of each message, found the plain way. */
function newest(all: readonly Message[]): readonly Message[] {
  const bySeq = new Map<number, Message>();
  for (const message of all) {
    if (message.changed_seq > (bySeq.get(message.seq)?.changed_seq ?? 0)) bySeq.set(message.seq, message);
  }
  return [...bySeq.values()].toSorted((one, other) => one.seq - other.seq);
}

describe("merged stretches of history", () => {
  test("hold the newest version of every message, in order", () => {
    fc.assert(
      fc.property(versions, versions, (one, other) => {
        expect(mergeMessages(mergeMessages([], one), other)).toEqual(newest([...one, ...other]));
      }),
    );
  });

  test("are the same stretch when nothing in them is new", () => {
    fc.assert(
      fc.property(versions, (all) => {
        const merged = mergeMessages([], all);
        expect(mergeMessages(merged, all)).toBe(merged);
      }),
    );
  });
});
