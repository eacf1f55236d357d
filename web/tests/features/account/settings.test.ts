import { describe, expect, test } from "vitest";
import { contactKeyOf } from "../../../src/features/account/people/contact_key.ts";
import { codesFile, grouped } from "../../../src/features/account/security/codes.ts";
import { newPasswordFaults } from "../../../src/features/account/security/new_password.ts";
import { withOffers } from "../../../src/features/account/security/offers.ts";
import { english } from "../../../src/words/english.ts";

describe("what names a contact", () => {
  test.each([
    ["ben", { username: "ben" }],
    [" @Ben_2 ", { username: "Ben_2" }],
    ["+34 612 345 678", { phone: "+34 612 345 678" }],
    ["(612) 345-678", { phone: "(612) 345-678" }],
    ["b12345", { username: "b12345" }],
    ["  ", null],
    ["@", null],
  ])("is read from %j", (typed, key) => {
    expect(contactKeyOf(typed)).toEqual(key);
  });
});

describe("a new password", () => {
  const texts = english("en").settings.pass;

  test("is eight characters long or more, and typed twice alike", () => {
    expect(newPasswordFaults({ fresh: "12345678", repeated: "12345678" }, texts)).toEqual({});
    expect(newPasswordFaults({ fresh: "1234567", repeated: "1234567" }, texts)).toEqual({ fresh: texts.freshShort });
    expect(newPasswordFaults({ fresh: "12345678", repeated: "12345679" }, texts)).toEqual({ repeated: texts.differ });
  });

  test("is counted in characters and not in their halves", () => {
    expect(newPasswordFaults({ fresh: "🎈🎈🎈🎈", repeated: "🎈🎈🎈🎈" }, texts)).toEqual({ fresh: texts.freshShort });
  });
});

describe("keys and codes", () => {
  test("of an app stand in groups of four", () => {
    expect(grouped("JBSWY3DPEHPK")).toBe("JBSW Y3DP EHPK");
    expect(grouped("JBSWY3")).toBe("JBSW Y3");
  });

  test("are kept in a file, one in a line, under whose they are", () => {
    expect(codesFile("For ana", ["aa", "bb"])).toBe("For ana\n\naa\nbb\n");
  });
});

describe("providers", () => {
  const google = { provider: "google", title: "Google", email: null, inserted_at: "2026-01-01T00:00:00Z" };

  test("are offered unless they are connected, and the connected ones stand first", () => {
    const offers = withOffers([google], [{ id: "github", title: "GitHub" }, { id: "google", title: "Google" }]);
    expect(offers.map(({ provider, identity }) => [provider.id, identity !== null])).toEqual([
      ["google", true],
      ["github", false],
    ]);
  });

  test("that are offered to nobody any more can still be let go", () => {
    expect(withOffers([google], [])).toEqual([{ provider: { id: "google", title: "Google" }, identity: google }]);
  });
});
