import { expect, test } from "vitest";
import { screenAt } from "../../../src/app/routes.ts";
import { doorAt, doors, isOpenToAll, isSecret } from "../../../src/features/signin/doors.ts";
import { providerFailure } from "../../../src/features/signin/provider_failure.ts";

test("every page at the door is found at its own address, and is no screen of those who are in", () => {
  for (const [door, path] of Object.entries(doors)) {
    expect(doorAt(path)).toBe(door);
    expect(screenAt(path)).toEqual({ type: "chats" });
  }
});

test("no other address is such a page", () => {
  for (const path of ["/", "/c/x", "/sign-in/", "/register/", "/settings"]) {
    expect(doorAt(path)).toBeNull();
    expect(isSecret(path)).toBe(false);
  }
  expect(isOpenToAll(null)).toBe(false);
});

test("what stands behind the # is taken from exactly the pages that are led to with it", () => {
  const secret = Object.values(doors).filter(isSecret);
  expect(secret).toEqual([
    doors.secondStep,
    doors.providerFailed,
    doors.resetPassword,
    doors.confirmEmail,
    doors.changeEmail,
  ]);
});

test("a provider's failure that is not known is told as one of the others", () => {
  expect(providerFailure("access_denied")).toBe("access_denied");
  for (const code of ["", "provider_refused", "toString"]) expect(providerFailure(code)).toBe("other");
});
