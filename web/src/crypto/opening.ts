/** Opening the copies that one is sent, and saying exactly why one does not open. */

import type { Bytes } from "./bytes.ts";
import { decodeMessage, decodeReaction, type MessageContent } from "./contents.ts";
import { type Envelope, type Matter, openEnvelope, readEnvelope, type Route } from "./envelope.ts";
import { type Pin, type Standing, standingOf } from "./identities.ts";
import type { ConversationKeys } from "./key_pairs.ts";
import { type KeyFault, verifyPublicKey } from "./public_keys.ts";

/** Where the server put a copy, and what is held of its sender. */
export interface Setting extends Route {
  /** The message group that the copy is of. */
  readonly target: string;
  /** The message's `client_ref`, where the server tells it. */
  readonly ref: string | null;
  readonly pin: Pin | null;
  /** One's own pair with this thumbprint, in whichever conversation. */
  readonly ownKeys: (thumbprint: string) => Promise<ConversationKeys | null>;
}

/**
 * Why a copy does not open.
 *
 * - `malformed`: it is not of this form at all, as where another client wrote it, or what is in it is not.
 * - `unsupported`: it is of a later version.
 * - `unknown_key`: sealed to a key whose private half is not here (`to` is its thumbprint).
 * - `wrong_recipient_key`: sealed to a key of the reader's that is not for this conversation.
 * - `unsigned_sender_key`: the sender's key does not bear its identity's signature for this conversation and sender.
 * - `misplaced`: it names another message or kind than the place where it is.
 * - `tampered`: it is not what its sender sealed for this reader in this conversation.
 * - `identity_changed`: all of it is right, by an identity which is not the one that is held of the sender.
 */
export type CopyFault =
  | { readonly because: "malformed" | "unsupported" | "wrong_recipient_key" | "unsigned_sender_key" | "misplaced" | "tampered" }
  | { readonly because: "unknown_key"; readonly to: string }
  | { readonly because: "identity_changed"; readonly identity: string };

export type Opened<Content> =
  | {
      readonly status: "opened";
      readonly content: Content;
      /** The sender's, as signed with the copy; to be pinned where it is `new`. */
      readonly identity: string;
      readonly standing: Exclude<Standing, "changed">;
      /** The sender's own name for the message: no two messages of one sender have the same. */
      readonly ref: string;
    }
  | ({ readonly status: "closed" } & CopyFault);

/** A message, or the edit that took its place. */
export async function openMessage(copy: string, setting: Setting): Promise<Opened<MessageContent>> {
  return await openAs(copy, setting, (kind, bytes) => {
    const content = kind === "reaction" ? null : decodeMessage(bytes);
    return content !== null && (content.edit !== undefined) === (kind === "edit") ? content : null;
  }, ["message", "edit"]);
}

/** All that `senderId` reacts with to the message `target`. */
export async function openReaction(copy: string, setting: Setting): Promise<Opened<readonly string[]>> {
  return await openAs(copy, { ...setting, ref: "" }, (_, bytes) => decodeReaction(bytes), ["reaction"]);
}

async function openAs<Content>(
  copy: string,
  setting: Setting,
  decode: (kind: Matter["kind"], bytes: Bytes) => Content | null,
  kinds: readonly Matter["kind"][],
): Promise<Opened<Content>> {
  const envelope = readEnvelope(copy);
  if (typeof envelope === "string") return closed({ because: envelope });
  const { kind, ref, to } = envelope;
  if (!kinds.includes(kind) || (setting.ref !== null && setting.ref !== ref)) return closed({ because: "misplaced" });
  const own = await setting.ownKeys(to);
  if (own === null) return closed({ because: "unknown_key", to });
  if (own.conversationId !== setting.conversationId || own.accountId !== setting.recipientId) {
    return closed({ because: "wrong_recipient_key" });
  }
  const sender = await verifyPublicKey(envelope.from, { conversationId: setting.conversationId, accountId: setting.senderId });
  if (sender.status === "refused") return closed({ because: faultOfKey(sender.because) });
  const matter = matterOf(envelope, setting.target);
  const bytes = await openEnvelope(envelope.sealed, matter, setting, sender.key.publicKey, own);
  if (bytes === null) return closed({ because: "tampered" });
  const { identity } = sender.key;
  const standing = standingOf(setting.pin, identity);
  if (standing === "changed") return closed({ because: "identity_changed", identity });
  const content = decode(kind, bytes);
  return content === null ? closed({ because: "malformed" }) : { status: "opened", content, identity, standing, ref };
}

function matterOf({ kind, ref }: Envelope, target: string): Matter {
  return kind === "message" ? { kind, ref } : { kind, ref, target };
}

function faultOfKey(fault: KeyFault): "malformed" | "unsupported" | "unsigned_sender_key" {
  return fault === "unsigned" ? "unsigned_sender_key" : fault;
}

function closed<Content>(fault: CopyFault): Opened<Content> {
  return { status: "closed", ...fault };
}
