import { describe, expect, test } from "vitest";
import { lengthText, sizeText } from "../../src/model/sizes.ts";

describe("sizes", () => {
  test("come in the largest unit that they fill", () => {
    expect(sizeText(1, "en")).toBe("1 byte");
    expect(sizeText(999, "en")).toBe("999 bytes");
    expect(sizeText(1450, "en")).toBe("1.5 kB");
    expect(sizeText(3_072_000, "en")).toBe("3.1 MB");
    expect(sizeText(3_072_000, "es")).toBe("3,1 MB");
    expect(sizeText(52_000_000_000, "en")).toBe("52 GB");
  });
});

describe("lengths", () => {
  test("are minutes and seconds, with hours where there are some", () => {
    expect([lengthText(0), lengthText(67.9), lengthText(3729)]).toEqual(["0:00", "1:07", "1:02:09"]);
  });
});
