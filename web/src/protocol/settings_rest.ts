/** The part of the REST interface that the settings use: profile, people kept and kept away, security, devices. */

import type { Client as Api } from "openapi-fetch";
import type { DataExport, Device, Identity, Passkey, Provider, Security } from "../model/security.ts";
import type { Me, User } from "../model/user.ts";
import { answer } from "./answer.ts";
import { refusalOf } from "./errors.ts";
import type { Http } from "./http.ts";
import type { paths } from "./schema.gen.d.ts";
import { type Progress, sendTellingProgress } from "./upload.ts";

/** Proof that it is the person themselves: needed where the account has a password. */
interface Proof {
  readonly password?: string;
}

export function settingsRest(api: Api<paths>, http: Http) {
  return {
    putAvatar: async (picture: Blob, onProgress: Progress): Promise<Me> => {
      const request = new Request(`${http.origin}/api/me/avatar`, { method: "PUT", body: picture });
      const response = await http.sendBy((each) => sendTellingProgress(each, onProgress), request);
      if (!response.ok) throw await refusalOf(response);
      return (await response.json()) as Me;
    },
    removeAvatar: (): Promise<Me> => answer(api.DELETE("/api/me/avatar")),

    startExport: (): Promise<DataExport> => answer(api.POST("/api/me/export")),
    lastExport: async (): Promise<DataExport | null> => (await answer(api.GET("/api/me/export"))).export,
    deleteMe: (body: Proof) => answer(api.POST("/api/me/delete", { body })),

    askEmailConfirmation: () => answer(api.POST("/api/token/email_confirm")),
    askEmailChange: () => answer(api.POST("/api/token/email_change")),
    setEmail: (body: Proof & { readonly email: string; readonly token?: string }) =>
      answer(api.PATCH("/api/email", { body })),
    changePassword: (body: Proof & { readonly new_password: string; readonly new_password_confirmation: string }) =>
      answer(api.PATCH("/api/password", { body })),
    removePassword: (body: Proof) => answer(api.POST("/api/password/remove", { body })),

    requestPhoneCode: (phone: string) => answer(api.POST("/api/phone/request", { body: { phone } })),
    addPhone: (phone: string, code: string): Promise<Me> => answer(api.POST("/api/phone", { body: { phone, code } })),
    removePhone: (body: Proof): Promise<Me> => answer(api.POST("/api/phone/remove", { body })),

    contacts: async (): Promise<readonly User[]> => (await answer(api.GET("/api/contacts"))).items,
    addContact: (body: { username?: string; phone?: string; user_id?: string }): Promise<User> =>
      answer(api.POST("/api/contacts", { body })),
    removeContact: (id: string) => answer(api.DELETE("/api/contacts/{user_id}", { params: of(id) })),
    blocks: async (): Promise<readonly User[]> => (await answer(api.GET("/api/blocks"))).items,
    block: (id: string): Promise<User> => answer(api.POST("/api/blocks", { body: { user_id: id } })),
    unblock: (id: string) => answer(api.DELETE("/api/blocks/{user_id}", { params: of(id) })),

    devices: async (): Promise<readonly Device[]> => (await answer(api.GET("/api/sessions"))).items,
    signOutDevice: (id: string) =>
      answer(api.DELETE("/api/sessions/{session_id}", { params: { path: { session_id: id } } })),
    signOutOthers: () => answer(api.DELETE("/api/sessions")),

    security: (): Promise<Security> => answer(api.GET("/api/security")),
    startTotp: (body: Proof) => answer(api.POST("/api/security/totp", { body })),
    confirmTotp: (code: string) => answer(api.POST("/api/security/totp/confirm", { body: { code } })),
    removeTotp: (body: Proof) => answer(api.POST("/api/security/totp/remove", { body })),
    renewRecoveryCodes: (body: Proof) => answer(api.POST("/api/security/recovery-codes", { body })),
    setSecondStep: (body: Proof & { readonly on: boolean }) => answer(api.PUT("/api/security/second-step", { body })),

    passkeyOptions: (body: Proof) => answer(api.POST("/api/passkeys/options", { body })),
    addPasskey: (body: { token: string; name: string; credential: Record<string, unknown> }): Promise<Passkey> =>
      answer(api.POST("/api/passkeys", { body })),
    renamePasskey: (id: string, name: string): Promise<Passkey> =>
      answer(api.PATCH("/api/passkeys/{passkey_id}", { params: ofPasskey(id), body: { name } })),
    removePasskey: (id: string, body: Proof) =>
      answer(api.POST("/api/passkeys/{passkey_id}/remove", { params: ofPasskey(id), body })),

    identities: async (): Promise<readonly Identity[]> => (await answer(api.GET("/api/identities"))).items,
    offeredProviders: async (): Promise<readonly Provider[]> => (await answer(api.GET("/auth/providers"))).providers,
    startLinking: async (provider: string): Promise<string> =>
      (await answer(api.POST("/api/identities/{provider}/start", { params: { path: { provider } } }))).url,
    unlink: (provider: string) => answer(api.DELETE("/api/identities/{provider}", { params: { path: { provider } } })),
  };
}

function of(userId: string) {
  return { path: { user_id: userId } };
}

function ofPasskey(id: string) {
  return { path: { passkey_id: id } };
}
