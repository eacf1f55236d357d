/** Whose each medium is that comes from the forwarding server. */

import type { MediumOwner } from "../../protocol/voice_channel.ts";
import { type Incoming, nothingComing, type Receiving } from "./incoming.ts";

/** What of an RTCRtpTransceiver is read. */
export interface Medium {
  readonly mid: string | null;
  readonly receiver: Receiving;
}

/** By session; a medium that has no owner (any more) carries nothing, whatever its direction. */
export function incomingBySession(
  media: readonly Medium[],
  owners: Readonly<Record<string, MediumOwner>>,
): ReadonlyMap<string, Incoming> {
  const bySession = new Map<string, Incoming>();
  for (const { mid, receiver } of media) {
    const owner = mid === null ? undefined : owners[mid];
    if (owner === undefined) continue;
    const before = bySession.get(owner.session) ?? nothingComing;
    bySession.set(owner.session, withMedium(before, receiver, owner.screen));
  }
  return bySession;
}

function withMedium(incoming: Incoming, receiver: Receiving, isScreen: boolean): Incoming {
  if (receiver.track.kind === "audio") return { ...incoming, sounds: [...incoming.sounds, receiver] };
  return isScreen ? { ...incoming, screen: receiver } : { ...incoming, camera: receiver };
}
