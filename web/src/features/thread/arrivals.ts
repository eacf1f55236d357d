/** How one state of a thread's rows follows from another, for keeping one's place in it. */

import type { Row } from "../../model/rows.ts";

/** Whether rows came in before the oldest message: then the distance to the end is what must not change. */
export function isPrepended(before: readonly Row[], after: readonly Row[]): boolean {
  const oldest = before.find(isEntry)?.key;
  if (oldest === undefined || after.find(isEntry)?.key === oldest) return false;
  return after.some((row) => row.key === oldest);
}

/** Whether something is left of what was there: otherwise the thread was read anew, at another place. */
export function isReadOn(before: readonly Row[], after: readonly Row[]): boolean {
  const known = new Set(before.filter(isEntry).map((row) => row.key));
  return after.some((row) => known.has(row.key));
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
