/**
 * The ways that sound and pictures take: from browser to browser, or through the forwarding server; and in the change from the one
 * to the other both of them, until the new one stands.
 */

import type { Link, Pictures, Route } from "../../model/voice.ts";
import { type Described, forwardingServer, type Told } from "../../protocol/voice_channel.ts";
import { Forwarding } from "./forwarding.ts";
import { linkOf, noWay, picturesOf, tracksOf, type Way, wayTaken } from "./incoming.ts";
import { Mesh, type MeshOptions, type Partner } from "./mesh.ts";

export interface WaysOptions extends Omit<MeshOptions, "onIncoming"> {
  readonly onPictures: (session: string, pictures: Pictures) => void;
  readonly onSounds: (session: string, tracks: readonly MediaStreamTrack[]) => void;
  /** Nothing goes through the forwarding server any more. */
  readonly onUnforwarded: () => void;
}

/** What was told of somebody last. */
interface Given {
  readonly taken: Route;
  readonly link: Link | undefined;
  readonly pictures: Pictures;
  readonly tracks: readonly MediaStreamTrack[];
}

/** Others may need the former way so long. */
const kept_ms = 10_000;
/** How soon it is found that the new way carries somebody. */
const looked_every_ms = 100;

export class Ways {
  private readonly options: WaysOptions;
  private readonly mesh: Mesh;
  private forwarding: Forwarding | null = null;
  private route: Route = "mesh";
  private wasForwarded = false;
  private readonly partners = new Map<string, Partner>();
  private readonly byMesh = new Map<string, Way>();
  private readonly given = new Map<string, Given>();
  private leaving: ReturnType<typeof setTimeout> | undefined;
  private looking: ReturnType<typeof setInterval> | undefined;

  constructor(options: WaysOptions) {
    this.options = options;
    this.mesh = new Mesh({
      ...options,
      onLink: (session, link) => this.hearOfMesh(session, { link }),
      onIncoming: (session, incoming) => this.hearOfMesh(session, { incoming }),
    });
  }

  /** One is in the channel, for the first time or again, with these. */
  enter(route: Route, partners: readonly Partner[]): void {
    const sessions = new Set(partners.map(({ session }) => session));
    for (const session of this.partners.keys()) if (!sessions.has(session)) this.end(session);
    this.mesh.goOn();
    this.forwarding?.goOn();
    for (const partner of partners) this.partners.set(partner.session, partner);
    this.take(route);
    for (const partner of partners) this.add(partner);
  }

  add(partner: Partner): void {
    this.partners.set(partner.session, partner);
    if (this.route === "mesh") this.mesh.add(partner);
    this.look();
  }

  end(session: string): void {
    this.partners.delete(session);
    this.mesh.end(session);
    this.byMesh.delete(session);
    this.given.delete(session);
    this.options.onSounds(session, []);
    this.look();
  }

  endAll(): void {
    for (const session of this.partners.keys()) this.end(session);
    this.leaveForwarding();
    this.wasForwarded = false;
    this.route = "mesh";
    this.look();
  }

  /** The channel goes this way from now on. */
  take(route: Route): void {
    if (route === this.route) return;
    this.route = route;
    this.stopLeaving();
    if (route === "mesh") this.mesh.connect([...this.partners.values()]);
    else this.forward();
    this.look();
  }

  /** Whether anybody can be heard. */
  carry(): boolean {
    return [...this.given.values()].some(({ link }) => link?.status === "connected");
  }

  isForwarded(): boolean {
    return this.forwarding !== null;
  }

  /** What there is to send has changed. */
  send(): void {
    this.mesh.send();
    this.forwarding?.send();
  }

  hear(told: Described): void {
    if (told.from === forwardingServer) this.forwarding?.hear(told);
    else this.mesh.hear(told);
  }

  hearCandidate(told: Told): void {
    this.mesh.hearCandidate(told);
  }

  /** The network is another one. */
  restart(): void {
    this.mesh.restart();
    this.forwarding?.restart();
  }

  private forward(): void {
    const { outgoing, configuration, channel } = this.options;
    // The server may have lost what is left here, or have kept what was let go of.
    this.forwarding?.close();
    this.forwarding = new Forwarding({ outgoing, configuration, channel, isAgain: this.wasForwarded, onChange: () => this.look() });
    this.wasForwarded = true;
  }

  private hearOfMesh(session: string, news: Partial<Way>): void {
    if (!this.partners.has(session)) return;
    this.byMesh.set(session, { ...(this.byMesh.get(session) ?? noWay), ...news });
    this.look();
  }

  private look(): void {
    for (const session of this.partners.keys()) this.lookAt(session);
    const isChanging = this.route === "mesh" ? this.forwarding !== null : !this.mesh.isEmpty();
    if (!isChanging || !this.isSettled()) this.stopLeaving();
    else this.leaving ??= setTimeout(() => this.leaveFormer(), kept_ms);
    if (isChanging) this.looking ??= setInterval(() => this.look(), looked_every_ms);
    else {
      clearInterval(this.looking);
      this.looking = undefined;
    }
  }

  /** The channel's way stands, as far as it can. */
  private isSettled(): boolean {
    if (this.route === "sfu") return this.forwarding?.stands() === true;
    return [...this.partners.keys()].every((session) => {
      const link = this.byMesh.get(session)?.link;
      return link !== undefined && link.status !== "connecting";
    });
  }

  private lookAt(session: string): void {
    const { onLink, onPictures, onSounds } = this.options;
    const ways = { mesh: this.byMesh.get(session) ?? noWay, sfu: this.forwarding?.way(session) ?? noWay };
    const before = this.given.get(session);
    const taken = wayTaken(this.route, before?.taken ?? this.route, ways);
    const { incoming } = ways[taken];
    const now = { taken, link: linkOf(this.route, taken, ways), pictures: picturesOf(incoming), tracks: tracksOf(incoming) };
    this.given.set(session, now);
    if (now.link !== undefined && !isSameLink(now.link, before?.link)) onLink(session, now.link);
    if (!isSamePictures(now.pictures, before?.pictures)) onPictures(session, now.pictures);
    if (!isSameList(now.tracks, before?.tracks)) onSounds(session, now.tracks);
  }

  private leaveFormer(): void {
    this.stopLeaving();
    if (this.route === "mesh") this.leaveForwarding();
    else {
      this.mesh.endAll();
      this.byMesh.clear();
    }
    this.look();
  }

  private leaveForwarding(): void {
    if (this.forwarding === null) return;
    this.forwarding.close();
    this.forwarding = null;
    this.options.onUnforwarded();
  }

  private stopLeaving(): void {
    clearTimeout(this.leaving);
    this.leaving = undefined;
  }
}

function isSameLink(one: Link, other: Link | undefined): boolean {
  if (one.status === "connected") return other?.status === "connected" && one.quality === other.quality;
  if (one.status === "unproven") return other?.status === "unproven" && one.because === other.because;
  return one.status === other?.status;
}

function isSamePictures(one: Pictures, other: Pictures | undefined): boolean {
  return one.camera === (other?.camera ?? null) && one.screen === (other?.screen ?? null);
}

function isSameList(one: readonly unknown[], other: readonly unknown[] = []): boolean {
  return one.length === other.length && one.every((each, at) => each === other[at]);
}
