import { describe, expect, test } from "vitest";
import { plainPieces } from "../../src/model/search.ts";

/** Pieces of a text whose hits stand in «these». */
function pieces(text: string) {
  return text
    .split(/(«[^»]*»)/u)
    .filter((part) => part !== "")
    .map((part) => (part.startsWith("«") ? { text: part.slice(1, -1), hit: true } : { text: part, hit: false }));
}

describe("a snippet", () => {
  test.each([
    ["a «word» here", "a «word» here"],
    ["> «quoted» and\n- an «item»", "«quoted» and an «item»"],
    ["**bold «word»** and `«code»`", "bold «word» and «code»"],
    ["_«word»_ in snake_case_«name»", "«word» in snake_case_«name»"],
    ["it was ||the «butler»||, the «butler»", "it was ▒▒▒▒, the «butler»"],
    ["«one»«two»", "«one»«two»"],
  ])("of %j is %j", (found, shown) => {
    expect(plainPieces(pieces(found))).toEqual(pieces(shown));
  });
});
