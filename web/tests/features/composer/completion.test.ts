import { describe, expect, test } from "vitest";
import { begunAt, peopleFor } from "../../../src/features/composer/completion.ts";
import * as eg from "../../examples.ts";

describe("what is begun before the caret", () => {
  test("is a name after an @ that begins a word", () => {
    expect(begunAt("ask @be", 7)).toEqual({ type: "mention", text: "be", from: 4 });
    expect(begunAt("@", 1)).toEqual({ type: "mention", text: "", from: 0 });
    expect(begunAt("(@ana", 5)).toEqual({ type: "mention", text: "ana", from: 1 });
  });

  test("is nothing in an address, or where the caret is elsewhere", () => {
    expect(begunAt("ana@exa", 7)).toBeNull();
    expect(begunAt("@ana is", 7)).toBeNull();
    expect(begunAt("ask @be", 3)).toBeNull();
  });

  test("is an emoji after a colon and two letters", () => {
    expect(begunAt("yes :smi", 8)).toEqual({ type: "emoji", text: "smi", from: 4 });
    expect(begunAt("yes :s", 6)).toBeNull();
    expect(begunAt("at 10:30", 8)).toBeNull();
    expect(begunAt("https://e", 9)).toBeNull();
  });
});

describe("the people offered", () => {
  const people = [
    eg.user({ id: "1", username: "zoe", display_name: "Zoe Berg" }),
    eg.user({ id: "2", username: "bea", display_name: "Bea" }),
    eg.user({ id: "3", username: null, display_name: "Bert" }),
    eg.user({ id: "4", username: "ana", display_name: "Ana" }),
  ];

  test("have a username to be called by, those called so first", () => {
    expect(peopleFor(people, "be").map((person) => person.id)).toEqual(["2", "1"]);
    expect(peopleFor(people, "").map((person) => person.id)).toEqual(["4", "2", "1"]);
  });
});
