/** Sealing what one sends: a copy for each member of the conversation, the sender among them. */

import type { Bytes } from "./bytes.ts";
import { encodeMessage, encodeReaction, type MessageContent } from "./contents.ts";
import { type Matter, sealEnvelope } from "./envelope.ts";
import type { ConversationKeys } from "./key_pairs.ts";
import type { VerifiedKey } from "./public_keys.ts";

/** By the recipients' ids. */
export type Copies = Readonly<Record<string, string>>;

/**
 * `ref` is the message's `client_ref`; `recipients` have all members once, the sender among them, with verified keys of this
 * conversation. Throws CopyTooLong.
 */
export async function sealMessage(
  content: Omit<MessageContent, "edit">,
  ref: string,
  sender: ConversationKeys,
  recipients: readonly VerifiedKey[],
): Promise<Copies> {
  return await sealAll(encodeMessage(content), { kind: "message", ref }, sender, recipients);
}

/** `target` is the edited message's group, `ref` its `client_ref` or the empty text; `content.edit` rises with each edit. */
export async function sealEdit(
  content: MessageContent & { readonly edit: number },
  ref: string,
  target: string,
  sender: ConversationKeys,
  recipients: readonly VerifiedKey[],
): Promise<Copies> {
  return await sealAll(encodeMessage(content), { kind: "edit", ref, target }, sender, recipients);
}

/** `emoji`: all that the sender reacts with to the message group `target` from now on. */
export async function sealReaction(
  emoji: readonly string[],
  target: string,
  sender: ConversationKeys,
  recipients: readonly VerifiedKey[],
): Promise<Copies> {
  return await sealAll(encodeReaction(emoji), { kind: "reaction", ref: "", target }, sender, recipients);
}

async function sealAll(
  plaintext: Bytes,
  matter: Matter,
  sender: ConversationKeys,
  recipients: readonly VerifiedKey[],
): Promise<Copies> {
  const { conversationId } = sender;
  // A key that somebody signed for another conversation has no business here; it would be a mistake of the caller's.
  if (recipients.some((key) => key.conversationId !== conversationId)) throw new Error("A key of another conversation.");
  const copies = recipients.map(async (key) => {
    const route = { conversationId, senderId: sender.accountId, recipientId: key.accountId };
    return [key.accountId, await sealEnvelope(plaintext, matter, route, sender, key)] as const;
  });
  return Object.fromEntries(await Promise.all(copies));
}
