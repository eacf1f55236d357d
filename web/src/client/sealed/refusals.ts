/** What stands in the way of encrypting, in the one form of all refusals. */

import { ApiError } from "../../protocol/errors.ts";

const details = {
  encryption_unsupported: "This browser, or a page that came over plain http, cannot encrypt.",
  encryption_locked: "This device does not have the account's secret.",
  waiting_for_keys: "Somebody there has no keys yet.",
  key_changed: "The key of somebody there has changed.",
  unseen_readers: "Somebody is there for whom nothing was sealed before.",
  message_too_long: "The message is too long to be sealed.",
  no_copy: "There is nothing of this message here that could be changed.",
  recovery_key_length: "A recovery key has 56 letters and digits.",
  recovery_key_letters: "There is a letter in it that recovery keys do not have.",
  recovery_key_typo: "There is a slip in it.",
  recovery_key_other: "This is not the recovery key of this account.",
  passkey_without_secret: "This passkey cannot be used for it.",
  no_wrap: "There is nothing to get back in that way.",
  no_handover: "No handover is under way.",
  file_too_large: "The file is too large to be sealed or opened in a page.",
  file_damaged: "The file is not what was sent.",
} as const;

export type SealedRefusal = keyof typeof details;

/**
 * For what nobody waits for. A refusal is made good when it is asked for; and a database that is closed is one that another tab
 * deletes, since somebody signed out.
 */
export function unlessPassing(error: unknown): void {
  const isClosed = error instanceof DOMException && error.name === "InvalidStateError";
  if (!(error instanceof ApiError) && !isClosed) throw error;
}

export function refusal(code: SealedRefusal): ApiError {
  return new ApiError({ status: 0, code, detail: details[code] });
}

/** Somebody has as many pairs in a conversation as the server keeps: the present one is better than to say nothing there. */
export function unlessFull(error: unknown): void {
  if (!(error instanceof ApiError) || error.code !== "too_many_keys") throw error;
}
