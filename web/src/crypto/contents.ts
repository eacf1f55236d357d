/** What is in a copy, once it is open: JSON in UTF-8, with spaces after it up to a multiple of 64 bytes. */

import { type Bytes, textOf, utf8 } from "./bytes.ts";
import { type Fields, fieldsOf, parseFields, textField } from "./objects.ts";

/** A picture or file of an encrypted message. What the server keeps of it are `upload` and the sealed bytes. */
export interface SealedAttachment {
  /** The id of the upload. */
  readonly upload: string;
  /** These three as `attachments.ts` makes them. */
  readonly key: string;
  readonly iv: string;
  readonly digest: string;
  readonly name: string;
  /** A media type, as the sender's device names it. */
  readonly type: string;
  /** In bytes, of what was sealed. */
  readonly size: number;
  /** In pixels. */
  readonly width?: number;
  readonly height?: number;
  /** What stands there until the picture has come (blurha.sh). */
  readonly blur?: string;
  readonly duration_ms?: number;
}

export interface MessageContent {
  /** Markdown. */
  readonly text: string;
  /** The message group that it answers. */
  readonly reply_to?: string;
  readonly attachments?: readonly SealedAttachment[];
  /** Of an edited message: which edit it is, counted from 1. */
  readonly edit?: number;
}

const step = 64;

/** As the server holds it with open reactions, so that nobody can put a text of any length under another's message. */
const maxEmoji = 20;
const maxEmojiLength = 32;

export function encodeMessage(content: MessageContent): Bytes {
  return padded({ v: 1, ...content });
}

/** Null: this is no content of a message. Fields that are not known are let go of. */
export function decodeMessage(bytes: Bytes): MessageContent | null {
  const fields = unpadded(bytes);
  const text = fields && textField(fields, "text");
  if (fields === null || text === null) return null;
  const { reply_to, edit, attachments } = fields;
  if (!isTextOrNone(reply_to) || !isCountOrNone(edit) || edit === 0) return null;
  const read = attachments === undefined ? undefined : listOf(attachments, readAttachment);
  if (read === null) return null;
  return {
    text,
    ...(reply_to === undefined ? {} : { reply_to }),
    ...(read === undefined ? {} : { attachments: read }),
    ...(edit === undefined ? {} : { edit }),
  };
}

/** All that one person reacts with to one message; none: they have withdrawn it. */
export function encodeReaction(emoji: readonly string[]): Bytes {
  return padded({ v: 1, emoji });
}

/** Null: this is no reaction. */
export function decodeReaction(bytes: Bytes): readonly string[] | null {
  const fields = unpadded(bytes);
  const emoji = fields && listOf(fields["emoji"], (one) => (typeof one === "string" && isEmojiLong(one) ? one : null));
  return emoji && emoji.slice(0, maxEmoji);
}

function padded(value: object): Bytes {
  const written = utf8(JSON.stringify(value));
  const bytes = new Uint8Array(Math.ceil(written.length / step) * step).fill(0x20);
  bytes.set(written);
  return bytes;
}

function unpadded(bytes: Bytes): Fields | null {
  const text = textOf(bytes);
  const fields = text === null ? null : parseFields(text);
  return fields?.["v"] === 1 ? fields : null;
}

function readAttachment(value: unknown): SealedAttachment | null {
  const fields = fieldsOf(value);
  if (fields === null) return null;
  const { upload, key, iv, digest, name, type, size, width, height, blur, duration_ms } = fields;
  const texts = [upload, key, iv, digest, name, type];
  if (!texts.every((text) => typeof text === "string") || size === undefined) return null;
  if (![size, width, height, duration_ms].every(isCountOrNone) || !isTextOrNone(blur)) return null;
  const known = { upload, key, iv, digest, name, type, size, width, height, blur, duration_ms };
  return Object.fromEntries(Object.entries(known).filter(([, of]) => of !== undefined)) as unknown as SealedAttachment;
}

function listOf<Item>(value: unknown, read: (item: unknown) => Item | null): readonly Item[] | null {
  if (!Array.isArray(value)) return null;
  const items = value.map(read);
  return items.includes(null) ? null : (items as Item[]);
}

function isEmojiLong(text: string): boolean {
  return text !== "" && text.length <= maxEmojiLength;
}

function isTextOrNone(value: unknown): value is string | undefined {
  return value === undefined || typeof value === "string";
}

function isCountOrNone(value: unknown): value is number | undefined {
  return value === undefined || (Number.isSafeInteger(value) && (value as number) >= 0);
}
