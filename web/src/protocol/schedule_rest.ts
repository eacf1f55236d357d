/** Messages that wait to be sent at their time. */

import type { Client as Api } from "openapi-fetch";
import type { Message } from "../model/message.ts";
import type { Scheduled } from "../model/scheduled.ts";
import { answer } from "./answer.ts";
import type { components, paths } from "./schema.gen.d.ts";

type Schemas = components["schemas"];

export function scheduleRest(api: Api<paths>) {
  return {
    schedule: (conversationId: string, body: Schemas["NewScheduled"]): Promise<Scheduled> =>
      answer(
        api.POST("/api/conversations/{conversation_id}/scheduled", {
          params: { path: { conversation_id: conversationId } },
          body,
        }),
      ),
    scheduled: async (conversationId: string): Promise<readonly Scheduled[]> =>
      (await answer(api.GET("/api/scheduled", { params: { query: { conversation_id: conversationId } } }))).items,
    changeScheduled: (id: string, body: Schemas["ScheduledChange"]): Promise<Scheduled> =>
      answer(api.PATCH("/api/scheduled/{scheduled_id}", { params: of(id), body })),
    removeScheduled: (id: string) => answer(api.DELETE("/api/scheduled/{scheduled_id}", { params: of(id) })),
    sendScheduled: (id: string): Promise<Message> =>
      answer(api.POST("/api/scheduled/{scheduled_id}/send", { params: of(id) })),
  };
}

function of(id: string) {
  return { path: { scheduled_id: id } };
}
