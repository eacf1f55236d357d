/** The content of sealed attachments, fetched and opened when it is shown, and let go when nobody shows it any more. */

import { openFile, seal_bytes } from "../../crypto/attachments.ts";
import type { Attachment } from "../../model/message.ts";
import type { Rest } from "../../protocol/rest.ts";
import type { OpenedFile } from "../encryption.ts";
import { refusal } from "./refusals.ts";

interface Held {
  readonly opening: Promise<{ readonly url: string; readonly content: Blob }>;
  readonly fetching: AbortController;
  users: number;
}

/**
 * What a browser only shows or plays. A `blob:` address belongs to the page's own origin: were it a page itself, or a drawing
 * with a script in it, it could do whatever the reader can.
 */
const harmless = /^(?:image\/(?:png|jpeg|gif|webp|avif)|audio\/[\w.+-]+|video\/[\w.+-]+|text\/plain)$/u;

/** A file is sealed and opened as a whole, in the page's memory. */
const maxFile_bytes = 512 * 1024 * 1024;

/** Rejects what is too large, at both ends: what nobody can open is not to be sent. */
export function requireOpenable(size: number): void {
  if (size > maxFile_bytes) throw refusal("file_too_large");
}

export class Files {
  private readonly rest: Pick<Rest, "content">;
  private readonly held = new Map<string, Held>();

  constructor(rest: Pick<Rest, "content">) {
    this.rest = rest;
  }

  async open(attachment: Attachment, signal?: AbortSignal): Promise<OpenedFile> {
    const name = nameOf(attachment);
    const held = this.held.get(name) ?? this.begun(name, attachment);
    held.users += 1;
    let isReleased = false;
    const release = (): void => {
      if (!isReleased) this.letGo(name, held);
      isReleased = true;
    };
    // Others may wait for the same: it is fetched for as long as anybody does.
    signal?.addEventListener("abort", release);
    try {
      return { ...(await held.opening), release };
    } catch (error) {
      release();
      throw error;
    }
  }

  stop(): void {
    for (const [name, held] of this.held) {
      held.users = 1;
      this.letGo(name, held);
    }
  }

  private begun(name: string, attachment: Attachment): Held {
    const fetching = new AbortController();
    const held = { opening: this.fetch(attachment, fetching.signal), fetching, users: 0 };
    this.held.set(name, held);
    return held;
  }

  private async fetch({ url, sealed, size, media_type: type }: Attachment, signal: AbortSignal) {
    requireOpenable(size);
    if (sealed === undefined || url === "") throw refusal("file_damaged");
    // The server gives what it likes, and the sender says how much there is to be.
    const content = await this.rest.content(url, size + seal_bytes, signal);
    if (content === null) throw refusal("file_damaged");
    const opened = await openFile(content, sealed);
    if (opened.status === "refused") throw refusal("file_damaged");
    const file = new Blob([opened.file], { type: harmless.test(type) ? type : "application/octet-stream" });
    return { url: URL.createObjectURL(file), content: file };
  }

  private letGo(name: string, held: Held): void {
    held.users -= 1;
    if (held.users > 0) return;
    if (this.held.get(name) === held) this.held.delete(name);
    held.fetching.abort();
    void held.opening.then(({ url }) => URL.revokeObjectURL(url)).catch(() => undefined);
  }
}

/** By all that it is opened with: another message may name the same upload, with a key that makes something else of it. */
function nameOf({ id, url, size, media_type: type, sealed }: Attachment): string {
  return JSON.stringify([id, url, size, type, sealed?.key, sealed?.iv, sealed?.digest]);
}
