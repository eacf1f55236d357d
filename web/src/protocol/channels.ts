/**
 * The topics that a client joins, each with typed events. A join is repeated by itself after every reconnection, with its
 * parameters read anew.
 *
 * On the wire: `["3","3","conversation:0190…","phx_join",{"since":41}]`.
 */

import { type Channel, Presence, type Socket } from "phoenix";
import type { Changes, Conversation, OwnConversation, Page, Preferences } from "../model/conversation.ts";
import { type ConversationEvent, type ConversationEventType, conversationEventTypes } from "../model/events.ts";
import type { KeyObject, ServedKeys } from "../model/encryption.ts";
import type { Message } from "../model/message.ts";
import type { Me, User } from "../model/user.ts";
import type { Ring } from "../model/voice.ts";
import { ApiError } from "./errors.ts";
import { withMessageIds } from "./sealed_ids.ts";

/** What a conversation's join answers. With `since` it has `changes`, without it has `messages`. */
export interface JoinedConversation extends Partial<ServedKeys> {
  readonly conversation: OwnConversation;
  readonly users: readonly User[];
  readonly read_seqs: Readonly<Record<string, number>>;
  readonly typing: readonly string[];
  /** Ids of those in its voice channel. */
  readonly voice?: readonly string[];
  readonly messages?: Page<Message>;
  readonly changes?: Changes;
}

/** What the reader's own topic tells of an encrypted conversation: what was sealed for them. */
export type SealedEvent = Extract<ConversationEvent, { readonly type: (typeof sealedEventTypes)[number] }>;

const sealedEventTypes = ["new_message", "edit_message", "encrypted_reaction"] as const;

/** How a handover between two of the reader's devices stands. */
export interface HandoverNews {
  readonly id: string;
  readonly device: string;
  readonly messages: readonly KeyObject[];
  readonly is_over: boolean;
}

export interface ReadPointer {
  readonly user_id: string;
  readonly read_seq: number;
}

export interface ConversationHandlers {
  /** The seq that the copy is current to; null when there is no copy. Asked at every join. */
  readonly since: () => number | null;
  readonly onJoined: (joined: JoinedConversation) => void;
  readonly onRefused: (error: ApiError) => void;
  /** The server ended the subscription, after its last event. */
  readonly onClosed: () => void;
  readonly onEvent: (event: ConversationEvent) => void;
  readonly onTyping: (userId: string, isTyping: boolean) => void;
  readonly onRead: (pointer: ReadPointer) => void;
  /** Who is in its voice channel now. */
  readonly onVoice: (userIds: readonly string[]) => void;
}

export interface Ending {
  readonly conversation_id: string;
  readonly reason: "left" | "removed" | "banned" | "deleted";
  /** What the reader is told about it. */
  readonly note: string | null;
}

export interface UserHandlers {
  /** `rings`: what rings just now. */
  readonly onJoined: (rings: readonly Ring[]) => void;
  readonly onNewConversation: (conversation: Conversation) => void;
  readonly onConversationEnded: (ending: Ending) => void;
  readonly onRead: (pointer: ReadPointer & { readonly conversation_id: string }) => void;
  readonly onProfile: (me: Me) => void;
  readonly onPreferences: (conversationId: string, preferences: Preferences) => void;
  readonly onStar: (messageId: string, isStarred: boolean) => void;
  /** What waits to be sent into a conversation at its time is to be read again. */
  readonly onSchedule: (conversationId: string) => void;
  readonly onSealed: (conversationId: string, event: SealedEvent) => void;
  /** Somebody goes by another identity now, the reader perhaps. */
  readonly onIdentity: (userId: string, publicKey: KeyObject) => void;
  readonly onHandover: (news: HandoverNews) => void;
  readonly onRing: (ring: Ring) => void;
  /** Answered or declined by any of one's devices, missed, or taken back. */
  readonly onRingEnded: (conversationId: string) => void;
}

export interface SystemHandlers {
  readonly isHidden: () => boolean;
  readonly onPresence: (online: ReadonlySet<string>) => void;
  /** How somebody looks now; the address is left out. */
  readonly onUser: (user: User) => void;
  readonly onDisplayName: (userId: string, displayName: string) => void;
}

export interface TopicChannel {
  readonly isJoined: () => boolean;
  /** The response of an accepted push; rejects with ApiError, `offline` when the connection was lost before the answer. */
  readonly push: <Response>(event: string, payload: object) => Promise<Response>;
  readonly leave: () => void;
}

