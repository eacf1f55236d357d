/** What a person can do who is not signed in yet, and with the links of mails. */

import type { WaysIn } from "../model/entrance.ts";
import type { User } from "../model/user.ts";
import { provePasskey } from "../protocol/passkeys.ts";
import type { Rest } from "../protocol/rest.ts";
import type { Session } from "./session.ts";

/**
 * Every method rejects with `ApiError` when the server refuses or cannot be reached. Those that sign in reject with one whose
 * `secondStep` is there where the first proof was right and a second one is asked for.
 */
export interface Entrance {
  waysIn(): Promise<WaysIn>;

  requestCode(phone: string): Promise<void>;
  /** The name is that of an account that is made by it. */
  signInByPhone(phone: string, code: string, displayName?: string): Promise<void>;
  /** Has the browser prove a passkey; rejects with what the browser says where the person gives up. */
  signInByPasskey(): Promise<void>;
  /** By a code of the app, or a recovery code. */
  finishByCode(token: string, code: string): Promise<void>;
  finishByPasskey(token: string): Promise<void>;

  requestPasswordReset(email: string): Promise<void>;
  ownerOfReset(token: string): Promise<User>;
  resetPassword(token: string, fresh: string, repeated: string): Promise<void>;
  confirmEmail(token: string): Promise<void>;
  /** For somebody who is signed in, by the link of a mail to the present address. */
  changeEmail(token: string, email: string, password?: string): Promise<void>;
}

export function createEntrance(rest: Rest, session: Session): Entrance {
  /** Whoever is signed in sees at once what became of their account. */
  const refreshMe = async () => {
    if (session.isSignedIn()) session.update(await rest.me());
  };
  return {
    waysIn: rest.waysIn,

    requestCode: async (phone) => void (await rest.requestSignInCode(phone)),
    signInByPhone: async (phone, code, displayName) => {
      const named = displayName === undefined ? {} : { display_name: displayName };
      await session.enter(await rest.signInByPhone({ phone, code, ...named }));
    },
    signInByPasskey: async () => {
      const { token, options } = await rest.passkeySignInOptions();
      await session.enter(await rest.signInByPasskey(token, await provePasskey(options)));
    },
    finishByCode: async (token, code) => await session.enter(await rest.finishByCode(token, code)),
    finishByPasskey: async (token) => {
      const options = await rest.secondStepOptions(token);
      await session.enter(await rest.finishByPasskey(token, await provePasskey(options)));
    },

    requestPasswordReset: async (email) => void (await rest.requestPasswordReset(email)),
    ownerOfReset: rest.ownerOfReset,
    resetPassword: async (token, fresh, repeated) => {
      await rest.resetPassword({ token, new_password: fresh, new_password_confirmation: repeated });
      // It has ended every session of the account, this browser's too if it was one.
      if (session.isSignedIn()) await session.start();
    },
    confirmEmail: async (token) => {
      await rest.confirmEmail(token);
      await refreshMe();
    },
    changeEmail: async (token, email, password) => {
      await rest.setEmail({ token, email, ...(password === undefined ? {} : { password }) });
      await refreshMe();
    },
  };
}
