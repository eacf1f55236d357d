import { describe, expect, test } from "vitest";
import { linkOf, noWay, nothingComing, type Way, wayTaken } from "../../../src/client/voice/incoming.ts";
import type { Link } from "../../../src/model/voice.ts";
import { face, sound } from "./receiving.ts";

const connected: Link = { status: "connected", quality: null };
const connecting: Link = { status: "connecting" };

function way(incoming = nothingComing, link: Link = connected): Way {
  return { incoming, link };
}

describe("of two ways", () => {
  test("the former one is taken until the new one carries as much", () => {
    const mesh = way(sound());
    for (const sfu of [noWay, way(), way(sound(false)), way(sound(), connecting)]) {
      expect(wayTaken("sfu", "mesh", { mesh, sfu })).toBe("mesh");
    }
    expect(wayTaken("sfu", "mesh", { mesh, sfu: way(sound()) })).toBe("sfu");
    expect(wayTaken("mesh", "sfu", { mesh: way(sound(false)), sfu: way(sound()) })).toBe("sfu");
    expect(wayTaken("mesh", "sfu", { mesh, sfu: way(sound()) })).toBe("mesh");
  });

  test("the new one has to carry the pictures too", () => {
    const mesh = way(face());
    expect(wayTaken("sfu", "mesh", { mesh, sfu: way(sound()) })).toBe("mesh");
    expect(wayTaken("sfu", "mesh", { mesh, sfu: way(face(false)) })).toBe("mesh");
    expect(wayTaken("sfu", "mesh", { mesh, sfu: way(face()) })).toBe("sfu");
  });

  test("the new one, once taken, is kept as long as it stands", () => {
    const mesh = way(face());
    expect(wayTaken("sfu", "sfu", { mesh, sfu: way(sound(false)) })).toBe("sfu");
    expect(wayTaken("sfu", "sfu", { mesh, sfu: way(sound(), { status: "unreachable" }) })).toBe("mesh");
    expect(wayTaken("sfu", "sfu", { mesh: way(face(), connecting), sfu: way(sound(), connecting) })).toBe("sfu");
  });

  test("there is no choice where the former one carries nothing", () => {
    expect(wayTaken("sfu", "sfu", { mesh: noWay, sfu: way(sound(false), connecting) })).toBe("sfu");
    expect(wayTaken("mesh", "mesh", { mesh: way(nothingComing, connecting), sfu: noWay })).toBe("mesh");
  });

  test("who proves nothing on the new one is not heard by the other", () => {
    const mesh = way(nothingComing, { status: "unproven", because: "wrong" });
    expect(wayTaken("mesh", "sfu", { mesh, sfu: way(sound()) })).toBe("mesh");
  });

  test("the one that stands says how it stands with somebody", () => {
    const mesh = way(sound());
    expect(linkOf("sfu", "mesh", { mesh, sfu: way(nothingComing, connecting) })).toBe(connected);
    expect(linkOf("sfu", "mesh", { mesh: way(sound(), connecting), sfu: way(sound(false), { status: "unreachable" }) })).toEqual({
      status: "unreachable",
    });
    expect(linkOf("mesh", "mesh", { mesh: noWay, sfu: noWay })).toBeUndefined();
  });
});
