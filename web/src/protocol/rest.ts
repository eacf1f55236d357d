/** The server's REST interface, one function per use, typed by its OpenAPI document. All reject with ApiError. */

import createApi from "openapi-fetch";
import type { Changes, Kind, Member, OwnConversation, Page } from "../model/conversation.ts";
import type { Place } from "../model/history.ts";
import type { NoticeSettings, PushKeys } from "../model/notices.ts";
import type { Me } from "../model/user.ts";
import { answer } from "./answer.ts";
import { chatsRest } from "./chats_rest.ts";
import { encryptionRest } from "./encryption_rest.ts";
import { entranceRest } from "./entrance_rest.ts";
import type { Http } from "./http.ts";
import { messagesRest } from "./messages_rest.ts";
import type { components, paths } from "./schema.gen.d.ts";
import { scheduleRest } from "./schedule_rest.ts";
import { settingsRest } from "./settings_rest.ts";
import { uploadsRest } from "./uploads_rest.ts";
import { voiceRest } from "./voice_rest.ts";

type Schemas = components["schemas"];

/** What signing up or in answers. */
export type Authentication = Schemas["AuthObject"];

export interface ConversationDraft {
  readonly kind: Kind;
  readonly alias?: string;
  readonly user_ids?: readonly string[];
  readonly topic?: string;
  readonly description?: string;
  readonly encrypted?: boolean;
}

export type Rest = ReturnType<typeof createRest>;

export function createRest(http: Http) {
  const api = createApi<paths>({ baseUrl: http.origin, fetch: http.fetch });
  return {
    signOut: () => answer(api.POST("/auth/logout")),
    signOutEverywhere: () => answer(api.POST("/api/signout_all")),

    me: (): Promise<Me> => answer(api.GET("/api/me")),
    updateMe: (body: Schemas["Names"]): Promise<Me> => answer(api.PATCH("/api/me", { body })),
    updateProfile: (body: Schemas["ProfileChange"]) => answer(api.PATCH("/api/profile", { body })),
    users: (search: string, pageToken?: string) =>
      answer(api.GET("/api/users", { params: { query: { search, ...page(pageToken) } } })),

    conversations: (pageToken?: string) =>
      answer(api.GET("/api/conversations", { params: { query: { page_size: 100, ...page(pageToken) } } })),
    conversation: (id: string): Promise<OwnConversation> => answer(api.GET("/api/conversations/{conversation_id}", { params: of(id) })),
    createConversation: ({ user_ids, ...draft }: ConversationDraft) =>
      answer(api.POST("/api/conversations", { body: { ...draft, ...(user_ids ? { user_ids: [...user_ids] } : {}) } })),
    privateWith: (userId: string, encrypted: boolean) =>
      answer(
        api.GET("/api/conversations/private/{user_id}", { params: { path: { user_id: userId }, query: { encrypted } } }),
      ),
    updateConversation: (id: string, body: Schemas["ConversationChange"]) =>
      answer(api.PATCH("/api/conversations/{conversation_id}", { params: of(id), body })),
    deleteConversation: (id: string) => answer(api.DELETE("/api/conversations/{conversation_id}", { params: of(id) })),
    joinRoom: (id: string) => answer(api.POST("/api/conversations/{conversation_id}/join", { params: of(id) })),
    leaveConversation: (id: string) =>
      answer(api.POST("/api/conversations/{conversation_id}/leave", { params: of(id) })),
    changes: (id: string, since: number): Promise<Changes> =>
      answer(api.GET("/api/conversations/{conversation_id}/changes", { params: { ...of(id), query: { since } } })),
    read: (id: string, seq: number) =>
      answer(api.POST("/api/conversations/{conversation_id}/read", { params: of(id), body: { seq } })),
    search: (q: string, conversationId: string | null, pageToken?: string) =>
      answer(
        api.GET("/api/search", {
          params: { query: { q, ...(conversationId === null ? {} : { in: conversationId }), ...page(pageToken) } },
        }),
      ),
    noticeSettings: (): Promise<NoticeSettings> => answer(api.GET("/api/notification-settings")),
    changeNoticeSettings: (body: Partial<NoticeSettings>): Promise<NoticeSettings> =>
      answer(api.PATCH("/api/notification-settings", { body })),
    pushKey: () => answer(api.GET("/api/push-key")),
    addPushSubscription: (body: PushKeys) => answer(api.POST("/api/push-subscriptions", { body })),
    removePushSubscription: (endpoint: string) => answer(api.DELETE("/api/push-subscriptions", { body: { endpoint } })),
    rooms: (query: NonNullable<paths["/api/rooms"]["get"]["parameters"]["query"]>) =>
      answer(api.GET("/api/rooms", { params: { query } })),

    members: (id: string, pageToken?: string): Promise<Page<Member>> =>
      answer(
        api.GET("/api/conversations/{conversation_id}/members", {
          params: { ...of(id), query: { page_size: 100, ...page(pageToken) } },
        }),
      ),
    addMembers: (id: string, userIds: readonly string[]) =>
      answer(
        api.POST("/api/conversations/{conversation_id}/members", { params: of(id), body: { user_ids: [...userIds] } }),
      ),

    messages: (conversationId: string, pageToken?: string) =>
      answer(
        api.GET("/api/messages", {
          params: { query: { conversation_id: conversationId, page_size: 50, ...page(pageToken) } },
        }),
      ),
    /** The page after a place, ascending. */
    messagesAfter: (conversationId: string, pageToken: string) =>
      answer(
        api.GET("/api/messages", {
          params: { query: { conversation_id: conversationId, page_size: 50, sort: "asc", ...page(pageToken) } },
        }),
      ),
    around: (conversationId: string, place: Place) =>
      answer(
        api.GET("/api/conversations/{conversation_id}/around", {
          params: { ...of(conversationId), query: { page_size: 50, ...place } },
        }),
      ),
    ...chatsRest(api, http),
    ...messagesRest(api),
    ...encryptionRest(api),
    ...entranceRest(api),
    ...scheduleRest(api),
    ...settingsRest(api, http),
    ...uploadsRest(api, http),
    ...voiceRest(api),
  };
}

function of(conversationId: string) {
  return { path: { conversation_id: conversationId } };
}

function page(pageToken: string | undefined): { page_token?: string } {
  return pageToken === undefined ? {} : { page_token: pageToken };
}
