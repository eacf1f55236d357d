/** The part of the REST interface that concerns voice channels. */

import type { Client as Api } from "openapi-fetch";
import { answer } from "./answer.ts";
import type { paths } from "./schema.gen.d.ts";

export function voiceRest(api: Api<paths>) {
  return {
    /** One's conversations in whose channels somebody is, with their ids in the order in which they came. */
    voicePlaces: async () => (await answer(api.GET("/api/voice"))).items,
    declineCall: (id: string) =>
      answer(api.POST("/api/conversations/{conversation_id}/voice/decline", { params: { path: { conversation_id: id } } })),
  };
}
