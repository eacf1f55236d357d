import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { Down } from "../../../src/client/voice/down.ts";
import type { Description } from "../../../src/client/voice/negotiation.ts";
import { FakeConnection } from "./fake_connection.ts";

const made: Connection[] = [];

/** What of a connection the way down uses, besides the negotiation. */
class Connection extends FakeConnection {
  connectionState: RTCPeerConnectionState = "new";
  onconnectionstatechange: (() => void) | null = null;
  onicecandidate: unknown = null;
  refuses = false;

  constructor() {
    super();
    made.push(this);
  }

  override async setRemoteDescription(description: Description): Promise<void> {
    if (this.refuses) throw new DOMException("Not that.", "OperationError");
    await super.setRemoteDescription(description);
  }

  getTransceivers(): [] {
    return [];
  }

  async getStats(): Promise<Map<string, unknown>> {
    return await Promise.resolve(new Map());
  }

  connect(): void {
    this.connectionState = "connected";
    this.onconnectionstatechange?.();
  }

  close(): void {
    this.connectionState = "closed";
  }
}

function began() {
  const said: string[] = [];
  const ask = vi.fn<() => void>();
  const down = new Down({
    configuration: () => ({}),
    describe: ({ type }) => void said.push(type),
    tellCandidate: () => undefined,
    ask,
    onChange: () => undefined,
  });
  return { down, said, ask };
}

function offer(credentials: string): Description {
  return { type: "offer", sdp: `v=0\r\na=ice-ufrag:${credentials}\r\n` };
}

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal("RTCPeerConnection", Connection);
});

afterEach(() => {
  made.splice(0);
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

describe("an offer of the forwarding server that cannot be used", () => {
  test("is asked for anew, by another connection", async () => {
    const { down, said, ask } = began();
    await down.hear(offer("a"), {});
    made[0]?.connect();
    if (made[0]) made[0].refuses = true;
    await expect(down.hear(offer("a"), {})).rejects.toThrow("Not that.");
    expect(ask).toHaveBeenCalledTimes(1);
    await down.hear(offer("b"), {});
    expect(said).toEqual(["answer", "answer"]);
    expect(made).toHaveLength(2);
    down.close();
  });

  test("is left to the watch where no connection stands, so that nobody asks without end", async () => {
    const { down, ask } = began();
    const heard = down.hear(offer("a"), {});
    if (made[0]) made[0].refuses = true;
    await expect(heard).rejects.toThrow("Not that.");
    expect(ask).not.toHaveBeenCalled();
    await vi.advanceTimersByTimeAsync(10_000);
    expect(ask).toHaveBeenCalledTimes(1);
    down.close();
  });

  test("is nothing to a connection that was let go of meanwhile", async () => {
    const { down, ask } = began();
    await down.hear(offer("a"), {});
    made[0]?.connect();
    const heard = down.hear(offer("a"), {});
    if (made[0]) made[0].refuses = true;
    down.close();
    await expect(heard).rejects.toThrow("Not that.");
    expect(ask).not.toHaveBeenCalled();
  });
});
