/** The server's end of files on their way: takes them in parts of four bytes, can be away, and can refuse. */

import { ApiError } from "../../src/protocol/errors.ts";
import type { Upload, UploadPart } from "../../src/protocol/uploads_rest.ts";
import * as eg from "../examples.ts";

export class FileServer {
  isThere = true;
  tries = 0;
  /** After so many parts it goes away once. */
  breakAfterParts: number | null = null;
  refused: ApiError | null = null;
  readonly parts: { readonly id: string; readonly offset: number }[] = [];
  readonly cancelled: string[] = [];
  private readonly held = new Map<string, { readonly size: number; readonly content: Blob }>();

  /** The names that files were said to have. */
  readonly names: string[] = [];

  readonly beginUpload = async ({ size, name }: { size: number; name: string }) => {
    this.answer();
    this.names.push(name);
    const id = `upload-${this.held.size + 1}`;
    this.held.set(id, { size, content: new Blob() });
    return { ...this.state(id), chunk_bytes: 4 };
  };

  readonly upload = async (id: string): Promise<Upload> => {
    this.answer();
    return this.state(id);
  };

  readonly sendPart = async ({ uploadId, offset, content, onProgress }: UploadPart): Promise<Upload> => {
    this.answer();
    if (this.refused) throw this.refused;
    const held = this.held.get(uploadId);
    if (held === undefined || held.content.size !== offset) throw refusal("wrong_offset");
    this.parts.push({ id: uploadId, offset });
    this.held.set(uploadId, { ...held, content: new Blob([held.content, content]) });
    onProgress(content.size, content.size);
    if (this.parts.length === this.breakAfterParts) {
      this.isThere = false;
      this.answer();
    }
    return this.state(uploadId);
  };

  readonly cancelUpload = async (id: string): Promise<undefined> => {
    this.answer();
    this.cancelled.push(id);
  };

  async text(id: string): Promise<string | undefined> {
    return await this.held.get(id)?.content.text();
  }

  private state(id: string): Upload {
    const held = this.held.get(id);
    if (held === undefined) throw new ApiError({ status: 404, code: "not_found", detail: "Gone." });
    const received = held.content.size;
    const isWhole = received === held.size;
    return { id, received, size: held.size, attachment: isWhole ? eg.attachment({ id }) : null };
  }

  private answer(): void {
    this.tries += 1;
    if (!this.isThere) throw refusal("offline");
  }
}

function refusal(code: string): ApiError {
  return new ApiError({ status: 0, code, detail: `${code}.` });
}
