/** What comes of one person by one way, and which of two ways is taken while both are there: each person is heard once. */

import type { Link, Pictures, Route } from "../../model/voice.ts";

/** What of an RTCRtpReceiver is used. */
export interface Receiving {
  readonly track: MediaStreamTrack;
  getSynchronizationSources(): readonly unknown[];
}

export interface Incoming {
  readonly sounds: readonly Receiving[];
  readonly camera: Receiving | null;
  readonly screen: Receiving | null;
}

/** One way to a person; `link` is undefined where there is none. */
export interface Way {
  readonly incoming: Incoming;
  readonly link: Link | undefined;
}

export const nothingComing: Incoming = { sounds: [], camera: null, screen: null };
export const noWay: Way = { incoming: nothingComing, link: undefined };

/** By which way somebody is heard and seen, who was by `current`: by the former one, until the channel's own carries as much. */
export function wayTaken(route: Route, current: Route, ways: Readonly<Record<Route, Way>>): Route {
  const former: Route = route === "mesh" ? "sfu" : "mesh";
  // Whose connection is not proven to be theirs is not heard by a way that proves nothing.
  if (isEmpty(ways[former].incoming) || ways[route].link?.status === "unproven") return route;
  const isThere = stands(ways[route]) && !isEmpty(ways[route].incoming);
  if (isThere && (current === route || carries(ways[route].incoming, ways[former].incoming))) return route;
  return stands(ways[former]) ? former : route;
}

/** How it stands with somebody, as long as there may be two ways. */
export function linkOf(route: Route, taken: Route, ways: Readonly<Record<Route, Way>>): Link | undefined {
  return stands(ways[taken]) ? ways[taken].link : ways[route].link;
}

export function picturesOf({ camera, screen }: Incoming): Pictures {
  return { camera: streamOf(camera), screen: streamOf(screen) };
}

export function tracksOf({ sounds }: Incoming): readonly MediaStreamTrack[] {
  return sounds.map(({ track }) => track);
}

function stands({ link }: Way): boolean {
  return link?.status === "connected";
}

function isEmpty(incoming: Incoming): boolean {
  return media(incoming).length === 0;
}

/** Whether all that comes by another way comes by this one, and does not only promise to. */
function carries(one: Incoming, other: Incoming): boolean {
  const isComplete =
    one.sounds.length >= other.sounds.length &&
    (one.camera !== null || other.camera === null) &&
    (one.screen !== null || other.screen === null);
  return isComplete && media(one).every((receiver) => receiver.getSynchronizationSources().length > 0);
}

function media({ sounds, camera, screen }: Incoming): readonly Receiving[] {
  return [...sounds, camera, screen].filter((each) => each !== null);
}

const streams = new WeakMap<MediaStreamTrack, MediaStream>();

/** The same stream for as long as it shows the same track. */
function streamOf(receiver: Receiving | null): MediaStream | null {
  if (receiver === null) return null;
  const { track } = receiver;
  const known = streams.get(track) ?? new MediaStream([track]);
  streams.set(track, known);
  return known;
}
