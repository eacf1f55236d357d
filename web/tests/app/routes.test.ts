import { expect, test } from "vitest";
import { routes, screenAt } from "../../src/app/routes.ts";

test("every screen is found at its own address", () => {
  expect(screenAt(routes.directory)).toEqual({ type: "directory" });
  expect(screenAt(routes.settings)).toEqual({ type: "settings", page: null });
  expect(screenAt(routes.settingsPage("security"))).toEqual({ type: "settings", page: "security" });
  expect(screenAt(routes.chat("x"))).toEqual({ type: "chat", id: "x", about: false });
  expect(screenAt(routes.about("x"))).toEqual({ type: "chat", id: "x", about: true });
});

test("every other address shows the chats", () => {
  for (const path of ["/", "/register", "/c/", "/c/x/y", "/settings/nowhere", "/nowhere"]) {
    expect(screenAt(path)).toEqual({ type: "chats" });
  }
});
