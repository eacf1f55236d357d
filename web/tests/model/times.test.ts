import { describe, expect, test } from "vitest";
import { chatTime, clockTime, dayLabel, dayOf, relativeTime } from "../../src/model/times.ts";

const now = new Date(2024, 4, 15, 18, 30);
const at = (...parts: [number, number, number, number?, number?]): string => new Date(...parts).toISOString();

test("the list shows the time today, the weekday this week, else the date", () => {
  expect(chatTime(at(2024, 4, 15, 9, 5), now, "en-GB")).toBe("09:05");
  expect(chatTime(at(2024, 4, 14, 23, 59), now, "en-GB")).toBe("Tue");
  expect(chatTime(at(2024, 4, 9, 12), now, "en-GB")).toBe("Thu");
  expect(chatTime(at(2024, 4, 8, 12), now, "en-GB")).toBe("8 May");
  expect(chatTime(at(2023, 11, 31, 12), now, "en-GB")).toBe("31/12/23");
});

test("a bubble shows hours and minutes as the locale has them", () => {
  expect(clockTime(at(2024, 4, 15, 21, 5), "en-GB")).toBe("21:05");
  expect(clockTime(at(2024, 4, 15, 21, 5), "en-US")).toMatch(/^09:05\sPM$/u);
});

test("a separator says today, yesterday, or the date, with the year when it is another one", () => {
  expect(dayLabel(at(2024, 4, 15), now, "en-GB")).toBe("Today");
  expect(dayLabel(at(2024, 4, 14, 1), now, "es")).toBe("Ayer");
  expect(dayLabel(at(2024, 0, 2), now, "en-GB")).toBe("2 January");
  expect(dayLabel(at(2022, 0, 2), now, "en-GB")).toBe("2 January 2022");
});

describe("a distance", () => {
  test.each([
    [at(2024, 4, 15, 18, 30), "now"],
    [at(2024, 4, 15, 18, 25), "5 minutes ago"],
    [at(2024, 4, 15, 16), "2 hours ago"],
    [at(2024, 4, 14, 18), "yesterday"],
    [at(2024, 3, 20, 18), "3 weeks ago"],
    [at(2022, 4, 14, 18), "2 years ago"],
  ])("from %s is %j", (iso, words) => {
    expect(relativeTime(iso, now, "en")).toBe(words);
  });
});

test("a day is the local one", () => {
  expect(dayOf(new Date(2024, 0, 9, 0, 0))).toBe("2024-01-09");
  expect(dayOf(new Date(2024, 0, 9, 23, 59))).toBe("2024-01-09");
});
