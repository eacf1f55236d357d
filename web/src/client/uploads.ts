/**
 * The files of messages on their way to the server.
 *
 * They go up in parts, each of which the server keeps: after a lost connection or a reload they go on where they were. A
 * file lies in the outbox's record with its message, as far as it is small enough; a larger one is held by the tab that
 * it was chosen in. The files of one message go up one after the other, in one tab at a time. Into an encrypted conversation
 * the ciphertext goes up, under a name that says nothing.
 */

import type { Attachment } from "../model/message.ts";
import { type Failure, fileGone, type PendingFile, type PendingMessage } from "../model/pending.ts";
import { retryDelay_ms } from "../protocol/backoff.ts";
import { ApiError } from "../protocol/errors.ts";
import type { Exclusively } from "../protocol/locks.ts";
import type { Rest } from "../protocol/rest.ts";
import type { Upload } from "../protocol/uploads_rest.ts";
import type { Stores } from "../stores/stores.ts";
import type { HeldFiles } from "./held_files.ts";
import type { Queue } from "./queue.ts";

export interface UploadsOptions {
  readonly rest: Pick<Rest, "beginUpload" | "upload" | "sendPart" | "cancelUpload">;
  readonly queue: Queue;
  readonly held: HeldFiles;
  readonly store: Stores["uploads"];
  readonly exclusively: Exclusively;
  /** Distinguishes the accounts of one browser. */
  readonly accountId: string;
  /** A record of the outbox has changed: a file has arrived, or was refused. */
  readonly onChanged: () => void;
}

/** Refusals after which the same part may be taken. */
const passingCodes = new Set(["offline", "rate_limited", "unavailable", "error", "wrong_offset"]);

const turn_ms = 1_000;

type Target = { readonly item: PendingMessage; readonly file: PendingFile; readonly content: Blob };

export class Uploads {
  private readonly options: UploadsOptions;
  private readonly running = new Map<string, AbortController>();
  private readonly pauses = new Set<() => void>();
  private isStopped = false;

  constructor(options: UploadsOptions) {
    this.options = options;
  }

  /** Holds a file that is too large for the disk, for as long as this page lives. */
  hold(fileRef: string, content: Blob): void {
    this.options.held.hold(fileRef, content);
  }

  /** What goes up of a file, where this tab can get at it. */
  contentOf(file: PendingFile): Blob | null {
    return (file.sealed === undefined ? file.content : file.sealed.content) ?? this.options.held.get(file.ref);
  }

  /** Sees to it that the files of a message go up; does nothing where they do. */
  run(item: PendingMessage): void {
    const { clientRef } = item;
    if (this.isStopped || this.running.has(clientRef)) return;
    const controller = new AbortController();
    this.running.set(clientRef, controller);
    const { exclusively, accountId, onChanged } = this.options;
    void exclusively(`tertulia.upload.${accountId}.${clientRef}`, () => this.sendAll(clientRef, controller.signal))
      // The tab that holds the file takes its turn; whether it still does is asked again.
      .then(async (isElsewhere) => await (isElsewhere ? this.pause(turn_ms) : undefined))
      .finally(() => this.running.delete(clientRef))
      .then(onChanged);
  }

  /** Tries at once what waits for its next try. */
  goOn(): void {
    for (const wake of this.pauses) wake();
  }

  /** The message is not to be sent any more. */
  async cancel(item: PendingMessage): Promise<void> {
    this.running.get(item.clientRef)?.abort();
    this.goOn();
    this.forget(item);
    for (const { upload } of item.files) {
      // What the server keeps of it goes by itself after a while.
      if (upload !== null) await this.options.rest.cancelUpload(upload.id).catch(() => undefined);
    }
  }

  /** The message is with the server: nothing of its files is needed here. */
  forget(item: PendingMessage): void {
    for (const { ref } of item.files) this.options.held.letGo(ref);
    const gone = new Set(item.files.map((file) => file.ref));
    this.options.store.setState(({ sentByFile }) => ({
      sentByFile: Object.fromEntries(Object.entries(sentByFile).filter(([ref]) => !gone.has(ref))),
    }));
  }