export function joinConversation(socket: Socket, id: string, handlers: ConversationHandlers): TopicChannel {
  const channel = socket.channel(`conversation:${id}`, () => {
    const since = handlers.since();
    return since === null ? {} : { since };
  });
  channel.onMessage = (_event, payload: unknown) => withMessageIds(payload);
  for (const type of conversationEventTypes) {
    channel.on(type, (payload: object) => handlers.onEvent(eventOf(type, payload)));
  }
  channel.on("start_typing", ({ user_id }: { user_id: string }) => handlers.onTyping(user_id, true));
  channel.on("finish_typing", ({ user_id }: { user_id: string }) => handlers.onTyping(user_id, false));
  channel.on("read_conversation", (pointer: ReadPointer) => handlers.onRead(pointer));
  channel.on("voice_changed", ({ participants }: { participants: readonly string[] }) => handlers.onVoice(participants));
  channel.onClose((reason) => {
    // Leaving by oneself comes here too, and is no news.
    if (reason !== "leave") handlers.onClosed();
  });
  channel
    .join()
    .receive("ok", (joined: JoinedConversation) => handlers.onJoined(joined))
    .receive("error", (response: unknown) => handlers.onRefused(socketRefusalOf(response)));
  return topicChannel(channel);
}

export function joinUser(socket: Socket, myId: string, handlers: UserHandlers): TopicChannel {
  const channel = socket.channel(`user:${myId}`);
  channel.on("new_conversation", ({ conversation }: { conversation: Conversation }) =>
    handlers.onNewConversation(conversation),
  );
  channel.on("conversation_ended", (ending: Ending) => handlers.onConversationEnded(ending));
  channel.on("read_conversation", (pointer: ReadPointer & { conversation_id: string }) => handlers.onRead(pointer));
  channel.on("update_profile", ({ user }: { user: Me }) => handlers.onProfile(user));
  channel.on("update_preferences", (told: { conversation_id: string; preferences: Preferences }) =>
    handlers.onPreferences(told.conversation_id, told.preferences),
  );
  channel.on("star", ({ message_group_id }: { message_group_id: string }) => handlers.onStar(message_group_id, true));
  channel.on("unstar", ({ message_group_id }: { message_group_id: string }) =>
    handlers.onStar(message_group_id, false),
  );
  channel.on("update_schedule", ({ conversation_id }: { conversation_id: string }) =>
    handlers.onSchedule(conversation_id),
  );
  channel.onMessage = (_event, payload: unknown) => withMessageIds(payload);
  for (const type of sealedEventTypes) {
    channel.on(type, (payload: { readonly conversation_id: string }) =>
      handlers.onSealed(payload.conversation_id, eventOf(type, payload) as SealedEvent),
    );
  }
  channel.on("update_identity", ({ user_id, public_key }: { user_id: string; public_key: KeyObject }) =>
    handlers.onIdentity(user_id, public_key),
  );
  channel.on("handover", (news: HandoverNews) => handlers.onHandover(news));
  channel.on("call", (ring: Ring) => handlers.onRing(ring));
  channel.on("call_ended", ({ conversation_id }: { conversation_id: string }) =>
    handlers.onRingEnded(conversation_id),
  );
  channel.join().receive("ok", ({ calls = [] }: { calls?: readonly Ring[] }) => handlers.onJoined(calls));
  return topicChannel(channel);
}

export function joinSystem(socket: Socket, handlers: SystemHandlers): TopicChannel {
  const channel = socket.channel("system:general", () => ({ hidden: handlers.isHidden() }));
  const presence = new Presence(channel);
  presence.onSync(() => handlers.onPresence(new Set(presence.list((userId) => userId))));
  channel.on("update_display_name", ({ user_id, display_name }: { user_id: string; display_name: string }) =>
    handlers.onDisplayName(user_id, display_name),
  );
  channel.on("update_user", ({ user }: { user: User }) => handlers.onUser(user));
  channel.join();
  return topicChannel(channel);
}

export function topicChannel(channel: Channel): TopicChannel {
  return {
    isJoined: () => channel.state === "joined",
    push: (event, payload) => push(channel, event, payload),
    leave: () => void channel.leave(),
  };
}

function push<Response>(channel: Channel, event: string, payload: object): Promise<Response> {
  return new Promise<Response>((resolve, reject) => {
    const lost = channel.onError(() => {
      settle();
      reject(new ApiError({ status: 0, code: "offline", detail: "The connection was lost." }));
    });
    const settle = (): void => channel.off("phx_error", lost);
    channel
      .push(event, payload)
      .receive("ok", (response: Response) => {
        settle();
        resolve(response);
      })
      .receive("error", (response: unknown) => {
        settle();
        reject(socketRefusalOf(response));
      })
      .receive("timeout", () => {
        settle();
        reject(new ApiError({ status: 0, code: "timeout", detail: "The server did not answer in time." }));
      });
  });
}

// The payload of each type is what the type of the event says; the wire is trusted here, as the server's answers are.
function eventOf(type: ConversationEventType, payload: object): ConversationEvent {
  return { type, ...payload } as ConversationEvent;
}

/** What a refused push or join is told with. */
export function socketRefusalOf(response: unknown): ApiError {
  const { reason, detail, retry_after_s } = typeof response === "object" && response !== null ? (response as Refusal) : {};
  const code = typeof response === "string" ? response : (reason ?? "error");
  return new ApiError({ status: 0, code, detail: detail ?? code, retryAfter_s: retry_after_s ?? null });
}

interface Refusal {
  readonly reason?: string;
  readonly detail?: string;
  readonly retry_after_s?: number;
}
