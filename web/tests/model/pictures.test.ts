import { expect, test } from "vitest";
import { pictureOf } from "../../src/model/pictures.ts";

test("a picture's address names the size that is wanted", () => {
  expect(pictureOf("/api/avatars/5f0c1d/640", 96)).toBe("/api/avatars/5f0c1d/96");
  expect(pictureOf("/api/avatars/256/256", 640)).toBe("/api/avatars/256/640");
});

test("an address that names no size stays as it is", () => {
  expect(pictureOf("https://elsewhere.example/me.png", 96)).toBe("https://elsewhere.example/me.png");
});
