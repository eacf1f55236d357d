/** The part of the REST interface that people use who are still outside: coming in, and the links of mails. */

import type { Client as Api } from "openapi-fetch";
import type { WaysIn } from "../model/entrance.ts";
import type { User } from "../model/user.ts";
import { answer } from "./answer.ts";
import type { components, paths } from "./schema.gen.d.ts";

type Schemas = components["schemas"];

export function entranceRest(api: Api<paths>) {
  return {
    register: (body: Schemas["Registration"]) => answer(api.POST("/auth/register", { body })),
    signIn: (body: Schemas["Login"]) => answer(api.POST("/auth/login", { body })),
    waysIn: (): Promise<WaysIn> => answer(api.GET("/auth/providers")),

    requestCode: (phone: string) => answer(api.POST("/auth/sms/request", { body: { phone } })),
    signInByCode: (body: Schemas["PhoneSignIn"]) => answer(api.POST("/auth/sms/verify", { body })),

    passkeySignInOptions: () => answer(api.POST("/auth/passkey/options")),
    signInByPasskey: (body: Schemas["PasskeyProof"]) => answer(api.POST("/auth/passkey", { body })),

    passSecondStep: (body: Schemas["SecondStepCode"]) => answer(api.POST("/auth/second-step", { body })),
    secondStepPasskeyOptions: (token: string) =>
      answer(api.POST("/auth/second-step/passkey/options", { body: { token } })),
    passSecondStepByPasskey: (body: Schemas["PasskeyProof"]) =>
      answer(api.POST("/auth/second-step/passkey", { body })),

    confirmEmail: (token: string) => answer(api.POST("/auth/confirm", { body: { token } })),
    requestReset: (email: string) => answer(api.POST("/auth/password/request", { body: { email } })),
    ownerOfReset: async (token: string): Promise<User> =>
      (await answer(api.POST("/auth/password/confirm", { body: { token } }))).user,
    resetPassword: (token: string, password: string) =>
      answer(
        api.POST("/auth/password/reset", {
          body: { token, new_password: password, new_password_confirmation: password },
        }),
      ),
  };
}
