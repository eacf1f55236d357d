import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { type FakeDevices, inACall, restoreBrowser, stubBrowser } from "./a_call.ts";

let devices: FakeDevices;

beforeEach(() => {
  devices = stubBrowser();
});
afterEach(() => restoreBrowser());

const settle = async () => await vi.advanceTimersByTimeAsync(50);

describe("A microphone that is unplugged", () => {
  it("gives way to the usual one", async () => {
    const { state } = await inACall();
    const headset = devices.last;
    headset.unplug();
    await settle();
    expect(devices.last).not.toBe(headset);
    expect(devices.last).toMatchObject({ readyState: "live", enabled: true });
    expect(state()).toMatchObject({ microphone: "open", muted: false });
  });

  it("stays muted with the usual one for whoever is muted", async () => {
    const { call, state } = await inACall();
    call.setMuted(true);
    devices.last.unplug();
    await settle();
    expect(devices.last).toMatchObject({ readyState: "live", enabled: false });
    expect(state()).toMatchObject({ microphone: "open", muted: true });
  });

  it("leaves one muted where there is no other, and the others hear of it", async () => {
    const { server, state } = await inACall();
    devices.isThere = false;
    devices.last.unplug();
    await settle();
    expect(state()).toMatchObject({ microphone: "missing", muted: true });
    expect(server.heard("voice_state").at(-1)).toEqual({ muted: true });
  });

  it("is no news after another one was chosen", async () => {
    const { call, state } = await inACall();
    const former = devices.last;
    await call.changeDevice("microphone");
    former.unplug();
    await settle();
    expect(devices.opened).toHaveLength(2);
    expect(state()).toMatchObject({ microphone: "open", muted: false });
  });

  it("is not opened again after the call", async () => {
    const { call } = await inACall();
    call.stop();
    devices.last.unplug();
    await settle();
    expect(devices.opened).toHaveLength(1);
  });
});

it("takes a camera that is unplugged for off, and tells the others", async () => {
  const { call, server, state } = await inACall();
  await call.setCamera(true);
  expect(state()?.pictures["s1"]?.camera).not.toBeNull();
  devices.last.unplug();
  await settle();
  expect(state()?.pictures["s1"]?.camera).toBeNull();
  expect(server.heard("voice_state")).toEqual([{ camera: true }, { camera: false }]);
});

it("shares a screen no more when the browser says so, and goes on with one that was chosen in its place", async () => {
  const { call, state } = await inACall();
  await call.share();
  const former = devices.last;
  await call.share();
  former.unplug();
  expect(state()?.pictures["s1"]?.screen).not.toBeNull();
  devices.last.unplug();
  expect(state()?.pictures["s1"]?.screen).toBeNull();
});
