import { describe, expect, test } from "vitest";
import { byStanding, isNamed, mayAdd, mayRemove } from "../../../src/features/about/standing.ts";
import * as eg from "../../examples.ts";

function named(id: string, name: string, role: "owner" | "admin" | "member" = "member") {
  return eg.member({ user_id: id, role, user: eg.user({ id, display_name: name }) });
}

describe("members", () => {
  test("stand in order of presence, role and name", () => {
    const members = [named("1", "Zoe"), named("2", "Ada"), named("3", "Max", "owner"), named("4", "Yan")];
    const ordered = members.toSorted(byStanding(new Set(["4"])));
    expect(ordered.map((member) => member.user.display_name)).toEqual(["Yan", "Max", "Ada", "Zoe"]);
  });

  test("are found by the beginnings of their names, without accents and case", () => {
    const person = eg.user({ display_name: "José María", username: "pepe" });
    for (const typed of ["", "jose", "MAR", "jos mar", "@pepe"]) expect(isNamed(person, typed)).toBe(true);
    for (const typed of ["ose", "jose x"]) expect(isNamed(person, typed)).toBe(false);
  });

  test("are brought in by anyone in a group, and in a room by those who look after it", () => {
    expect(mayAdd({ kind: "group", role: "member" })).toBe(true);
    expect(mayAdd({ kind: "room", role: "member" })).toBe(false);
    expect(mayAdd({ kind: "room", role: "admin" })).toBe(true);
    expect(mayAdd({ kind: "private", role: "member" })).toBe(false);
  });

  test("are removed by owners, and by admins unless they are more than members", () => {
    expect(mayRemove("owner", "admin")).toBe(true);
    expect(mayRemove("owner", "owner")).toBe(false);
    expect(mayRemove("admin", "member")).toBe(true);
    expect(mayRemove("admin", "admin")).toBe(false);
    expect(mayRemove("member", "member")).toBe(false);
  });
});
