/** Voice channels: who is in them, what rings, and how one's own call stands. Field names of what the server tells are the wire's own. */

import type { Quality } from "./call_quality.ts";
import type { User } from "./user.ts";

/** Somebody in a channel, by one of their clients. */
export interface Participant {
  readonly user_id: string;
  /** The participation that others address. */
  readonly session: string;
  readonly muted: boolean;
  readonly deafened: boolean;
  readonly speaking: boolean;
  readonly sharing: boolean;
  readonly camera: boolean;
  /** A moderator muted them for all. */
  readonly silenced: boolean;
  readonly joined_at: string;
}

/** Somebody calls in a private chat. */
export interface Ring {
  readonly conversation_id: string;
  readonly from: string;
  readonly user: User;
  readonly started_at: string;
}

/**
 * Why the sound of somebody in an encrypted conversation is not taken: their client signed nothing, what it signed is not this
 * connection, or the key is not one that is believed to be theirs.
 */
export type Doubt = "missing" | "wrong" | "stranger";

/** From browser to browser, or by a server that hands on what each one sends (SFU). */
export type Route = "mesh" | "sfu";

/** How the connection to another participant stands. */
export type Link =
  | { readonly status: "connecting" }
  | { readonly status: "connected"; readonly quality: Quality | null }
  /** No way through was found; it is still tried. */
  | { readonly status: "unreachable" }
  | { readonly status: "unproven"; readonly because: Doubt };

/** `denied`: one only listens; `missing`: there is none, or another program has it. */
export type Microphone = "asking" | "open" | "denied" | "missing";

/** What can be seen of a participant; null where there is nothing. */
export interface Pictures {
  readonly camera: MediaStream | null;
  readonly screen: MediaStream | null;
}

/** The call that this client is in. */
export interface Call {
  readonly conversationId: string;
  /** `away`: the server is out of reach, and the sound goes on without it. */
  readonly status: "joining" | "in" | "away";
  /** One's own; empty until one is in. */
  readonly session: string;
  /** In the order in which they came, oneself among them. */
  readonly participants: readonly Participant[];
  /** By session, of everyone else. */
  readonly links: Readonly<Record<string, Link>>;
  /** By session, one's own among them. */
  readonly pictures: Readonly<Record<string, Pictures>>;
  readonly limit: number;
  readonly route: Route;
  /** False: a server can hear. */
  readonly endToEnd: boolean;
  readonly microphone: Microphone;
  readonly muted: boolean;
  readonly deafened: boolean;
  /** The microphone is on only while a key or button is held. */
  readonly pushToTalk: boolean;
  /** When one came in, by one's own clock. */
  readonly since_ms: number;
}

/** How a call ended that the person did not leave, or that could not begin; a code of the server's, or one of these. */
export interface CallEnding {
  readonly conversationId: string;
  readonly code: string;
  /** How many fit in, where it is full. */
  readonly limit: number | null;
}

export const nothingSeen: Pictures = { camera: null, screen: null };

/** Whoever cannot be heard just now, for whichever reason. */
export function isSilent({ muted, silenced }: Participant): boolean {
  return muted || silenced;
}

/** The list with this participant as they are now; who is not in it yet comes last. */
export function withParticipant(all: readonly Participant[], one: Participant): readonly Participant[] {
  const isKnown = all.some(({ session }) => session === one.session);
  return isKnown ? all.map((each) => (each.session === one.session ? one : each)) : [...all, one];
}
