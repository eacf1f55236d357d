import { describe, expect, test } from "vitest";
import { isAmong, withoutPerson, withPerson } from "../../src/stores/relations.ts";
import type { RelationsState } from "../../src/stores/state.ts";
import * as eg from "../examples.ts";

const ben = eg.user({ id: eg.ben, display_name: "Ben" });
const cleo = eg.user({ id: eg.cleo, display_name: "Cleo" });
const unread: RelationsState = { contacts: { status: "loading" }, blocked: { status: "failed" } };
const read: RelationsState = {
  contacts: { status: "ready", people: [ben] },
  blocked: { status: "ready", people: [] },
};

describe("contacts and blocked people", () => {
  test("come and go, each list by itself", () => {
    const more = withPerson(read, "contacts", cleo);
    expect(more.contacts).toEqual({ status: "ready", people: [cleo, ben] });
    expect(more.blocked).toEqual(read.blocked);
    expect(withoutPerson(more, "contacts", eg.ben).contacts).toEqual({ status: "ready", people: [cleo] });
  });

  test("are in it once, as they were told of last", () => {
    const renamed = { ...ben, display_name: "Benjamin" };
    expect(withPerson(read, "contacts", renamed).contacts).toEqual({ status: "ready", people: [renamed] });
  });

  test("that were not read yet are not made up from one person", () => {
    expect(withPerson(unread, "contacts", ben)).toEqual(unread);
    expect(withoutPerson(unread, "blocked", eg.ben)).toEqual(unread);
  });

  test("are known to be or not to be in it only once it was read", () => {
    expect(isAmong(read, "contacts", eg.ben)).toBe(true);
    expect(isAmong(read, "blocked", eg.ben)).toBe(false);
    expect(isAmong(unread, "contacts", eg.ben)).toBeUndefined();
  });
});
