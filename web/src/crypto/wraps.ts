/**
 * The account secret, wrapped for one way of coming back to it: a recovery key, or a passkey. The server keeps these objects and
 * can open none.
 *
 *     {"v": 1, "kind": "recovery", "alg": "A256GCM", "salt": "…", "iv": "…", "ct": "…"}
 *     {"v": 1, "kind": "passkey", …, "credential": "…", "input": "…"}
 */

import { deriveAesKey } from "./account_secret.ts";
import { type Bytes, randomBytes, toBase64Url } from "./bytes.ts";
import { canonical } from "./canonical.ts";
import { bytesField, fieldsOf, textField } from "./objects.ts";

export interface RecoveryWrap {
  readonly v: 1;
  readonly kind: "recovery";
  readonly alg: "A256GCM";
  readonly salt: string;
  readonly iv: string;
  readonly ct: string;
}

export interface PasskeyWrap extends Omit<RecoveryWrap, "kind"> {
  readonly kind: "passkey";
  /** The credential's id. */
  readonly credential: string;
  /** What its PRF is asked for, 32 bytes. */
  readonly input: string;
}

/** `locked`: it is another key that opens this, or it was changed. */
export type SecretOpened =
  | { readonly status: "opened"; readonly secret: Bytes }
  | { readonly status: "refused"; readonly because: "malformed" | "locked" };

/** What a passkey is asked for; both in base64url. */
export interface PrfQuestion {
  readonly credential: string;
  readonly input: string;
}

/** `recoveryKey`: 32 bytes. */
export async function wrapForRecovery(secret: Bytes, accountId: string, recoveryKey: Bytes): Promise<RecoveryWrap> {
  return { kind: "recovery", ...(await wrap(secret, recoveryKey, contextOf(accountId, "recovery"))) };
}

export async function openWithRecovery(object: unknown, accountId: string, recoveryKey: Bytes): Promise<SecretOpened> {
  return await unwrap(object, recoveryKey, contextOf(accountId, "recovery"));
}

/** A question for a passkey that is to be wrapped for; its answer is for `wrapForPasskey`. */
export function newPrfQuestion(credential: string): PrfQuestion {
  return { credential, input: toBase64Url(randomBytes(32)) };
}

/** `output`: the PRF's 32 bytes for this question. */
export async function wrapForPasskey(
  secret: Bytes,
  accountId: string,
  { credential, input }: PrfQuestion,
  output: Bytes,
): Promise<PasskeyWrap> {
  const sealed = await wrap(secret, output, contextOf(accountId, "passkey", credential, input));
  return { kind: "passkey", ...sealed, credential, input };
}

export async function openWithPasskey(object: unknown, accountId: string, output: Bytes): Promise<SecretOpened> {
  const question = prfQuestionOf(object);
  if (question === null) return refused("malformed");
  return await unwrap(object, output, contextOf(accountId, "passkey", question.credential, question.input));
}

/** Null: this is no wrap for a passkey. */
export function prfQuestionOf(object: unknown): PrfQuestion | null {
  const fields = fieldsOf(object);
  if (fields?.["kind"] !== "passkey" || bytesField(fields, "input", 32) === null) return null;
  if (bytesField(fields, "credential") === null) return null;
  return { credential: textField(fields, "credential") ?? "", input: textField(fields, "input") ?? "" };
}

async function wrap(secret: Bytes, material: Bytes, context: Bytes): Promise<Omit<RecoveryWrap, "kind">> {
  const [salt, iv] = [randomBytes(16), randomBytes(12)];
  const key = await deriveAesKey(material, salt, context, ["encrypt"]);
  const ct = await crypto.subtle.encrypt({ name: "AES-GCM", iv, additionalData: context }, key, secret);
  const text = { salt: toBase64Url(salt), iv: toBase64Url(iv), ct: toBase64Url(new Uint8Array(ct)) };
  return { v: 1, alg: "A256GCM", ...text };
}

async function unwrap(object: unknown, material: Bytes, context: Bytes): Promise<SecretOpened> {
  const fields = fieldsOf(object);
  const salt = fields && bytesField(fields, "salt", 16);
  const iv = fields && bytesField(fields, "iv", 12);
  const ct = fields && bytesField(fields, "ct", 32 + 16);
  if (fields === null || fields["v"] !== 1 || fields["alg"] !== "A256GCM" || !salt || !iv || !ct) return refused("malformed");
  try {
    const key = await deriveAesKey(material, salt, context, ["decrypt"]);
    const secret = await crypto.subtle.decrypt({ name: "AES-GCM", iv, additionalData: context }, key, ct);
    return { status: "opened", secret: new Uint8Array(secret) };
  } catch {
    return refused("locked");
  }
}

function contextOf(accountId: string, kind: RecoveryWrap["kind"] | PasskeyWrap["kind"], ...more: readonly string[]): Bytes {
  return canonical("tertulia account secret v1", accountId, kind, ...more);
}

function refused(because: "malformed" | "locked"): SecretOpened {
  return { status: "refused", because };
}
