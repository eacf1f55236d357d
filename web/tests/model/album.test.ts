import { array, assert, double, property } from "fast-check";
import { describe, expect, test } from "vitest";
import { albumRows } from "../../src/model/album.ts";

describe("an album", () => {
  test("shows each picture once and in order, in rows that are neither strips nor towers", () => {
    const ratios = array(double({ min: 0.05, max: 20, noNaN: true }), { minLength: 1, maxLength: 14 });
    assert(
      property(ratios, (given) => {
        const rows = albumRows(given);
        const shown = rows.flatMap((row) => row.tiles.map((tile) => tile.index));
        expect(shown).toEqual(given.map((_, index) => index));
        for (const row of rows) {
          expect(row.ratio).toBeGreaterThanOrEqual(1.2);
          expect(row.ratio).toBeLessThanOrEqual(3);
        }
      }),
    );
  });

  test("puts two wide pictures one above the other", () => {
    expect(albumRows([1.8, 1.8]).map((row) => row.tiles.length)).toEqual([1, 1]);
    expect(albumRows([1, 1]).map((row) => row.tiles.length)).toEqual([2]);
  });
});