  stop(): void {
    this.isStopped = true;
    for (const controller of this.running.values()) controller.abort();
    this.goOn();
    this.options.held.close();
  }

  /** Answers whether it is for another tab to send them. */
  private async sendAll(clientRef: string, signal: AbortSignal): Promise<boolean> {
    let failedTries = 0;
    while (!signal.aborted) {
      const item = await this.options.queue.get(clientRef).catch(() => null);
      const file = item?.files.find((each) => each.attachment === null);
      if (!item || !file || item.delivery.status !== "waiting" || signal.aborted) return false;
      const content = this.contentOf(file);
      if (content === null) {
        if (await this.options.held.isElsewhere(file.ref)) return true;
        await this.refuse(clientRef, { code: fileGone, detail: "The file has to be chosen again." });
        return false;
      }
      try {
        const attachment = await this.sendFile({ item, file, content }, signal);
        failedTries = 0;
        await this.options.queue.changeFile(clientRef, file.ref, { attachment, content: null });
        this.options.onChanged();
      } catch (error) {
        if (signal.aborted) return false;
        if (!(error instanceof ApiError)) throw error;
        if (!passingCodes.has(error.code)) {
          await this.refuse(clientRef, { code: error.code, detail: error.message });
          return false;
        }
        failedTries += 1;
        await this.pause(error.retryAfter_s === null ? retryDelay_ms(failedTries) : error.retryAfter_s * 1000);
      }
    }
    return false;
  }

  private async sendFile(target: Target, signal: AbortSignal): Promise<Attachment> {
    const { rest } = this.options;
    const { file, content } = target;
    let { upload, chunkBytes } = await this.begunUpload(target);
    for (let emptyParts = 0; upload.attachment === null && emptyParts < 2; ) {
      const offset = upload.received;
      this.tell(file, offset);
      const part = content.slice(offset, offset + chunkBytes);
      // An empty part at the end asks once more for what was put off.
      if (part.size === 0) emptyParts += 1;
      const onProgress = (sent: number) => this.tell(file, offset + Math.min(sent, part.size));
      upload = await rest.sendPart({ uploadId: upload.id, offset, content: part, onProgress, signal });
    }
    if (upload.attachment === null) {
      throw new ApiError({ status: 503, code: "unavailable", detail: "The file is not ready yet." });
    }
    this.tell(file, file.size);
    return upload.attachment;
  }

  /** As far as it has come; begun anew where the server does not have it any more. */
  private async begunUpload({ item, file, content }: Target): Promise<{ upload: Upload; chunkBytes: number }> {
    const { rest, queue } = this.options;
    if (file.upload !== null) {
      try {
        return { upload: await rest.upload(file.upload.id), chunkBytes: file.upload.chunkBytes };
      } catch (error) {
        if (!(error instanceof ApiError) || error.status !== 404) throw error;
      }
    }
    const { conversationId: conversation_id } = item;
    const begun = await rest.beginUpload({ conversation_id, name: nameOf(file), size: content.size });
    const upload = { id: begun.id, chunkBytes: begun.chunk_bytes };
    await queue.changeFile(item.clientRef, file.ref, { upload });
    return { upload: { ...begun, size: content.size, attachment: null }, chunkBytes: begun.chunk_bytes };
  }

  private async refuse(clientRef: string, failure: Failure): Promise<void> {
    await this.options.queue.setDelivery(clientRef, { status: "refused", failure });
  }

  private tell(file: PendingFile, sent: number): void {
    this.options.store.setState(({ sentByFile }) => ({ sentByFile: { ...sentByFile, [file.ref]: sent } }));
  }

  private async pause(delay_ms: number): Promise<void> {
    await new Promise<void>((resolve) => {
      const wake = (): void => {
        clearTimeout(timer);
        this.pauses.delete(wake);
        resolve();
      };
      const timer = setTimeout(wake, delay_ms);
      this.pauses.add(wake);
    });
  }
}

/** What the server is told that it is called. */
function nameOf(file: PendingFile): string {
  return file.sealed === undefined ? file.name : "file.bin";
}
