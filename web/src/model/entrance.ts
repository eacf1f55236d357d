/** Coming in: what there is to come in by, and what comes next. Field names that the server has too are the wire's own. */

import type { Provider } from "./security.ts";

/** How people come in here beside by password. */
export interface WaysIn {
  readonly providers: readonly Provider[];
  readonly sms: boolean;
  readonly passkeys: boolean;
  /** The country whose phone numbers may be typed without its code: "ES". */
  readonly region: string | null;
}

export type Method = "totp" | "passkey" | "recovery_code";

/** The first proof was right, and another one is asked for. */
export interface SecondStep {
  readonly token: string;
  readonly methods: readonly Method[];
}

/** What the first proof comes to. */
export type Admission =
  | { readonly type: "in" }
  | { readonly type: "secondStep"; readonly step: SecondStep };

const methods: readonly Method[] = ["totp", "passkey", "recovery_code"];

/** Reads `<token>.<methods joined by ,>`, as the server leads a browser to the second step; null where it is no such text. */
export function readSecondStep(text: string): SecondStep | null {
  const at = text.lastIndexOf(".");
  const named = text.slice(at + 1).split(",");
  const known = methods.filter((method) => named.includes(method));
  return at > 0 && known.length > 0 ? { token: text.slice(0, at), methods: known } : null;
}

/** The methods in the order in which they are offered; a passkey only where the browser can ask for one. */
export function offeredMethods(step: SecondStep, canUsePasskeys: boolean): readonly Method[] {
  return methods.filter((method) => step.methods.includes(method) && (method !== "passkey" || canUsePasskeys));
}
