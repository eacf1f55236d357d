import { expect, test } from "vitest";
import { hostOf, linksIn } from "../../src/model/media.ts";

test("the addresses in a text are found once each, without the marks around them", () => {
  const text = "See https://a.example/x, (http://b.example/y?z=1) and [this](https://a.example/x).";
  expect(linksIn(text)).toEqual(["https://a.example/x", "http://b.example/y?z=1"]);
  expect(linksIn("ftp://c.example and nothing else")).toEqual([]);
});

test("a link is called by its host", () => {
  expect(hostOf("https://www.example.org/a/b")).toBe("example.org");
  expect(hostOf("not an address")).toBe("not an address");
});
