import { describe, expect, test } from "vitest";
import { offeredMethods, readSecondStep } from "../../src/model/entrance.ts";

describe("the second step that a browser is led to", () => {
  test("is the token and the methods after its last dot", () => {
    expect(readSecondStep("a-token_9.totp,recovery_code")).toEqual({
      token: "a-token_9",
      methods: ["totp", "recovery_code"],
    });
  });

  test("leaves out methods that this client does not know", () => {
    expect(readSecondStep("t.pigeon,passkey")?.methods).toEqual(["passkey"]);
  });

  test.each(["", "token", ".totp", "token.", "token.pigeon"])("is not read from %j", (text) => {
    expect(readSecondStep(text)).toBeNull();
  });
});

describe("the methods that are offered", () => {
  const step = { token: "t", methods: ["recovery_code", "passkey", "totp"] as const };

  test("begin with the app, and end with what is only for need", () => {
    expect(offeredMethods(step, true)).toEqual(["totp", "passkey", "recovery_code"]);
  });

  test("have a passkey only where the browser can ask for one", () => {
    expect(offeredMethods(step, false)).toEqual(["totp", "recovery_code"]);
    expect(offeredMethods({ token: "t", methods: ["passkey"] }, false)).toEqual([]);
  });
});
