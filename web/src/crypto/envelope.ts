/**
 * A copy as it travels: one recipient's ciphertext of one message, edit or reaction, with what it takes to open it. JSON, the
 * bytes in base64url without padding:
 *
 *     {"v": 1, "kind": "message", "ref": "…", "to": "…", "from": {…}, "enc": "…", "ct": "…"}
 *
 * `to` is the thumbprint of the recipient's public key, `from` the sender's, signed. Conversation, sender and recipient are
 * bound by HPKE's `info`; `kind`, `ref` and the message that is edited or reacted to by its `aad`.
 */

import { type Bytes, toBase64Url } from "./bytes.ts";
import { canonical } from "./canonical.ts";
import { type Binding, type KeyPair, open, seal, type Sealed } from "./hpke.ts";
import { bytesField, parseFields, textField } from "./objects.ts";
import type { PublicKeyObject } from "./public_keys.ts";

/**
 * `ref` is the sender's own name for the message (`client_ref`); for an edit that of the edited message, for a reaction the
 * empty text. `target` is the message group that is edited or reacted to.
 */
export type Matter =
  | { readonly kind: "message"; readonly ref: string }
  | { readonly kind: "edit" | "reaction"; readonly ref: string; readonly target: string };

/** Who writes to whom, where. */
export interface Route {
  readonly conversationId: string;
  readonly senderId: string;
  readonly recipientId: string;
}

/** What a copy says of itself, before anything of it is believed. */
export interface Envelope {
  readonly kind: Matter["kind"];
  readonly ref: string;
  readonly to: string;
  readonly from: unknown;
  readonly sealed: Sealed;
}

/** How long a copy may be, as the server counts: in characters. */
const maxCopyLength = 65_536;

/** The message is longer than a copy can hold. */
export class CopyTooLong extends Error {
  override readonly name = "CopyTooLong";
}

/** `from` is the object of the sender's pair, `to` the recipient's public key. Throws CopyTooLong. */
export async function sealEnvelope(
  plaintext: Bytes,
  matter: Matter,
  route: Route,
  from: KeyPair & { readonly object: PublicKeyObject },
  to: { readonly publicKey: CryptoKey; readonly thumbprint: string },
): Promise<string> {
  const { enc, ct } = await seal(plaintext, from, to.publicKey, bindingOf(matter, route));
  const { kind, ref } = matter;
  const text = JSON.stringify({
    v: 1,
    kind,
    ref,
    to: to.thumbprint,
    from: from.object,
    enc: toBase64Url(enc),
    ct: toBase64Url(ct),
  });
  if (text.length > maxCopyLength) throw new CopyTooLong(`${text.length} characters`);
  return text;
}

/** `unsupported`: written in a later version than is known here. */
export function readEnvelope(text: string): Envelope | "malformed" | "unsupported" {
  const fields = text.length > maxCopyLength ? null : parseFields(text);
  if (fields === null || !Number.isSafeInteger(fields["v"])) return "malformed";
  if (fields["v"] !== 1) return "unsupported";
  const [kind, ref, to] = [fields["kind"], textField(fields, "ref"), textField(fields, "to")];
  const enc = bytesField(fields, "enc", 32);
  const ct = bytesField(fields, "ct");
  if (!isKind(kind) || ref === null || !isRef(ref) || to === null || enc === null || ct === null) return "malformed";
  return { kind, ref, to, from: fields["from"], sealed: { enc, ct } };
}

/** Null: it was not sealed by that key, for that pair, about this matter on this route; or was changed since. */
export async function openEnvelope(
  sealed: Sealed,
  matter: Matter,
  route: Route,
  from: CryptoKey,
  to: KeyPair,
): Promise<Bytes | null> {
  return await open(sealed, from, to, bindingOf(matter, route));
}

function bindingOf(matter: Matter, { conversationId, senderId, recipientId }: Route): Binding {
  const target = matter.kind === "message" ? [] : [matter.target];
  return {
    info: canonical("tertulia e2e v1", conversationId, senderId, recipientId),
    aad: canonical(matter.kind, matter.ref, ...target),
  };
}

/** Half a surrogate pair has no UTF-8, so that nothing can be bound to it. */
function isRef(ref: string): boolean {
  return ref.length <= 200 && !/\p{Surrogate}/u.test(ref);
}

function isKind(kind: unknown): kind is Matter["kind"] {
  return kind === "message" || kind === "edit" || kind === "reaction";
}
