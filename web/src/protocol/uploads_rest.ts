/** Files on their way to the server, in parts that can go on after a break. */

import type { Client as Api } from "openapi-fetch";
import { answer } from "./answer.ts";
import { refusalOf } from "./errors.ts";
import type { Http } from "./http.ts";
import type { components, paths } from "./schema.gen.d.ts";
import { type Progress, sendTellingProgress } from "./upload.ts";

type Schemas = components["schemas"];

/** How far the server has come with a file; an `attachment` once it has all of it. */
export type Upload = Schemas["UploadProgress"];

export interface UploadPart {
  readonly uploadId: string;
  /** Where in the file it begins, in bytes. */
  readonly offset: number;
  readonly content: Blob;
  readonly onProgress: Progress;
  readonly signal: AbortSignal;
}

export function uploadsRest(api: Api<paths>, http: Http) {
  return {
    beginUpload: (body: Schemas["NewUpload"]): Promise<Schemas["BegunUpload"]> =>
      answer(api.POST("/api/uploads/resumable", { body })),
    upload: (id: string): Promise<Upload> => answer(api.GET("/api/uploads/{upload_id}", { params: of(id) })),
    cancelUpload: (id: string) => answer(api.DELETE("/api/uploads/{upload_id}", { params: of(id) })),
    /** What lies at an attachment's address. Null: that is longer, and the rest of it is not read. */
    content: async (url: string, atMost_bytes: number, signal?: AbortSignal): Promise<Uint8Array<ArrayBuffer> | null> => {
      const response = await http.fetch(new Request(new URL(url, http.origin), signal === undefined ? {} : { signal }));
      if (!response.ok) throw await refusalOf(response);
      return await readUpTo(response, atMost_bytes);
    },
    /** Resolves with how far it is then. */
    sendPart: async ({ uploadId, offset, content, onProgress, signal }: UploadPart): Promise<Upload> => {
      const request = new Request(`${http.origin}/api/uploads/${uploadId}`, {
        method: "PATCH",
        body: content,
        headers: { "Content-Type": "application/offset+octet-stream", "Upload-Offset": String(offset) },
      });
      const response = await http.sendBy((each) => sendTellingProgress(each, onProgress, signal), request);
      if (!response.ok) throw await refusalOf(response);
      return (await response.json()) as Upload;
    },
  };
}

async function readUpTo({ body }: Response, atMost_bytes: number): Promise<Uint8Array<ArrayBuffer> | null> {
  const reader = body?.getReader();
  const parts: Uint8Array<ArrayBuffer>[] = [];
  let read_bytes = 0;
  for (let part = await reader?.read(); part?.done === false; part = await reader?.read()) {
    read_bytes += part.value.length;
    parts.push(part.value);
    if (read_bytes <= atMost_bytes) continue;
    await reader?.cancel();
    return null;
  }
  return new Uint8Array(await new Blob(parts).arrayBuffer());
}

function of(id: string) {
  return { path: { upload_id: id } };
}
