/** How one state of a thread's rows follows from another, for keeping one's place in it. */

import type { Row } from "../../model/rows.ts";

/** Whether rows came in before the oldest message: then the distance to the end is what must not change. */
export function isPrepended(before: readonly Row[], after: readonly Row[]): boolean {
  return isReadOn(before, after) && after.find(isEntry)?.key !== before.find(isEntry)?.key;
}

/** Whether the oldest message of before is still there: otherwise the thread was read anew, from another place on. */
export function isReadOn(before: readonly Row[], after: readonly Row[]): boolean {
  const oldest = before.find(isEntry)?.key;
  return after.some((row) => row.key === oldest);
}

/** The seq of the newest stored message among the rows up to and including `index`; null where there is none. */
export function newestSeqUpTo(rows: readonly Row[], index: number): number | null {
  for (let at = Math.min(index, rows.length - 1); at >= 0; at -= 1) {
    const row = rows[at];
    if (row?.type === "message") return row.message.seq;
  }
  return null;
}

/** The moment of the day separator that the row at `index` stands under; null above the first. */
export function dayAbove(rows: readonly Row[], index: number): string | null {
  for (let at = Math.min(index, rows.length - 1); at >= 0; at -= 1) {
    const row = rows[at];
    if (row?.type === "day") return row.at;
  }
  return null;
}

function isEntry(row: Row): boolean {
  return row.type === "message" || row.type === "pending";
}
