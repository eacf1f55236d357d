import { describe, expect, test } from "vitest";
import { dayAbove, isPrepended, isReadOn, newestSeqUpTo } from "../../../src/features/thread/arrivals.ts";
import { threadRows, type Row } from "../../../src/model/rows.ts";
import * as eg from "../../examples.ts";

function rowsOf(...seqs: readonly number[]): readonly Row[] {
  const messages = seqs.map((seq) => eg.message({ seq }));
  return threadRows({ messages, pending: [], me: eg.ana, unreadAfter: null });
}

describe("what arrives in a thread", () => {
  test("came before when an older message is the first now", () => {
    expect(isPrepended(rowsOf(5, 6), rowsOf(3, 4, 5, 6))).toBe(true);
  });

  test("came after when the first is the same", () => {
    expect(isPrepended(rowsOf(5, 6), rowsOf(5, 6, 7))).toBe(false);
  });

  test("is a thread read anew when nothing of the old one is left", () => {
    expect(isPrepended(rowsOf(5, 6), rowsOf(105, 106))).toBe(false);
    expect(isPrepended([], rowsOf(5))).toBe(false);
    expect(isReadOn(rowsOf(5, 6), rowsOf(105, 106))).toBe(false);
    expect(isReadOn(rowsOf(5, 6, 7), rowsOf(7, 8, 9))).toBe(false);
    expect(isReadOn(rowsOf(5, 6), rowsOf(3, 4, 5))).toBe(true);
  });
});

describe("a place in a thread", () => {
  test("has seen the newest stored message at or above it", () => {
    const rows = rowsOf(3, 4, 5);
    expect(newestSeqUpTo(rows, 2)).toBe(4);
    expect(newestSeqUpTo(rows, Infinity)).toBe(5);
    expect(newestSeqUpTo(rows, 0)).toBeNull();
  });

  test("lies under the separator of its day", () => {
    const rows = rowsOf(3, 4);
    expect(dayAbove(rows, 2)).toBe(eg.message({ seq: 3 }).inserted_at);
    expect(dayAbove([], 0)).toBeNull();
  });
});
