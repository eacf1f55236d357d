/** Media that come, without a network. */

import type { Incoming, Receiving } from "../../../src/client/voice/incoming.ts";

/** `flows`: something of it has arrived. */
export function receiving(kind: "audio" | "video", flows = true): Receiving {
  const track = { kind, id: kind } as MediaStreamTrack;
  return { track, getSynchronizationSources: () => (flows ? [{ source: 1 }] : []) };
}

export function sound(flows = true): Incoming {
  return { sounds: [receiving("audio", flows)], camera: null, screen: null };
}

export function face(flows = true): Incoming {
  return { ...sound(flows), camera: receiving("video", flows) };
}
