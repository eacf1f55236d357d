import { describe, expect, test } from "vitest";
import { recoveryKeyText } from "../../src/crypto/recovery_key.ts";
import { isLastGroup, lastGroup, slipIn } from "../../src/crypto/recovery_slips.ts";

const key = await recoveryKeyText(Uint8Array.from({ length: 32 }, (_, at) => at * 7));
const groups = key.split("-");

/** The key with one of its groups, counted from 1, as somebody typed it. */
function withGroup(place: number, change: (group: string) => string): string {
  return groups.map((group, at) => (at + 1 === place ? change(group) : group)).join(" ");
}

function other(character: string | undefined): string {
  return character === "7" ? "8" : "7";
}

function turned(group: string): string {
  return [...group].map(other).join("");
}

describe("what was typed of a recovery key", () => {
  test("has nothing wrong in small letters and without its signs", async () => {
    expect(await slipIn(key.toLowerCase().replaceAll("-", ""))).toBeNull();
  });

  test("tells the group in which a character is another", async () => {
    const typed = withGroup(5, (group) => group.slice(0, 2) + other(group[2]) + group.slice(3));
    expect(await slipIn(typed)).toEqual({ what: "checksum", group: 5 });
  });

  test("tells the group in which two neighbours are swapped", async () => {
    const place = groups.findIndex(([one, two]) => one !== two) + 1;
    const typed = withGroup(place, ([one = "", two = "", ...rest]) => two + one + rest.join(""));
    expect(await slipIn(typed)).toEqual({ what: "checksum", group: place });
  });

  test("does not guess where several are wrong", async () => {
    expect(await slipIn(withGroup(2, turned))).toEqual({ what: "checksum", group: null });
  });

  test("tells the group of a character that no key has, and how many there are where some are missing", async () => {
    expect(await slipIn(withGroup(3, (group) => `${group.slice(0, 3)}U`))).toEqual({ what: "character", character: "U", group: 3 });
    expect(await slipIn(withGroup(14, () => "A"))).toEqual({ what: "length", length: 53 });
  });
});

test("the last group is taken as tolerantly as the key", () => {
  expect(lastGroup(key)).toBe(groups.at(-1));
  expect(isLastGroup(key, ` ${groups.at(-1)?.toLowerCase()} `)).toBe(true);
  expect(isLastGroup("0000-1001", "IOol")).toBe(true);
  expect(isLastGroup(key, groups.at(-2) ?? "")).toBe(false);
  expect(isLastGroup(key, "")).toBe(false);
});
