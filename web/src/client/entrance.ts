/** What a person can do who is not in yet, and with the links of mails. */

import type { Admission, SecondStep, WaysIn } from "../model/entrance.ts";
import type { User } from "../model/user.ts";
import { ApiError } from "../protocol/errors.ts";
import { presentPasskey } from "../protocol/passkeys.ts";
import type { Authentication, Rest } from "../protocol/rest.ts";
import type { Session } from "./session.ts";

/** Every method rejects with `ApiError` when the server refuses or cannot be reached; with passkeys also as the browser does. */
export interface Entrance {
  waysIn(): Promise<WaysIn>;
  /** Has a code sent to a number. */
  requestCode(phone: string): Promise<void>;
  /** The name is that of an account which this makes; one that is there keeps its own. */
  signInByCode(phone: string, code: string, displayName: string | null): Promise<Admission>;
  signInByPasskey(): Promise<Admission>;
  passSecondStep(step: SecondStep, code: string): Promise<void>;
  passSecondStepByPasskey(step: SecondStep): Promise<void>;

  /** Asked again with the same token it answers the same, without asking the server once more. */
  confirmEmail(token: string): Promise<void>;
  /** Changes the address of the signed-in person by the link of a mail. */
  changeEmail(token: string, email: string, password?: string): Promise<void>;
  /** Has a mail sent, if the address is somebody's. */
  requestReset(email: string): Promise<void>;
  /** Whose password the link of a mail sets. */
  ownerOfReset(token: string): Promise<User>;
  /** Everybody who was signed in to the account is signed out by it. */
  resetPassword(token: string, password: string): Promise<void>;
}

/** Goes in where the proof was enough, and says what comes next. */
export async function admit(session: Session, proving: Promise<Authentication>): Promise<Admission> {
  try {
    await session.enter(await proving);
    return { type: "in" };
  } catch (error) {
    if (!(error instanceof ApiError) || error.secondStep === null) throw error;
    return { type: "secondStep", step: error.secondStep };
  }
}

export function createEntrance(rest: Rest, session: Session): Entrance {
  let ways: WaysIn | null = null;
  const confirmations = new Map<string, Promise<void>>();

  async function confirm(token: string): Promise<void> {
    try {
      await rest.confirmEmail(token);
    } catch (error) {
      // Without an answer nothing is known, and it may be tried again.
      if (!(error instanceof ApiError) || error.status !== 400) confirmations.delete(token);
      throw error;
    }
    if (session.isSignedIn()) await session.look();
  }

  return {
    waysIn: async () => {
      ways ??= await rest.waysIn();
      return ways;
    },
    requestCode: async (phone) => void (await rest.requestCode(phone)),
    signInByCode: async (phone, code, displayName) =>
      await admit(
        session,
        rest.signInByCode({ phone, code, ...(displayName === null ? {} : { display_name: displayName }) }),
      ),
    signInByPasskey: async () => {
      const { token, options } = await rest.passkeySignInOptions();
      const credential = await presentPasskey(options);
      return await admit(session, rest.signInByPasskey({ token, credential }));
    },
    passSecondStep: async ({ token }, code) => await session.enter(await rest.passSecondStep({ token, code })),
    passSecondStepByPasskey: async ({ token }) => {
      const { options } = await rest.secondStepPasskeyOptions(token);
      const credential = await presentPasskey(options);
      await session.enter(await rest.passSecondStepByPasskey({ token, credential }));
    },

    confirmEmail: async (token) => {
      const asked = confirmations.get(token) ?? confirm(token);
      confirmations.set(token, asked);
      await asked;
    },
    changeEmail: async (token, email, password) => {
      await rest.setEmail({ token, email, ...(password === undefined ? {} : { password }) });
      session.update(await rest.me());
    },
    requestReset: async (email) => void (await rest.requestReset(email)),
    ownerOfReset: rest.ownerOfReset,
    resetPassword: async (token, password) => {
      await rest.resetPassword(token, password);
      if (session.isSignedIn()) await session.look();
    },
  };
}
