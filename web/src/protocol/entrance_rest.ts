/** The part of the REST interface that people use who are not signed in yet, and the links of mails. */

import type { Client as Api } from "openapi-fetch";
import type { WaysIn } from "../model/entrance.ts";
import type { User } from "../model/user.ts";
import { answer } from "./answer.ts";
import type { Authentication } from "./rest.ts";
import type { paths } from "./schema.gen.d.ts";

/** What the browser answered in a passkey ceremony. */
type Credential = Record<string, unknown>;

export function entranceRest(api: Api<paths>) {
  return {
    waysIn: (): Promise<WaysIn> => answer(api.GET("/auth/providers")),

    requestSignInCode: (phone: string) => answer(api.POST("/auth/sms/request", { body: { phone } })),
    signInByPhone: (body: { phone: string; code: string; display_name?: string }): Promise<Authentication> =>
      answer(api.POST("/auth/sms/verify", { body })),

    passkeySignInOptions: () => answer(api.POST("/auth/passkey/options")),
    signInByPasskey: (token: string, credential: Credential): Promise<Authentication> =>
      answer(api.POST("/auth/passkey", { body: { token, credential } })),

    finishByCode: (token: string, code: string): Promise<Authentication> =>
      answer(api.POST("/auth/second-step", { body: { token, code } })),
    secondStepOptions: async (token: string) =>
      (await answer(api.POST("/auth/second-step/passkey/options", { body: { token } }))).options,
    finishByPasskey: (token: string, credential: Credential): Promise<Authentication> =>
      answer(api.POST("/auth/second-step/passkey", { body: { token, credential } })),

    requestPasswordReset: (email: string) => answer(api.POST("/auth/password/request", { body: { email } })),
    ownerOfReset: async (token: string): Promise<User> =>
      (await answer(api.POST("/auth/password/confirm", { body: { token } }))).user,
    resetPassword: (body: { token: string; new_password: string; new_password_confirmation: string }) =>
      answer(api.POST("/auth/password/reset", { body })),

    confirmEmail: (token: string) => answer(api.POST("/auth/confirm", { body: { token } })),
  };
}
