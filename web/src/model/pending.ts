/** A message on its way out. */

import type { Attachment, SealedContent } from "./message.ts";

export interface PendingMessage {
  readonly clientRef: string;
  readonly conversationId: string;
  readonly content: string;
  readonly replyTo: string | null;
  /** What goes with it, and has to be with the server before. */
  readonly files: readonly PendingFile[];
  readonly poll: PollDraft | null;
  /** Nobody is notified of it. */
  readonly silent: boolean;
  /** It goes into an encrypted conversation: sealed for this device on disk, and for who is there when it is sent. */
  readonly encrypted?: boolean;
  /** Unix milliseconds. */
  readonly queuedAt: number;
  readonly delivery: Delivery;
}

/** A file that goes with a message; an `attachment` once the server has all of it. */
export interface PendingFile {
  readonly ref: string;
  readonly name: string;
  readonly mediaType: string;
  /** In bytes. */
  readonly size: number;
  /** Of a picture, in pixels. */
  readonly width: number | null;
  readonly height: number | null;
  /** Null: too large to be kept on disk, and the page that had it is gone; or not needed any more. */
  readonly content: Blob | null;
  /** What the server calls it while it goes up. */
  readonly upload: { readonly id: string; readonly chunkBytes: number } | null;
  readonly attachment: Attachment | null;
  /** Present where it goes into an encrypted conversation: what goes up in place of the content, and what opens that. */
  readonly sealed?: { readonly content: Blob | null; readonly key: SealedContent };
}

export interface PollDraft {
  readonly question: string;
  readonly options: readonly string[];
  readonly multiple: boolean;
}

/** Waiting: it will go out by itself. Refused: it never will unless somebody retries it. */
export type Delivery =
  | { readonly status: "waiting" }
  | { readonly status: "refused"; readonly failure: Failure };

/** A refusal in the server's words, or `offline` when there was none. */
export interface Failure {
  readonly code: string;
  readonly detail: string;
}

/** The code of the failure where a file has to be chosen anew. */
export const fileGone = "file_gone";

/** Whether all that goes with it is with the server. */
export function isComplete(item: PendingMessage): boolean {
  return item.files.every((file) => file.attachment !== null);
}

/** The items of each conversation, in the order that they are in. */
export function byConversation<Item extends PendingMessage>(items: readonly Item[]): Record<string, readonly Item[]> {
  const grouped: Record<string, Item[]> = {};
  for (const item of items) (grouped[item.conversationId] ??= []).push(item);
  return grouped;
}
