/** A message on its way out. */

export interface PendingMessage {
  readonly clientRef: string;
  readonly conversationId: string;
  readonly content: string;
  readonly replyTo: string | null;
  /** Unix milliseconds. */
  readonly queuedAt: number;
  readonly delivery: Delivery;
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

/** The items of each conversation, in the order that they are in. */
export function byConversation<Item extends PendingMessage>(items: readonly Item[]): Record<string, readonly Item[]> {
  const grouped: Record<string, Item[]> = {};
  for (const item of items) (grouped[item.conversationId] ??= []).push(item);
  return grouped;
}
