import { describe, expect, test } from "vitest";
import { fromFields, presets, toFields } from "../../src/model/moments.ts";

const named = (now: Date) => Object.fromEntries(presets(now).map(({ name, at }) => [name, at]));

describe("moments to come", () => {
  test("are an hour from now, this evening, tomorrow and on Monday", () => {
    // A Wednesday.
    const at = named(new Date(2026, 3, 15, 10, 20, 30));
    expect(at["inAnHour"]).toEqual(new Date(2026, 3, 15, 11, 21));
    expect(at["thisEvening"]).toEqual(new Date(2026, 3, 15, 20));
    expect(at["tomorrow"]).toEqual(new Date(2026, 3, 16, 9));
    expect(at["nextWeek"]).toEqual(new Date(2026, 3, 20, 9));
  });

  test("leave the evening out once it is there, and on a Monday mean the next", () => {
    const at = named(new Date(2026, 3, 20, 21));
    expect(at["thisEvening"]).toBeUndefined();
    expect(at["nextWeek"]).toEqual(new Date(2026, 3, 27, 9));
  });

  test("go into the fields and come back", () => {
    const at = new Date(2026, 2, 1, 9, 5);
    expect(toFields(at)).toEqual({ date: "2026-03-01", time: "09:05" });
    expect(fromFields("2026-03-01", "09:05")).toEqual(at);
    expect(fromFields("", "09:05")).toBeNull();
  });
});
