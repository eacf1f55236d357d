/** What the server refused, in the person's own language. */

import type { Failure } from "../model/pending.ts";
import { waitOf } from "../model/waits.ts";
import { ApiError } from "../protocol/errors.ts";
import type { Words } from "./english.ts";

/** One plain sentence for anything that a call to the client can reject with. */
export function sentenceOf(error: unknown, words: Words): string {
  if (!(error instanceof ApiError)) return words.refusals["error"] ?? "";
  if (error.code === "rate_limited" && error.retryAfter_s !== null) {
    const { count, unit } = waitOf(error.retryAfter_s);
    return words.tryAgainIn(words.waits[unit](count));
  }
  return words.refusals[error.code] ?? error.message;
}

/** The same for a failure that a store remembers. */
export function failureSentence(failure: Failure, words: Words): string {
  return words.refusals[failure.code] ?? failure.detail;
}

/** What is wrong with one field of a form, where the refusal names it. */
export function fieldSentenceOf(error: unknown, field: string, words: Words): string | undefined {
  if (!(error instanceof ApiError)) return undefined;
  const fault = error.fields[field];
  return fault && (words.refusals[fault.code] ?? fault.detail);
}
