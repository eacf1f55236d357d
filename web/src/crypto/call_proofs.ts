/**
 * Who stands at the other end of a call: the certificates of a connection, signed by an account's identity for one participation
 * towards one other. Whoever carries the descriptions could exchange the certificates, and would lack the signature.
 *
 *     {"v": 1, "identity": "…", "sig": "…"}
 */

import { toBase64Url } from "./bytes.ts";
import { canonical } from "./canonical.ts";
import { type IdentityKeys, isSignedBy, sign } from "./identity_keys.ts";
import { bytesField, fieldsOf, textField } from "./objects.ts";

export interface CallProof {
  readonly v: 1;
  /** The Ed25519 key that signed it, 32 bytes. */
  readonly identity: string;
  readonly sig: string;
}

/** One description, of which the proof is. */
export interface CallEnd {
  readonly conversationId: string;
  readonly from: { readonly accountId: string; readonly session: string };
  readonly to: { readonly accountId: string; readonly session: string };
  /** As `sha-256 AB:CD…`, sorted; at least one. */
  readonly fingerprints: readonly string[];
}

export async function proveCall(end: CallEnd, keys: IdentityKeys): Promise<CallProof> {
  return { v: 1, identity: keys.identity, sig: toBase64Url(await sign(statement(end), keys)) };
}

/** The identity that signed it, which may be anybody's; null: it is no proof of this. */
export async function readCallProof(object: unknown, end: CallEnd): Promise<string | null> {
  const fields = fieldsOf(object);
  if (fields === null || fields["v"] !== 1 || end.fingerprints.length === 0) return null;
  const identity = bytesField(fields, "identity", 32) === null ? null : textField(fields, "identity");
  const signature = bytesField(fields, "sig", 64);
  if (identity === null || signature === null) return null;
  try {
    return (await isSignedBy(identity, statement(end), signature)) ? identity : null;
  } catch (error) {
    // What cannot be written down cannot have been signed.
    if (error instanceof RangeError) return null;
    throw error;
  }
}

function statement({ conversationId, from, to, fingerprints }: CallEnd) {
  const ends = [from.accountId, from.session, to.accountId, to.session];
  return canonical("tertulia call v1", conversationId, ...ends, ...fingerprints);
}
