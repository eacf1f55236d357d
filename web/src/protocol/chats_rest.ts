/** The part of the REST interface that concerns how conversations are kept, looked after, and come into. */

import type { MediaKind, MediaPage } from "../model/media.ts";
import type { Client as Api } from "openapi-fetch";
import type { Member, OwnConversation, Page, Preferences, Role } from "../model/conversation.ts";
import type { Invite, InvitePreview, InviteTerms } from "../model/invites.ts";
import type { PreferencesChange } from "../model/keeping.ts";
import type { AuditEntry, Ban } from "../model/moderation.ts";
import { answer } from "./answer.ts";
import { refusalOf } from "./errors.ts";
import type { Http } from "./http.ts";
import type { paths } from "./schema.gen.d.ts";
import { withMessageIds } from "./sealed_ids.ts";
import { type Progress, sendTellingProgress } from "./upload.ts";

export function chatsRest(api: Api<paths>, http: Http) {
  return {
    changePreferences: (id: string, body: PreferencesChange): Promise<Preferences> =>
      answer(api.PATCH("/api/conversations/{conversation_id}/preferences", { params: of(id), body })),

    putPicture: async (id: string, picture: Blob, onProgress: Progress): Promise<OwnConversation> => {
      const url = `${http.origin}/api/conversations/${encodeURIComponent(id)}/picture`;
      const request = new Request(url, { method: "PUT", body: picture });
      const response = await http.sendBy((each) => sendTellingProgress(each, onProgress), request);
      if (!response.ok) throw await refusalOf(response);
      return withMessageIds((await response.json()) as OwnConversation);
    },
    removePicture: (id: string): Promise<OwnConversation> =>
      answer(api.DELETE("/api/conversations/{conversation_id}/picture", { params: of(id) })),

    setRole: (id: string, userId: string, role: Role): Promise<Member> =>
      answer(
        api.PATCH("/api/conversations/{conversation_id}/members/{user_id}", { params: ofMember(id, userId), body: { role } }),
      ),
    removeMember: (id: string, userId: string, reason?: string) =>
      answer(
        api.DELETE("/api/conversations/{conversation_id}/members/{user_id}", {
          params: { ...ofMember(id, userId), query: reason === undefined ? {} : { reason } },
        }),
      ),
    bans: (id: string, pageToken?: string): Promise<Page<Ban>> =>
      answer(api.GET("/api/conversations/{conversation_id}/bans", { params: { ...of(id), query: page(pageToken) } })),
    ban: (id: string, userId: string, reason?: string) =>
      answer(
        api.POST("/api/conversations/{conversation_id}/bans", {
          params: of(id),
          body: { user_id: userId, ...(reason === undefined ? {} : { reason }) },
        }),
      ),
    unban: (id: string, userId: string) =>
      answer(api.DELETE("/api/conversations/{conversation_id}/bans/{user_id}", { params: ofMember(id, userId) })),
    audit: (id: string, pageToken?: string): Promise<Page<AuditEntry>> =>
      answer(api.GET("/api/conversations/{conversation_id}/audit", { params: { ...of(id), query: page(pageToken) } })),

    invite: (id: string, body: { username: string } | { phone: string } | InviteTerms) =>
      answer(api.POST("/api/conversations/{conversation_id}/invites", { params: of(id), body })),
    invites: async (id: string): Promise<readonly Invite[]> =>
      (await answer(api.GET("/api/conversations/{conversation_id}/invites", { params: of(id) }))).items,
    revokeInvite: (id: string, inviteId: string) =>
      answer(
        api.DELETE("/api/conversations/{conversation_id}/invites/{invite_id}", {
          params: { path: { conversation_id: id, invite_id: inviteId } },
        }),
      ),
    lookAtInvite: (token: string): Promise<InvitePreview> =>
      answer(api.GET("/api/invites/{token}", { params: { path: { token } } })),
    takeInvite: (token: string): Promise<OwnConversation> =>
      answer(api.POST("/api/invites/{token}", { params: { path: { token } } })),

    media: (id: string, kind: MediaKind, pageToken?: string): Promise<MediaPage> =>
      answer(
        api.GET("/api/conversations/{conversation_id}/media", {
          params: { ...of(id), query: { kind, page_size: 60, ...page(pageToken) } },
        }),
      ),
  };
}

function of(conversationId: string) {
  return { path: { conversation_id: conversationId } };
}

function ofMember(conversationId: string, userId: string) {
  return { path: { conversation_id: conversationId, user_id: userId } };
}

function page(pageToken: string | undefined): { page_token?: string } {
  return pageToken === undefined ? {} : { page_token: pageToken };
}
