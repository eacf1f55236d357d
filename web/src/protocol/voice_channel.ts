/** The topic `voice:{conversation}`: who is there, and what their clients tell each other to find a way. */

import type { Socket } from "phoenix";
import type { User } from "../model/user.ts";
import type { Participant, Route } from "../model/voice.ts";
import { socketRefusalOf, type TopicChannel, topicChannel } from "./channels.ts";
import type { ApiError } from "./errors.ts";

export interface JoinedVoice {
  readonly session: string;
  readonly participants: readonly Participant[];
  readonly users: readonly User[];
  readonly ice_servers: RTCIceServer[];
  readonly route: Route;
  readonly limit: number;
  readonly end_to_end: boolean;
}

/** The channel goes another way from now on. */
export type Routed = Pick<JoinedVoice, "route" | "limit" | "end_to_end">;

/** Whose a medium is that comes from the forwarding server; `screen`: the picture of a shared screen. */
export interface MediumOwner {
  readonly user_id: string;
  readonly session: string;
  readonly screen: boolean;
}

/** What `to` and `from` say in place of a person, where the forwarding server is meant. */
export const forwardingServer = "sfu";

/** Whom a signal comes from; `sfu` for the forwarding server, which has no participation. */
export interface Sender {
  readonly from: string;
  readonly from_session: string;
}

export interface Described extends Sender {
  readonly type: "offer" | "answer";
  readonly sdp: string;
  /** In encrypted conversations. */
  readonly proof?: unknown;
  /** Of the forwarding server's offers: whose each medium is, by its `mid`. */
  readonly streams?: Readonly<Record<string, MediumOwner>>;
}

export interface Told extends Sender {
  readonly candidate: RTCIceCandidateInit | null;
}

export interface VoiceHandlers {
  /** Asked at every join: to come back, and in which state. */
  readonly asking: () => object;
  readonly onJoined: (joined: JoinedVoice) => void;
  /** `limit`: how many fit in, where it is full. */
  readonly onRefused: (error: ApiError, limit: number | null) => void;
  /** The connection was lost; the topic is joined again by itself. */
  readonly onLost: () => void;
  /** The server ended the participation. */
  readonly onClosed: () => void;
  readonly onComing: (participant: Participant, user: User) => void;
  readonly onLeaving: (left: { readonly user_id: string; readonly session: string; readonly reason: string }) => void;
  readonly onState: (participant: Participant) => void;
  readonly onDescription: (described: Described) => void;
  readonly onCandidate: (told: Told) => void;
  readonly onRouted: (routed: Routed) => void;
  readonly onDeclined: (userId: string) => void;
}

export function joinVoice(socket: Socket, conversationId: string, handlers: VoiceHandlers): TopicChannel {
  const channel = socket.channel(`voice:${conversationId}`, () => handlers.asking());
  channel.on("join", ({ participant, user }: { participant: Participant; user: User }) => handlers.onComing(participant, user));
  channel.on("leave", (left: Parameters<VoiceHandlers["onLeaving"]>[0]) => handlers.onLeaving(left));
  channel.on("voice_state", (participant: Participant) => handlers.onState(participant));
  for (const type of ["offer", "answer"] as const) {
    channel.on(type, (told: Omit<Described, "type">) => handlers.onDescription({ ...told, type }));
  }
  channel.on("ice_candidate", (told: Told) => handlers.onCandidate(told));
  channel.on("route", (routed: Routed) => handlers.onRouted(routed));
  channel.on("declined", ({ user_id }: { user_id: string }) => handlers.onDeclined(user_id));
  channel.onError(() => handlers.onLost());
  channel.onClose((reason) => {
    // Leaving by oneself comes here too, and is no news.
    if (reason !== "leave") handlers.onClosed();
  });
  channel
    .join()
    .receive("ok", handlers.onJoined)
    .receive("error", (response: { readonly limit?: number }) =>
      handlers.onRefused(socketRefusalOf(response), response.limit ?? null),
    );
  return topicChannel(channel);
}
