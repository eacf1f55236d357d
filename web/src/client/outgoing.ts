/** What somebody sends, as the outbox takes it. */

import type { PendingFile, PendingMessage } from "../model/pending.ts";
import type { Enclosure, OutgoingFile } from "./client.ts";
import { newClientRef } from "./refs.ts";

export function pendingMessage(
  said: Pick<PendingMessage, "conversationId" | "content" | "replyTo"> & { readonly encrypted: boolean },
  { files = [], poll, silent = false }: Enclosure,
): PendingMessage {
  return {
    ...said,
    clientRef: newClientRef(),
    files: files.map(pendingFile),
    poll: poll ?? null,
    silent,
    queuedAt: Date.now(),
    delivery: { status: "waiting" },
  };
}

function pendingFile({ name, content, width, height }: OutgoingFile): PendingFile {
  return {
    ref: newClientRef(),
    name,
    mediaType: content.type,
    size: content.size,
    width,
    height,
    content,
    upload: null,
    attachment: null,
  };
}
