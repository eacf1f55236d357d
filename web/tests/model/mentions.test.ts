import { expect, test } from "vitest";
import { mentionsIn } from "../../src/model/mentions.ts";
import * as eg from "../examples.ts";

const people = [eg.user({ id: eg.ana, username: "ana" }), eg.user({ id: eg.ben, username: "ben.b" }), eg.user({ id: eg.cleo, username: null })];

test.each([
  ["hello @ana", [eg.ana], false],
  ["@Ana, @ben.b.", [eg.ana, eg.ben], false],
  ["@ana and @ana", [eg.ana], false],
  ["@all of you", [], true],
  ["mail ana@ana.example", [], false],
  ["`@ana` and ```\n@ana\n```", [], false],
  ["@anabel", [], false],
] as const)("%s mentions as the server would find it", (text, userIds, all) => {
  expect(mentionsIn(text, people)).toEqual({ userIds, all });
});
