/** One message of a conversation, and what hangs on it, as the server tells of it. */

export interface Message {
  /** Of the message itself, the same for everyone; also that of a sealed one, whose copies have ids of their own. */
  readonly id: string;
  readonly sender: string;
  /** Markdown, or of a sealed message the reader's copy as it is; empty when the message is deleted. */
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
  readonly forwarded_from: Origin | null;
  readonly reactions: readonly Reaction[];
  readonly attachments: readonly Attachment[];
  /** Whom it mentioned when it was sent; a deleted message keeps them, so that counts can follow. */
  readonly mentions: readonly string[];
  readonly mentions_all: boolean;
  readonly poll: Poll | null;
  readonly previews: readonly Preview[];
  /** Nobody is notified of it. */
  readonly silent: boolean;
  readonly pinned_at: string | null;
  readonly edited: boolean;
  readonly is_deleted: boolean;
  /** The sender's own name for it: how an outbox item finds the message that it became. */
  readonly client_ref: string | null;
  /** It was sealed for each who was there: what it says is in `stores.opened` (see opening.ts). Absent: it is open. */
  readonly encrypted?: boolean;
  /** Of the reader's copy of a sealed message. Absent: it is open, or was told of to everyone, without a copy. */
  readonly copy_id?: string;
  /** What people reacted with to a sealed message, by their ids, each sealed for the reader. */
  readonly encrypted_reactions?: Readonly<Record<string, string>>;
}

/** Where a forwarded message comes from; the conversation is told only where it is a room. */
export interface Origin {
  readonly message_group: string;
  readonly sender: string;
  readonly conversation_id: string | null;
}

/** `user_ids` in the order of reacting. */
export interface Reaction {
  readonly emoji: string;
  readonly count: number;
  readonly user_ids: readonly string[];
}

export type AttachmentKind = "image" | "audio" | "video" | "file";

export interface Attachment {
  readonly id: string;
  readonly name: string;
  readonly kind: AttachmentKind;
  readonly media_type: string;
  /** In bytes. */
  readonly size: number;
  readonly url: string;
  readonly thumbnail_url: string | null;
  /** In pixels. */
  readonly width: number | null;
  readonly height: number | null;
  readonly duration_ms: number | null;
  /** What stands there until the picture has come (blurha.sh). */
  readonly blurhash: string | null;
  /** Absent where the content lies in the open at `url`. */
  readonly sealed?: SealedContent;
}

/** What opens the ciphertext that lies at an attachment's `url`; all of them base64url. */
export interface SealedContent {
  readonly key: string;
  readonly iv: string;
  /** The SHA-256 of the ciphertext. */
  readonly digest: string;
}

export interface PollOption {
  readonly text: string;
  readonly count: number;
  readonly user_ids: readonly string[];
}

export interface Poll {
  readonly question: string;
  readonly options: readonly PollOption[];
  readonly multiple: boolean;
  readonly closed_at: string | null;
}

/** What the page behind a link says of itself. */
export interface Preview {
  readonly url: string;
  readonly title: string;
  readonly description: string | null;
  readonly site: string | null;
  readonly image: string | null;
  readonly width: number | null;
  readonly height: number | null;
}

/** Whether it mentions this person, by name or with everyone. */
export function isMentioned(message: Message, userId: string): boolean {
  return message.mentions_all || message.mentions.includes(userId);
}
