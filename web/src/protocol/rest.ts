/** The server's REST interface, one function per use. All reject with ApiError. */

import type { Changes, Conversation, DirectoryRoom, Member, OwnConversation, Page } from "../model/conversation.ts";
import type { Message } from "../model/message.ts";
import type { Me, Profile, User } from "../model/user.ts";
import type { Http } from "./http.ts";

export interface Authentication {
  readonly user: Me;
  readonly conversations: readonly OwnConversation[];
  readonly users: readonly User[];
}

export interface NewConversation {
  readonly kind: Conversation["kind"];
  readonly alias?: string;
  readonly user_ids?: readonly string[];
  readonly topic?: string;
  readonly description?: string;
}

export interface MessagePage extends Page<Message> {
  readonly users: readonly User[];
}

export interface DirectoryPage extends Page<DirectoryRoom> {
  readonly topics: readonly string[];
}

export type Rest = ReturnType<typeof createRest>;

export function createRest(http: Http) {
  return {
    register: (body: { email: string; password: string; display_name?: string; username?: string }) =>
      http.request<Authentication>("POST", "/auth/register", { body, refreshes: false }),
    signIn: (body: { email: string; password: string } | { username: string; password: string }) =>
      http.request<Authentication>("POST", "/auth/login", { body, refreshes: false }),
    signOut: () => http.request<undefined>("POST", "/auth/logout", { body: {}, refreshes: false }),
    signOutEverywhere: () => http.request<undefined>("POST", "/api/signout_all"),

    me: () => http.request<Me>("GET", "/api/me"),
    updateMe: (body: { display_name?: string; username?: string | null }) =>
      http.request<Me>("PATCH", "/api/me", { body }),
    updateProfile: (body: Partial<Profile>) => http.request<Profile>("PATCH", "/api/profile", { body }),
    users: (search: string, page_token?: string) =>
      http.request<Page<User>>("GET", "/api/users", { query: { search, page_token } }),

    conversations: (page_token?: string) =>
      http.request<Page<OwnConversation>>("GET", "/api/conversations", { query: { page_token, page_size: 100 } }),
    conversation: (id: string) => http.request<OwnConversation>("GET", inConversation(id)),
    createConversation: (body: NewConversation) =>
      http.request<OwnConversation>("POST", "/api/conversations", { body }),
    updateConversation: (id: string, body: { alias?: string; description?: string; topic?: string; name?: string }) =>
      http.request<OwnConversation>("PATCH", inConversation(id), { body }),
    deleteConversation: (id: string) => http.request<undefined>("DELETE", inConversation(id)),
    joinRoom: (id: string) => http.request<OwnConversation>("POST", `${inConversation(id)}/join`),
    leaveConversation: (id: string) => http.request<undefined>("POST", `${inConversation(id)}/leave`),
    changes: (id: string, since: number) =>
      http.request<Changes>("GET", `${inConversation(id)}/changes`, { query: { since } }),
    rooms: (query: { topic?: string; sort?: "new" | "old" | "popular"; q?: string; page_token?: string }) =>
      http.request<DirectoryPage>("GET", "/api/rooms", { query }),

    members: (id: string, page_token?: string) =>
      http.request<Page<Member>>("GET", `${inConversation(id)}/members`, { query: { page_token, page_size: 100 } }),
    addMembers: (id: string, user_ids: readonly string[]) =>
      http.request<{ members: Member[] }>("POST", `${inConversation(id)}/members`, { body: { user_ids } }),
    removeMember: (id: string, userId: string) =>
      http.request<undefined>("DELETE", `${inConversation(id)}/members/${encodeURIComponent(userId)}`),

    messages: (conversation_id: string, page_token?: string, page_size = 50) =>
      http.request<MessagePage>("GET", "/api/messages", { query: { conversation_id, page_token, page_size } }),
    editMessage: (id: string, content: string) =>
      http.request<Message>("PATCH", `/api/messages/${encodeURIComponent(id)}`, { body: { content } }),
    deleteMessage: (id: string) => http.request<undefined>("DELETE", `/api/messages/${encodeURIComponent(id)}`),
    read: (id: string, seq: number) =>
      http.request<{ read_seq: number; unread: number }>("POST", `${inConversation(id)}/read`, { body: { seq } }),
  };
}

function inConversation(id: string): string {
  return `/api/conversations/${encodeURIComponent(id)}`;
}
