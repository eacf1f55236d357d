import { describe, expect, test } from "vitest";
import { registrationFaults } from "../../../src/features/signin/registration.ts";
import { english } from "../../../src/words/english.ts";

const words = english("en").register;
const good = { displayName: "Ana", email: "ana@example.org", password: "password" };

describe("a registration", () => {
  test("without faults has none", () => {
    expect(registrationFaults(good, words)).toEqual({});
  });

  test("names what is missing", () => {
    const faults = registrationFaults({ displayName: " ", email: "", password: "short" }, words);
    expect(faults).toEqual({
      displayName: words.displayNameMissing,
      email: words.emailMissing,
      password: words.passwordShort,
    });
  });

  test("wants an address that could be one", () => {
    expect(registrationFaults({ ...good, email: "ana" }, words)).toEqual({ email: words.emailOdd });
  });
});
