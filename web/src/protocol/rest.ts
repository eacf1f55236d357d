/** The server's REST interface, one function per use, typed by its OpenAPI document. All reject with ApiError. */

import createApi from "openapi-fetch";
import type { Changes, Kind, Member, OwnConversation, Page } from "../model/conversation.ts";
import type { Me } from "../model/user.ts";
import { answer } from "./answer.ts";
import { entranceRest } from "./entrance_rest.ts";
import type { Http } from "./http.ts";
import type { components, paths } from "./schema.gen.d.ts";
import { settingsRest } from "./settings_rest.ts";

type Schemas = components["schemas"];

/** What signing up or in answers. */
export type Authentication = Schemas["AuthObject"];

export interface ConversationDraft {
  readonly kind: Kind;
  readonly alias?: string;
  readonly user_ids?: readonly string[];
  readonly topic?: string;
  readonly description?: string;
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
    removeMember: (id: string, userId: string) =>
      answer(
        api.DELETE("/api/conversations/{conversation_id}/members/{user_id}", {
          params: { path: { conversation_id: id, user_id: userId } },
        }),
      ),

    messages: (conversationId: string, pageToken?: string) =>
      answer(
        api.GET("/api/messages", {
          params: { query: { conversation_id: conversationId, page_size: 50, ...page(pageToken) } },
        }),
      ),
    editMessage: (id: string, content: string) =>
      answer(api.PATCH("/api/messages/{message_id}", { params: { path: { message_id: id } }, body: { content } })),
    deleteMessage: (id: string) =>
      answer(api.DELETE("/api/messages/{message_id}", { params: { path: { message_id: id } } })),

    ...entranceRest(api),
    ...settingsRest(api, http),
  };
}

function of(conversationId: string) {
  return { path: { conversation_id: conversationId } };
}

function page(pageToken: string | undefined): { page_token?: string } {
  return pageToken === undefined ? {} : { page_token: pageToken };
}
