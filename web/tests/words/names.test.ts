import { describe, expect, test } from "vitest";
import { english } from "../../src/words/english.ts";
import { chatName, nameOf } from "../../src/words/names.ts";
import { spanish } from "../../src/words/spanish.ts";
import * as eg from "../examples.ts";

const gone = eg.user({ display_name: "Deleted account", is_deleted: true });

describe("a person", () => {
  test("goes by their own name while the account is there", () => {
    expect(nameOf(eg.user({ display_name: "Ben" }), spanish("es"))).toBe("Ben");
  });

  test("goes by the reader's words once it is gone, and while nobody knows who it is", () => {
    expect(nameOf(gone, spanish("es"))).toBe("Cuenta eliminada");
    expect(nameOf(gone, english("en"))).toBe("Deleted account");
    expect(nameOf(undefined, spanish("es"))).toBe("Alguien");
  });
});

test("a private chat with somebody who is gone is called like them, a room keeps its name", () => {
  expect(chatName({ alias: null, name: null, peer: gone }, spanish("es"))).toBe("Cuenta eliminada");
  expect(chatName({ alias: "Readers", name: "readers", peer: null }, spanish("es"))).toBe("Readers");
});

test("a group that was given no name says so", () => {
  expect(chatName({ alias: null, name: null, peer: null }, english("en"))).toBe("Group without a name");
});
