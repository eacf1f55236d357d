/** The part of the REST interface that concerns keys: one's own, those of conversations, and handing the secret over. */

import type { Client as Api } from "openapi-fetch";
import type { KeyObject, KeyObjects, ServedKeys, WrapKind } from "../model/encryption.ts";
import { answer } from "./answer.ts";
import type { paths } from "./schema.gen.d.ts";

export interface NewWrap {
  readonly kind: WrapKind;
  readonly label?: string;
  readonly wrapped: KeyObject;
}

export interface WrapToAdd extends NewWrap {
  /** Of the identity whose secret it is. */
  readonly version: number;
  /** Those that it takes the place of, which takes a proof. */
  readonly replaces: readonly string[];
  readonly password?: string;
}

export interface NewIdentity extends KeyObjects {
  readonly wraps: readonly NewWrap[];
  /** The version of the identity that this takes the place of; null: there is none. */
  readonly replaces: number | null;
  readonly password?: string;
}

/** What is kept of one's own keys. */
export type OwnKeys = Awaited<ReturnType<EncryptionRest["ownKeys"]>>;

type EncryptionRest = ReturnType<typeof encryptionRest>;

export function encryptionRest(api: Api<paths>) {
  return {
    ownKeys: () => answer(api.GET("/api/encryption")),
    setIdentity: ({ wraps, ...identity }: NewIdentity) =>
      answer(api.PUT("/api/encryption/identity", { body: { ...identity, wraps: [...wraps] } })),
    addWrap: ({ replaces, ...wrap }: WrapToAdd) =>
      answer(api.POST("/api/encryption/wraps", { body: { ...wrap, replaces: [...replaces] } })),
    removeWrap: (id: string, password?: string) =>
      answer(
        api.DELETE("/api/encryption/wraps/{wrap_id}", {
          params: { path: { wrap_id: id } },
          body: password === undefined ? {} : { password },
        }),
      ),
    /** Null: they have none. */
    identityOf: async (userId: string): Promise<KeyObject | null> =>
      (await answer(api.GET("/api/users/{user_id}/identity", { params: { path: { user_id: userId } } }))).public_key,

    keysOf: (conversationId: string): Promise<ServedKeys> =>
      answer(api.GET("/api/conversations/{conversation_id}/keys", { params: inConversation(conversationId) })),
    publishKeys: (conversationId: string, body: KeyObjects) =>
      answer(api.PUT("/api/conversations/{conversation_id}/keys", { params: inConversation(conversationId), body })),

    beginHandover: (message: KeyObject) => answer(api.POST("/api/encryption/handovers", { body: { message } })),
    handover: (id: string) => answer(api.GET("/api/encryption/handovers/{handover_id}", { params: ofHandover(id) })),
    sayInHandover: (id: string, message: KeyObject) =>
      answer(api.POST("/api/encryption/handovers/{handover_id}/messages", { params: ofHandover(id), body: { message } })),
    endHandover: (id: string) => answer(api.DELETE("/api/encryption/handovers/{handover_id}", { params: ofHandover(id) })),
  };
}

function inConversation(id: string) {
  return { path: { conversation_id: id } };
}

function ofHandover(id: string) {
  return { path: { handover_id: id } };
}
