import { expect, test } from "vitest";
import { newClientRef } from "../../src/client/refs.ts";

test("a reference is a UUID of version 7, with the moment of its making in front", () => {
  const ref = newClientRef(Date.parse("2022-02-22T19:22:22Z"));

  expect(ref).toMatch(/^017f22e2-79b0-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/u);
});

test("references rise with time, and are not the same within one moment", () => {
  const [early, late, again] = [newClientRef(1_000), newClientRef(2 ** 40), newClientRef(2 ** 40)];

  expect(early < late).toBe(true);
  expect(again).not.toBe(late);
});
