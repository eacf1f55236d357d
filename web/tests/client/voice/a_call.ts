/** A call as a browser would hold it: with devices that can be unplugged, and a server that answers joins or is out of reach. */

import { Socket } from "phoenix";
import { vi } from "vitest";
import { Call } from "../../../src/client/voice/call.ts";
import type { Call as CallState, Participant } from "../../../src/model/voice.ts";
import { createStores } from "../../../src/stores/stores.ts";
import { MemoryStorage } from "../../memory_storage.ts";

export class FakeTrack extends EventTarget {
  enabled = true;
  readyState: MediaStreamTrackState = "live";
  readonly kind: string;

  constructor(kind: string) {
    super();
    this.kind = kind;
  }

  /** As in browsers it fires nothing. */
  stop(): void {
    this.readyState = "ended";
  }

  unplug(): void {
    this.readyState = "ended";
    this.dispatchEvent(new Event("ended"));
  }
}

class FakeStream {
  private readonly tracks: FakeTrack[];

  constructor(tracks: FakeTrack[] = []) {
    this.tracks = tracks;
  }

  addTrack(track: FakeTrack): void {
    this.tracks.push(track);
  }

  removeTrack(track: FakeTrack): void {
    this.tracks.splice(this.tracks.indexOf(track), 1);
  }

  getAudioTracks(): FakeTrack[] {
    return this.tracks.filter(({ kind }) => kind === "audio");
  }

  getVideoTracks(): FakeTrack[] {
    return this.tracks.filter(({ kind }) => kind === "video");
  }
}

/** What is plugged in; `opened` are the tracks of it. */
export class FakeDevices {
  isThere = true;
  readonly opened: FakeTrack[] = [];

  readonly getUserMedia = async (asked: MediaStreamConstraints): Promise<FakeStream> => {
    await Promise.resolve();
    if (!this.isThere) throw new DOMException("There is none.", "NotFoundError");
    const track = new FakeTrack(asked.audio === undefined ? "video" : "audio");
    this.opened.push(track);
    return new FakeStream([track]);
  };

  readonly getDisplayMedia = async (): Promise<FakeStream> => await this.getUserMedia({ video: true });

  get last(): FakeTrack {
    const track = this.opened.at(-1);
    if (track === undefined) throw new Error("Nothing was opened.");
    return track;
  }
}

type Frame = [string | null, string, string, string, { readonly [key: string]: unknown }];

/** Answers what one client says, and keeps it; `refuses` is the reason for which it lets nobody in. */
export class FakeServer {
  isReachable = true;
  refuses: string | null = null;
  readonly said: Frame[] = [];
  private line: FakeLine | null = null;

  /** The payloads of what the client said by this name. */
  heard(event: string): Frame[4][] {
    return this.said.flatMap((frame) => (frame[3] === event ? [frame[4]] : []));
  }

  cut(): void {
    this.isReachable = false;
    this.line?.close();
  }

  open(line: FakeLine): void {
    if (!this.isReachable) return line.close();
    this.line = line;
    line.readyState = 1;
    line.onopen();
  }

  take(line: FakeLine, frame: Frame): void {
    const [joinRef, ref, topic, event] = frame;
    this.said.push(frame);
    const refused = event === "phx_join" && this.refuses !== null;
    const response = refused ? { reason: this.refuses } : event === "phx_join" ? welcome : {};
    const reply = [joinRef, ref, topic, "phx_reply", { status: refused ? "error" : "ok", response }];
    setTimeout(() => line.onmessage({ data: JSON.stringify(reply) }), 1);
  }
}

class FakeLine {
  readyState = 0;
  onopen: () => void = () => undefined;
  onclose: (event: object) => void = () => undefined;
  onmessage: (event: { data: string }) => void = () => undefined;
  onerror: () => void = () => undefined;
  private readonly server: FakeServer;

  constructor(server: FakeServer) {
    this.server = server;
    setTimeout(() => server.open(this), 1);
  }

  send(text: string): void {
    this.server.take(this, JSON.parse(text) as Frame);
  }

  close(): void {
    this.readyState = 3;
    this.onclose({ code: 1006 });
  }
}

const me: Participant = {
  user_id: "ana",
  session: "s1",
  muted: false,
  deafened: false,
  speaking: false,
  sharing: false,
  camera: false,
  silenced: false,
  joined_at: "2026-01-01T12:00:00Z",
};

const welcome = { session: me.session, participants: [me], users: [], ice_servers: [], route: "mesh", limit: 8, end_to_end: true };

/** What a call asks of a browser, on a clock that stands still. */
export function stubBrowser(): FakeDevices {
  vi.useFakeTimers();
  const devices = new FakeDevices();
  vi.stubGlobal("navigator", { mediaDevices: devices });
  vi.stubGlobal("MediaStream", FakeStream);
  vi.stubGlobal("addEventListener", () => undefined);
  vi.stubGlobal("removeEventListener", () => undefined);
  vi.stubGlobal("AudioContext", FakeContext);
  vi.stubGlobal("AnalyserNode", FakeAnalyser);
  return devices;
}

class FakeContext {
  readonly sampleRate = 48_000;
  readonly state = "running";
  readonly resume = async (): Promise<void> => await Promise.resolve();
  readonly close = async (): Promise<void> => await Promise.resolve();
  readonly createMediaStreamSource = () => ({ connect: () => undefined, disconnect: () => undefined });
}

class FakeAnalyser {
  readonly fftSize = 8_192;
  readonly getFloatTimeDomainData = (samples: Float32Array): void => void samples.fill(0);
}

export function restoreBrowser(): void {
  vi.unstubAllGlobals();
  vi.useRealTimers();
}

/** A call that one is in. */
export async function inACall(server = new FakeServer()) {
  const stores = createStores({ theme: "auto", magnification: 1, hidden: false });
  class Line extends FakeLine {
    constructor() {
      super(server);
    }
  }
  const socket = new Socket("ws://server/socket", { transport: Line });
  socket.connect();
  stores.voice.setState({ call: joining });
  const ended: string[] = [];
  const call = new Call({
    myId: me.user_id,
    conversationId: joining.conversationId,
    stores,
    socket,
    storage: new MemoryStorage(),
    engine: null,
    onEnded: (code) => {
      ended.push(code);
      call.stop();
    },
  });
  await call.start();
  await vi.advanceTimersByTimeAsync(100);
  const state = () => stores.voice.getState().call;
  return { call, server, ended, state };
}

export const joining: CallState = {
  conversationId: "c1",
  status: "joining",
  session: "",
  participants: [],
  links: {},
  pictures: {},
  limit: 0,
  route: "mesh",
  endToEnd: true,
  microphone: "asking",
  muted: false,
  deafened: false,
  pushToTalk: false,
  since_ms: 0,
};
