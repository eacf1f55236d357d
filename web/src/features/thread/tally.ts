/** What the votes of a poll come to. */

import type { Poll } from "../../model/message.ts";

export function votersOf(poll: Poll): number {
  return new Set(poll.options.flatMap((option) => option.user_ids)).size;
}

/**
 * For each answer, how many in a hundred voters chose it. Where everybody has one vote they add up to a hundred: what
 * rounding takes away goes to those that it took most from, and the same number of votes has the same percentage.
 */
export function percentages(poll: Poll): readonly number[] {
  const voters = votersOf(poll);
  if (voters === 0) return poll.options.map(() => 0);
  const exact = poll.options.map((option) => (option.count * 100) / voters);
  const floors = exact.map(Math.floor);
  if (poll.multiple) return exact.map(Math.round);
  let left = 100 - floors.reduce((sum, each) => sum + each, 0);
  const given = new Set<number>();
  const remains = [...new Set(exact)].toSorted((one, other) => (other % 1) - (one % 1));
  for (const value of remains) {
    const count = exact.filter((each) => each === value).length;
    if (value % 1 === 0 || count > left) continue;
    given.add(value);
    left -= count;
  }
  return exact.map((value, index) => (floors[index] ?? 0) + (given.has(value) ? 1 : 0));
}
