/** The part of the REST interface that concerns messages which are there: reactions, pins, stars, polls, forwarding. */

import type { Client as Api } from "openapi-fetch";
import type { Message } from "../model/message.ts";
import type { Reader, Version } from "../model/traces.ts";
import { answer } from "./answer.ts";
import type { paths } from "./schema.gen.d.ts";

export function messagesRest(api: Api<paths>) {
  return {
    editMessage: (id: string, content: string): Promise<Message> =>
      answer(api.PATCH("/api/messages/{message_id}", { params: of(id), body: { content } })),
    deleteMessage: (id: string) => answer(api.DELETE("/api/messages/{message_id}", { params: of(id) })),

    react: (id: string, emoji: string): Promise<Message> =>
      answer(api.POST("/api/messages/{message_id}/reactions", { params: of(id), body: { emoji } })),
    unreact: (id: string, emoji: string) =>
      answer(
        api.DELETE("/api/messages/{message_id}/reactions/{emoji}", { params: { path: { message_id: id, emoji } } }),
      ),
    vote: (id: string, choices: readonly number[]): Promise<Message> =>
      answer(api.POST("/api/messages/{message_id}/votes", { params: of(id), body: { choices: [...choices] } })),
    closePoll: (id: string): Promise<Message> =>
      answer(api.POST("/api/messages/{message_id}/close_poll", { params: of(id) })),

    pin: (id: string) => answer(api.PUT("/api/messages/{message_id}/pin", { params: of(id) })),
    unpin: (id: string) => answer(api.DELETE("/api/messages/{message_id}/pin", { params: of(id) })),
    pinned: (conversationId: string) =>
      answer(
        api.GET("/api/conversations/{conversation_id}/pinned", {
          params: { path: { conversation_id: conversationId } },
        }),
      ),

    star: (id: string) => answer(api.PUT("/api/messages/{message_id}/star", { params: of(id) })),
    unstar: (id: string) => answer(api.DELETE("/api/messages/{message_id}/star", { params: of(id) })),
    starred: (pageToken?: string) =>
      answer(
        api.GET("/api/starred", {
          params: { query: { page_size: 50, ...(pageToken === undefined ? {} : { page_token: pageToken }) } },
        }),
      ),
    starredIds: async (): Promise<readonly string[]> => (await answer(api.GET("/api/starred/ids"))).ids,

    forward: async (id: string, conversationIds: readonly string[], clientRef: string): Promise<readonly Message[]> => {
      const body = { conversation_ids: [...conversationIds], client_ref: clientRef };
      return (await answer(api.POST("/api/messages/{message_id}/forward", { params: of(id), body }))).items;
    },
    versions: async (id: string): Promise<readonly Version[]> =>
      (await answer(api.GET("/api/messages/{message_id}/versions", { params: of(id) }))).items,
    readers: async (id: string): Promise<readonly Reader[]> =>
      (await answer(api.GET("/api/messages/{message_id}/readers", { params: of(id) }))).items,
  };
}

function of(messageId: string) {
  return { path: { message_id: messageId } };
}
