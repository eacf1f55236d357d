/**
 * What both devices of a handover have in common: its messages, and the code that their owner compares.
 *
 * A device that is signed in but has no keys asks; one that has them gives. Between them stands a server that may lie. Five
 * messages go through it, in turns:
 *
 *     asking  -> commit   {"commit"}          the digest of the reveal to come
 *     giving  -> answer   {"key", "nonce"}
 *     asking  -> reveal   {"key", "nonce"}    must have that digest
 *                         both show the code; their owner says on both whether it is the same
 *     giving  -> secret   {"enc", "ct"}       the account secret, by HPKE from key to key
 *     asking  -> done     {}
 *
 * The code is short, so whoever stands between must not be able to try keys until two codes agree. The commitment sees to it: the
 * asking side's part is fixed before it can be known, and the giving side's before the other is revealed, so a code that was
 * meddled with is right once in a million (Vaudenay, CRYPTO 2005; ZRTP, RFC 6189 section 4.4.1.1 commits in the same way).
 */

import { type Bytes, randomBytes, sha256, toBase64Url } from "./bytes.ts";
import { canonical } from "./canonical.ts";
import type { Binding, KeyPair } from "./hpke.ts";
import { bytesField, fieldsOf } from "./objects.ts";

export type HandoverMessage =
  | { readonly v: 1; readonly step: "commit"; readonly commit: string }
  | { readonly v: 1; readonly step: "answer" | "reveal"; readonly key: string; readonly nonce: string }
  | { readonly v: 1; readonly step: "secret"; readonly enc: string; readonly ct: string }
  | { readonly v: 1; readonly step: "done" };

/**
 * `malformed`: the message is none of a handover; `out_of_turn`: not the one that is due; `broken_promise`: the reveal is not what
 * was committed to; `tampered`: the secret does not open; `codes_differ`: the owner said so.
 */
export type HandoverFault = "malformed" | "out_of_turn" | "broken_promise" | "tampered" | "codes_differ";

export interface HandoverFailed {
  readonly at: "failed";
  readonly because: HandoverFault;
}

/** Where a side is now, and what it has to say to the other, if anything. */
export interface HandoverTurn<State> {
  readonly state: State;
  readonly message: HandoverMessage | null;
}

/** One side's part in a code. */
export interface Share {
  /** An X25519 public key, 32 bytes. */
  readonly key: Bytes;
  readonly nonce: Bytes;
}

export interface OwnShare extends Share {
  readonly pair: KeyPair;
}

export async function newShare(): Promise<OwnShare> {
  const pair = (await crypto.subtle.generateKey({ name: "X25519" }, false, ["deriveBits"])) as CryptoKeyPair;
  const key = new Uint8Array(await crypto.subtle.exportKey("raw", pair.publicKey));
  return { pair, key, nonce: randomBytes(32) };
}

export async function commitmentTo(share: Share, accountId: string): Promise<Bytes> {
  return await sha256(canonical("tertulia handover commit v1", accountId, share.key, share.nonce));
}

/** 32 bytes that are the same on both sides if each has heard what the other said. */
export async function transcriptOf(accountId: string, commit: Bytes, giving: Share, asking: Share): Promise<Bytes> {
  const said = [commit, giving.key, giving.nonce, asking.key, asking.nonce];
  return await sha256(canonical("tertulia handover v1", accountId, ...said));
}

/** Six digits. */
export async function codeOf(transcript: Bytes): Promise<string> {
  const digest = await sha256(canonical("tertulia handover code v1", transcript));
  // Of 64 bits: the remainders are as good as equally likely.
  return String(new DataView(digest.buffer).getBigUint64(0) % 1_000_000n).padStart(6, "0");
}

export function secretBinding(transcript: Bytes): Binding {
  return { info: canonical("tertulia handover secret v1", transcript), aad: new Uint8Array(0) };
}

export function shareMessage(step: "answer" | "reveal", share: Share): HandoverMessage {
  return { v: 1, step, key: toBase64Url(share.key), nonce: toBase64Url(share.nonce) };
}

/** What a message brings, in bytes. Null: it is none of a handover. */
export function readHandoverMessage(object: unknown): Heard | null {
  const fields = fieldsOf(object);
  if (fields === null || fields["v"] !== 1) return null;
  const { step } = fields;
  if (step === "done") return { step };
  if (step === "commit") {
    const commit = bytesField(fields, "commit", 32);
    return commit && { step, commit };
  }
  if (step === "answer" || step === "reveal") {
    const [key, nonce] = [bytesField(fields, "key", 32), bytesField(fields, "nonce", 32)];
    return key && nonce && { step, key, nonce };
  }
  const [enc, ct] = [bytesField(fields, "enc", 32), bytesField(fields, "ct")];
  return step === "secret" && enc && ct ? { step, enc, ct } : null;
}

export type Heard =
  | { readonly step: "commit"; readonly commit: Bytes }
  | ({ readonly step: "answer" | "reveal" } & Share)
  | { readonly step: "secret"; readonly enc: Bytes; readonly ct: Bytes }
  | { readonly step: "done" };

export function failed(because: HandoverFault): HandoverTurn<HandoverFailed> {
  return { state: { at: "failed", because }, message: null };
}
