/** Coming in: by which ways, and what is still to be proven. Field names are the wire's own. */

import type { Provider } from "./security.ts";

/** How people come in beside by password. */
export interface WaysIn {
  readonly providers: readonly Provider[];
  readonly sms: boolean;
  /** False where the server is opened by an IP address, which passkeys cannot be bound to. */
  readonly passkeys: boolean;
  /** The country whose phone numbers may be typed without its code. */
  readonly region: string | null;
}

export const secondStepMethods = ["totp", "passkey", "recovery_code"] as const;

export type SecondStepMethod = (typeof secondStepMethods)[number];

/** The first proof was right; the token comes back with the second one. */
export interface SecondStep {
  readonly token: string;
  readonly methods: readonly SecondStepMethod[];
}

/** A second step as it stands behind the `#` of an address: `<token>.<methods joined by commas>`. */
export function secondStepFragment({ token, methods }: SecondStep): string {
  return `${token}.${methods.join(",")}`;
}

/** Null for what is no second step. */
export function readSecondStep(fragment: string): SecondStep | null {
  const [, token, listed] = /^([\w-]+)\.([a-z_,]+)$/u.exec(fragment) ?? [];
  if (token === undefined || listed === undefined) return null;
  const names = listed.split(",");
  const methods = secondStepMethods.filter((method) => names.includes(method));
  return methods.length === 0 ? null : { token, methods };
}
