import { assert, double, integer, property } from "fast-check";
import { describe, expect, test } from "vitest";
import { moved, whole, zoomedAt } from "../../../src/features/media/zoom.ts";

describe("a picture", () => {
  test("stays where it is under the point that it is enlarged at", () => {
    const place = integer({ min: -500, max: 500 });
    assert(
      property(place, place, double({ min: 1.1, max: 4, noNaN: true }), (x, y, factor) => {
        const zoom = zoomedAt(whole, factor, { x, y });
        expect(zoom.x + x * zoom.scale).toBeCloseTo(x);
        expect(zoom.y + y * zoom.scale).toBeCloseTo(y);
      }),
    );
  });

  test("is whole again at its own size, and no larger than six times", () => {
    expect(zoomedAt({ scale: 2, x: 40, y: 9 }, 0.1, { x: 3, y: 3 })).toEqual(whole);
    expect(zoomedAt(whole, 100, { x: 0, y: 0 }).scale).toBe(6);
  });

  test("does not leave the screen", () => {
    const screen = { width: 1000, height: 800 };
    const zoom = moved({ scale: 2, x: 0, y: 0 }, { x: 9000, y: -9000 }, { width: 900, height: 300 }, screen);
    expect(zoom).toEqual({ scale: 2, x: 400, y: 0 });
  });
});
