import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Ways } from "../../../src/client/voice/ways.ts";
import { FakeServer, inACall, restoreBrowser, stubBrowser } from "./a_call.ts";

const hours_ms = 3 * 3_600_000;

beforeEach(() => void stubBrowser());
afterEach(() => {
  restoreBrowser();
  vi.restoreAllMocks();
});

describe("A call whose server is out of reach", () => {
  it("goes on when it comes back in time", async () => {
    const { server, ended, state } = await inACall();
    server.cut();
    await vi.advanceTimersByTimeAsync(50_000);
    expect(state()?.status).toBe("away");
    server.isReachable = true;
    await vi.advanceTimersByTimeAsync(12_000);
    expect(state()?.status).toBe("in");
    await vi.advanceTimersByTimeAsync(120_000);
    expect(ended).toEqual([]);
  });

  it("ends by itself after a minute, and the microphone with it", async () => {
    const devices = stubBrowser();
    const { server, ended } = await inACall();
    server.cut();
    await vi.advanceTimersByTimeAsync(61_000);
    expect(ended).toEqual(["away"]);
    expect(devices.last.readyState).toBe("ended");
    const joins = server.heard("phx_join").length;
    server.isReachable = true;
    await vi.advanceTimersByTimeAsync(60_000);
    expect(server.heard("phx_join")).toHaveLength(joins);
  });

  it("goes on as long as somebody is heard, which takes no server", async () => {
    const isHeard = vi.spyOn(Ways.prototype, "carry").mockReturnValue(true);
    const { server, ended } = await inACall();
    server.cut();
    await vi.advanceTimersByTimeAsync(300_000);
    expect(ended).toEqual([]);
    isHeard.mockReturnValue(false);
    await vi.advanceTimersByTimeAsync(61_000);
    expect(ended).toEqual(["away"]);
  });

  it("ends when the lid is opened, before the server hears of it", async () => {
    const { server, ended } = await inACall();
    vi.setSystemTime(Date.now() + hours_ms);
    await vi.advanceTimersByTimeAsync(200);
    expect(ended).toEqual(["away"]);
    expect(server.heard("phx_join")).toHaveLength(1);
    expect(server.heard("phx_leave")).toHaveLength(1);
  });

  it("does not join again where the connection stands before the page's clock goes on", async () => {
    const { server, ended } = await inACall();
    await vi.advanceTimersByTimeAsync(50);
    server.cut();
    server.isReachable = true;
    vi.setSystemTime(Date.now() + hours_ms);
    await vi.advanceTimersByTimeAsync(20);
    expect(ended).toEqual(["away"]);
    expect(server.heard("phx_join")).toHaveLength(1);
  });

  it("bears that the timers of a page out of sight are held back", async () => {
    const { ended } = await inACall();
    vi.setSystemTime(Date.now() + 60_500);
    await vi.advanceTimersByTimeAsync(200);
    expect(ended).toEqual([]);
  });
});

it("ends where another device took over meanwhile, and asks no more", async () => {
  const server = new FakeServer();
  const { ended } = await inACall(server);
  server.cut();
  server.refuses = "taken_over";
  server.isReachable = true;
  await vi.advanceTimersByTimeAsync(30_000);
  expect(ended).toEqual(["taken_over"]);
  expect(server.heard("phx_join")).toHaveLength(2);
});
