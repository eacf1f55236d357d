import { describe, expect, test } from "vitest";
import { credentialsOf, fingerprintsOf, originOf, screenOf, withScreen } from "../../../src/client/voice/descriptions.ts";

const sdp = [
  "v=0",
  "o=- 4611731400430051336 2 IN IP4 127.0.0.1",
  "s=-",
  "m=audio 9 UDP/TLS/RTP/SAVPF 111",
  "a=fingerprint:sha-256 ab:CD:01",
  "m=video 9 UDP/TLS/RTP/SAVPF 96",
  "a=fingerprint:SHA-256 AB:CD:01",
  "a=fingerprint:sha-1 FF",
  "",
].join("\r\n");

describe("a description", () => {
  test("says which stream is the screen, before its first medium", () => {
    const told = withScreen(sdp, "stream-7");
    expect(screenOf(told)).toBe("stream-7");
    expect(told.indexOf("x-tertulia-screen")).toBeLessThan(told.indexOf("m=audio"));
    expect(withScreen(sdp, null)).toBe(sdp);
    expect(screenOf(sdp)).toBeNull();
  });

  test("has each certificate once, written in one way", () => {
    expect(fingerprintsOf(sdp)).toEqual(["sha-1 FF", "sha-256 AB:CD:01"]);
    expect(fingerprintsOf("v=0\r\n")).toEqual([]);
  });

  test("says which connection it is of, however often it is said anew", () => {
    expect(originOf(sdp)).toBe("4611731400430051336");
    expect(originOf(sdp.replace("336 2 IN", "336 3 IN"))).toBe(originOf(sdp));
    expect(originOf("v=0\r\n")).toBe("");
  });

  test("says by what the other end is known", () => {
    expect(credentialsOf(`${sdp}a=ice-ufrag:UhQ0\r\na=ice-pwd:secret\r\n`)).toBe("UhQ0");
    expect(credentialsOf(sdp)).toBe("");
  });
});
