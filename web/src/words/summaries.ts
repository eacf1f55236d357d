/** What a message says or carries, in one line. */

import type { Message } from "../model/message.ts";
import { isReadable, type ShownMessage } from "../model/opening.ts";
import { previewOf } from "../model/previews.ts";
import type { Words } from "./english.ts";

export function summaryOf(message: ShownMessage, words: Words): string {
  if (message.is_deleted) return words.thread.deleted;
  if (!isReadable(message)) return words.encryption.closed.summary;
  const { summary } = words.messages;
  if (message.poll !== null) return summary.poll(message.poll.question);
  return previewOf(message) || carriedBy(message, summary);
}

function carriedBy({ attachments }: Message, summary: Words["messages"]["summary"]): string {
  const [first] = attachments;
  if (first === undefined) return "";
  if (first.kind === "file") return summary.file(first.name, attachments.length - 1);
  return summary[first.kind](attachments.length);
}
