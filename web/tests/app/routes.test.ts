import { expect, test } from "vitest";
import { invitationAt, routes, screenAt } from "../../src/app/routes.ts";

test("every screen is found at its own address", () => {
  expect(screenAt(routes.directory)).toEqual({ type: "directory" });
  expect(screenAt(routes.settings)).toEqual({ type: "settings", page: null });
  expect(screenAt(routes.settingsPage("security"))).toEqual({ type: "settings", page: "security" });
  // Mails lead here.
  expect(screenAt("/settings/notifications")).toEqual({ type: "settings", page: "notifications" });
  expect(screenAt(routes.chat("x"))).toEqual({ type: "chat", id: "x", about: false, safetyWith: null, messageId: null });
  expect(screenAt(routes.about("x"))).toEqual({ type: "chat", id: "x", about: true, safetyWith: null, messageId: null });
  expect(screenAt(routes.safety("x", "z"))).toEqual({
    type: "chat",
    id: "x",
    about: true,
    safetyWith: "z",
    messageId: null,
  });
  expect(screenAt(routes.message("x", "y"))).toEqual({ type: "chat", id: "x", about: false, safetyWith: null, messageId: "y" });
});

test("the token of an invitation is read from its address alone", () => {
  expect(invitationAt("/invite/a-B_9")).toBe("a-B_9");
  for (const path of ["/invite/", "/invite", "/invite/a/b", "/c/a"]) expect(invitationAt(path)).toBeNull();
});

test("the token of an invitation is read from its address alone", () => {
  expect(invitationAt("/invite/a-B_9")).toBe("a-B_9");
  for (const path of ["/invite/", "/invite", "/invite/a/b", "/c/a"]) expect(invitationAt(path)).toBeNull();
});

test("every other address shows the chats", () => {
  for (const path of ["/", "/register", "/c/", "/c/x/y", "/c/x/about/safety", "/settings/nowhere", "/nowhere"]) {
    expect(screenAt(path)).toEqual({ type: "chats" });
  }
});
