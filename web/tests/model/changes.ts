/** Any change that somebody may make to a conversation, for property tests; sending is the most frequent. */

import * as fc from "fast-check";
import * as eg from "../examples.ts";
import type { Change } from "./served.ts";

const people = fc.constantFrom(eg.ana, eg.ben, eg.cleo);

export const anyChange: fc.Arbitrary<Change> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ kind: fc.constant("send" as const), by: people, mentions: fc.subarray([eg.ana, eg.ben]) }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant("edit" as const), which: fc.nat(50) }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant("delete" as const), which: fc.nat(50) }) },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant("react" as const),
      which: fc.nat(50),
      who: people,
      emoji: fc.constantFrom("👍", "🎉"),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("pin" as const), which: fc.nat(50) }) },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant("vote" as const),
      which: fc.nat(50),
      who: people,
      choices: fc.subarray([0, 1]),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("rename" as const), alias: fc.string() }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("join" as const), who: people }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("leave" as const), who: people }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("promote" as const), who: people }) },
);
