import { describe, expect, test } from "vitest";
import { incomingBySession } from "../../../src/client/voice/media_owners.ts";
import { receiving } from "./receiving.ts";

const ana = { user_id: "u1", session: "ana", screen: false };
const bea = { user_id: "u2", session: "bea", screen: false };

describe("media from the forwarding server", () => {
  test("go to those whose they are, a screen apart from a face", () => {
    const [voice, camera, screen, sound, other] = [
      receiving("audio"),
      receiving("video"),
      receiving("video"),
      receiving("audio"),
      receiving("audio"),
    ];
    const media = [voice, camera, screen, sound, other].map((receiver, at) => ({ mid: String(at), receiver }));
    const found = incomingBySession(media, { 0: ana, 1: ana, 2: { ...ana, screen: true }, 3: ana, 4: bea });
    expect(found.get("ana")).toEqual({ sounds: [voice, sound], camera, screen });
    expect(found.get("ana")?.screen).toBe(screen);
    expect(found.get("bea")).toEqual({ sounds: [other], camera: null, screen: null });
  });

  test("that belong to nobody any more carry nothing", () => {
    const receiver = receiving("audio");
    const media = [
      { mid: "0", receiver },
      { mid: null, receiver },
    ];
    expect(incomingBySession(media, {}).size).toBe(0);
    expect([...incomingBySession(media, { 0: bea, 7: ana }).keys()]).toEqual(["bea"]);
  });
});
