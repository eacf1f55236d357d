import { describe, expect, test } from "vitest";
import { colourOf, initialsOf, titleOf } from "../../src/model/titles.ts";
import * as eg from "../examples.ts";

describe("a title", () => {
  test("is the other person's name in a private chat, the alias or short name elsewhere", () => {
    const peer = eg.user({ display_name: "Ben" });
    expect(titleOf({ alias: null, name: null, peer })).toBe("Ben");
    expect(titleOf({ alias: "Readers", name: "readers", peer: null })).toBe("Readers");
    expect(titleOf({ alias: null, name: "readers", peer: null })).toBe("readers");
  });
});

describe("initials", () => {
  test.each([
    ["Ana María Ruiz", "AR"],
    ["ben", "B"],
    ["d.o'neil", "DO"],
    ["  ", ""],
    ["émile_zola", "ÉZ"],
    ["👩‍🚀 Crew", "👩‍🚀C"],
    ["ßeta", "SS"],
  ])("of %j are %j", (name, initials) => {
    expect(initialsOf(name)).toBe(initials);
  });
});

test("a colour stays the same for an id and is one of seven", () => {
  const colours = [eg.ana, eg.ben, eg.cleo, eg.chatId].map(colourOf);
  expect(colours).toEqual([eg.ana, eg.ben, eg.cleo, eg.chatId].map(colourOf));
  expect(colours.every((colour) => Number.isInteger(colour) && colour >= 0 && colour < 7)).toBe(true);
});
