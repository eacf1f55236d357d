/** Messages on their way into encrypted conversations, as they lie on disk: what they say and carry is sealed for this device. */

import { openFile, sealFile } from "../../crypto/attachments.ts";
import { textOf, utf8 } from "../../crypto/bytes.ts";
import type { DeviceSealed, KeyStore } from "../../crypto/key_store.ts";
import type { SealedContent } from "../../model/message.ts";
import type { PendingFile, PendingMessage } from "../../model/pending.ts";
import { requireOpenable } from "./files.ts";

export type SealedRecord = PendingMessage & { readonly secret?: DeviceSealed };

/** What is sealed of a message. */
interface Secret {
  readonly content: string;
  readonly files: readonly (Pick<PendingFile, "ref" | "name" | "mediaType" | "width" | "height"> & {
    readonly key: SealedContent;
  })[];
}

const noKey: SealedContent = { key: "", iv: "", digest: "" };

export class Records {
  private readonly keys: Pick<KeyStore, "seal" | "open">;
  /** By the message's own name. What it says does not change, so that it is opened once. */
  private readonly secrets = new Map<string, Secret>();
  /** The files as they were chosen, by their names: to be shown, and never on disk. */
  private readonly contents = new Map<string, Blob>();

  constructor(keys: Pick<KeyStore, "seal" | "open">) {
    this.keys = keys;
  }

  /** With files sealed, each under a key of its own. */
  async prepared(item: PendingMessage): Promise<PendingMessage> {
    const files = await Promise.all(item.files.map(async (file) => (file.content === null ? file : await this.sealed(file, file.content))));
    return { ...item, files };
  }

  /** A file that was chosen again. */
  async sealed(file: PendingFile, content: Blob): Promise<PendingFile> {
    requireOpenable(content.size);
    const { sealed, fileKey } = await sealFile(new Uint8Array(await content.arrayBuffer()));
    this.contents.set(file.ref, content);
    return { ...file, content, size: content.size, sealed: { content: new Blob([sealed]), key: fileKey } };
  }

  /** As it goes to disk. */
  async record(item: PendingMessage): Promise<SealedRecord> {
    const files = item.files.map(({ ref, name, mediaType, width, height, sealed }) => {
      return { ref, name, mediaType, width, height, key: sealed?.key ?? noKey };
    });
    const said: Secret = { content: item.content, files };
    this.secrets.set(item.clientRef, said);
    const secret = await this.keys.seal(purposeOf(item.clientRef), utf8(JSON.stringify(said)));
    return { ...item, content: "", files: item.files.map(bare), secret };
  }

  /** As it was before it went to disk. Null: it was not sealed in this sign-in. */
  async opened(record: SealedRecord): Promise<PendingMessage | null> {
    const { secret: sealed, ...item } = record;
    const said = this.secrets.get(item.clientRef) ?? (sealed && (await this.read(item.clientRef, sealed)));
    if (!said) return null;
    this.secrets.set(item.clientRef, said);
    const files = await Promise.all(item.files.map(async (file, at) => await this.openedFile(file, said.files[at])));
    return { ...item, content: said.content, files };
  }

  forget(item: Pick<PendingMessage, "clientRef" | "files">): void {
    this.secrets.delete(item.clientRef);
    for (const { ref } of item.files) this.contents.delete(ref);
  }

  private async read(clientRef: string, sealed: DeviceSealed): Promise<Secret | null> {
    const bytes = await this.keys.open(purposeOf(clientRef), sealed);
    const text = bytes && textOf(bytes);
    return text ? (JSON.parse(text) as Secret) : null;
  }

  private async openedFile(file: PendingFile, said: Secret["files"][number] | undefined): Promise<PendingFile> {
    if (said === undefined) return file;
    const { key, ...looks } = said;
    const sealed = { content: file.sealed?.content ?? null, key };
    const content = this.contents.get(file.ref) ?? (sealed.content && (await contentOf(sealed.content, key, looks.mediaType)));
    if (content) this.contents.set(file.ref, content);
    return { ...file, ...looks, content: content ?? null, sealed };
  }
}

/** What of a file may lie on disk: that there is one, how large it is, and its ciphertext. */
function bare(file: PendingFile): PendingFile {
  const { ref, size, upload, attachment, sealed } = file;
  const looks = { name: "", mediaType: "", width: null, height: null, content: null };
  return { ref, size, upload, attachment, ...looks, sealed: { content: sealed?.content ?? null, key: noKey } };
}

async function contentOf(ciphertext: Blob, key: SealedContent, type: string): Promise<Blob | null> {
  const opened = await openFile(new Uint8Array(await ciphertext.arrayBuffer()), key);
  return opened.status === "opened" ? new Blob([opened.file], { type }) : null;
}

function purposeOf(clientRef: string): string {
  return `outgoing ${clientRef}`;
}
