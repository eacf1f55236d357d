/** Seals what the reader says for everyone who is there at that moment. */

import type { MessageContent, SealedAttachment } from "../../crypto/contents.ts";
import { CopyTooLong } from "../../crypto/envelope.ts";
import { type Copies, sealEdit, sealMessage, sealReaction } from "../../crypto/sealing.ts";
import type { Attachment, Message } from "../../model/message.ts";
import type { OpenedCopy } from "../../model/opening.ts";
import type { PendingFile, PendingMessage } from "../../model/pending.ts";
import { refusal } from "./refusals.ts";
import type { Rooms, Sealing } from "./rooms.ts";

export class Sealer {
  private readonly rooms: Pick<Rooms, "sealing">;

  constructor(rooms: Pick<Rooms, "sealing">) {
    this.rooms = rooms;
  }

  /** The copies of a message on its way out, whose files are with the server. */
  async message({ conversationId, content, clientRef, replyTo, files }: PendingMessage): Promise<Copies> {
    const attachments = files.map(sealedAttachment).filter((each) => each !== null);
    const said = contentOf(content, attachments, replyTo);
    return await this.seal(conversationId, ({ sender, recipients }) => sealMessage(said, clientRef, sender, recipients));
  }

  /** What it carries and answers stays. Rejects with `no_copy` where what it said before is not known. */
  async edit(message: Message, text: string, before: OpenedCopy | undefined): Promise<Copies> {
    if (before?.status !== "open") throw refusal("no_copy");
    const { attachments, replyTo, editNo } = before;
    const carried = attachments.map(carriedAgain).filter((each) => each !== null);
    const said = { ...contentOf(text, carried, replyTo), edit: editNo + 1 };
    return await this.seal(message.conversation_id, ({ sender, recipients }) =>
      sealEdit(said, message.client_ref ?? "", message.id, sender, recipients),
    );
  }

  /** All that one reacts with from now on. */
  async reaction(message: Message, emoji: readonly string[]): Promise<Copies> {
    if (emoji.length === 0) return {};
    return await this.seal(message.conversation_id, ({ sender, recipients }) =>
      sealReaction(emoji, message.id, sender, recipients),
    );
  }

  private async seal(conversationId: string, make: (sealing: Sealing) => Promise<Copies>): Promise<Copies> {
    const sealing = await this.rooms.sealing(conversationId);
    try {
      return await make(sealing);
    } catch (error) {
      if (error instanceof CopyTooLong) throw refusal("message_too_long");
      throw error;
    }
  }
}

function contentOf(
  text: string,
  attachments: readonly SealedAttachment[],
  replyTo: string | null,
): Omit<MessageContent, "edit"> {
  return {
    text,
    ...(replyTo === null ? {} : { reply_to: replyTo }),
    ...(attachments.length === 0 ? {} : { attachments }),
  };
}

function sealedAttachment({ attachment, sealed, name, mediaType, size, width, height }: PendingFile): SealedAttachment | null {
  if (attachment === null || sealed === undefined) return null;
  const { key, iv, digest } = sealed.key;
  const sizes = { ...(width === null ? {} : { width }), ...(height === null ? {} : { height }) };
  return { upload: attachment.id, key, iv, digest, name, type: mediaType, size, ...sizes };
}

function carriedAgain(attachment: Attachment): SealedAttachment | null {
  const { id, sealed, name, media_type: type, size, width, height, blurhash, duration_ms } = attachment;
  if (sealed === undefined) return null;
  return {
    upload: id,
    ...sealed,
    name,
    type,
    size,
    ...(width === null ? {} : { width }),
    ...(height === null ? {} : { height }),
    ...(blurhash === null ? {} : { blur: blurhash }),
    ...(duration_ms === null ? {} : { duration_ms }),
  };
}
