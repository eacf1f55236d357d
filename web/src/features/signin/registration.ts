/** What can be told about a registration before the server sees it. */

import type { Words } from "../../words/english.ts";

export interface RegistrationForm {
  readonly displayName: string;
  readonly email: string;
  readonly password: string;
}

export const minPassword_chars = 8;

/** The fields that the server would refuse, each with what to do about it. */
export function registrationFaults(
  form: RegistrationForm,
  words: Words["register"],
): Partial<Record<keyof RegistrationForm, string>> {
  const email = form.email.trim();
  return {
    ...(form.displayName.trim() ? {} : { displayName: words.displayNameMissing }),
    ...(email ? {} : { email: words.emailMissing }),
    ...(email && !/^[^\s@]+@[^\s@]+$/u.test(email) ? { email: words.emailOdd } : {}),
    ...(form.password.length < minPassword_chars ? { password: words.passwordShort } : {}),
  };
}
