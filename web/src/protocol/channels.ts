/**
 * The topics that a client joins, each with typed events. A join is repeated by itself after every reconnection, with its
 * parameters read anew.
 *
 * On the wire: `["3","3","conversation:0190…","phx_join",{"since":41}]`.
 */

import { type Channel, Presence, type Socket } from "phoenix";
import type { Changes, Conversation, OwnConversation, Page } from "../model/conversation.ts";
import { type ConversationEvent, type ConversationEventType, conversationEventTypes } from "../model/events.ts";
import type { Message } from "../model/message.ts";
import type { Me, User } from "../model/user.ts";
import { ApiError } from "./errors.ts";

/** What a conversation's join answers. With `since` it has `changes`, without it has `messages`. */
export interface JoinedConversation {
  readonly conversation: OwnConversation;
  readonly users: readonly User[];
  readonly read_seqs: Readonly<Record<string, number>>;
  readonly typing: readonly string[];
  readonly messages?: Page<Message>;
  readonly changes?: Changes;
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
}

export interface UserHandlers {
  readonly onJoined: () => void;
  readonly onNewConversation: (conversation: Conversation) => void;
  readonly onConversationEnded: (conversationId: string) => void;
  readonly onRead: (pointer: ReadPointer & { readonly conversation_id: string }) => void;
  readonly onProfile: (me: Me) => void;
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
  for (const type of conversationEventTypes) {
    channel.on(type, (payload: object) => handlers.onEvent(eventOf(type, payload)));
  }
  channel.on("start_typing", ({ user_id }: { user_id: string }) => handlers.onTyping(user_id, true));
  channel.on("finish_typing", ({ user_id }: { user_id: string }) => handlers.onTyping(user_id, false));
  channel.on("read_conversation", (pointer: ReadPointer) => handlers.onRead(pointer));
  channel.onClose((reason) => {
    // Leaving by oneself comes here too, and is no news.
    if (reason !== "leave") handlers.onClosed();
  });
  channel
    .join()
    .receive("ok", (joined: JoinedConversation) => handlers.onJoined(joined))
    .receive("error", (response: unknown) => handlers.onRefused(refusalOf(response)));
  return topicChannel(channel);
}

export function joinUser(socket: Socket, myId: string, handlers: UserHandlers): TopicChannel {
  const channel = socket.channel(`user:${myId}`);
  channel.on("new_conversation", ({ conversation }: { conversation: Conversation }) =>
    handlers.onNewConversation(conversation),
  );
  channel.on("conversation_ended", ({ conversation_id }: { conversation_id: string }) =>
    handlers.onConversationEnded(conversation_id),
  );
  channel.on("read_conversation", (pointer: ReadPointer & { conversation_id: string }) => handlers.onRead(pointer));
  channel.on("update_profile", ({ user }: { user: Me }) => handlers.onProfile(user));
  channel.join().receive("ok", () => handlers.onJoined());
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

function topicChannel(channel: Channel): TopicChannel {
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
        reject(refusalOf(response));
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

function refusalOf(response: unknown): ApiError {
  const { reason, detail } = typeof response === "object" && response !== null ? (response as Refusal) : {};
  const code = typeof response === "string" ? response : (reason ?? "error");
  return new ApiError({ status: 0, code, detail: detail ?? code });
}

interface Refusal {
  readonly reason?: string;
  readonly detail?: string;
}
