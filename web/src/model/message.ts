/** One message of a conversation, as the server tells of it. */

export interface Message {
  readonly id: string;
  readonly sender: string;
  /** Markdown; empty when the message is deleted. */
  readonly content: string;
  readonly inserted_at: string;
  readonly updated_at: string;
  readonly message_group: string;
  readonly conversation_id: string;
  /** The place in history; given at sending, never moves. */
  readonly seq: number;
  /** The seq of the last change of this row: of two versions the greater one is the newer. */
  readonly changed_seq: number;
  readonly reply_to: string | null;
  readonly forwarded_from: string | null;
  readonly reactions: readonly unknown[];
  readonly attachments: readonly unknown[];
  readonly edited: boolean;
  readonly is_deleted: boolean;
  /** The sender's own name for it: how an outbox item finds the message that it became. */
  readonly client_ref: string | null;
}
