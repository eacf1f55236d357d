/** Sealed files as they are shown. */

import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Files } from "../../src/client/sealed/files.ts";
import { sealFile } from "../../src/crypto/attachments.ts";
import { utf8 } from "../../src/crypto/bytes.ts";
import type { Attachment } from "../../src/model/message.ts";

beforeEach(() => {
  vi.stubGlobal("URL", { createObjectURL: () => "blob:file", revokeObjectURL: () => undefined });
});

afterEach(() => {
  vi.unstubAllGlobals();
});

async function sealed(text: string): Promise<{ readonly content: Blob; readonly attachment: Attachment }> {
  const { sealed: bytes, fileKey } = await sealFile(utf8(text));
  const sizes = { width: null, height: null, duration_ms: null, blurhash: null, thumbnail_url: null };
  const attachment: Attachment = { id: "one", name: "a", kind: "file", media_type: "text/plain", size: 9, url: `/${text}`, ...sizes, sealed: fileKey };
  return { content: new Blob([bytes]), attachment };
}

test("a message that names the upload of another one, with a key of its own, does not show its file in that one", async () => {
  const [mine, theirs] = [await sealed("mine"), await sealed("theirs")];
  const contents: Record<string, Blob> = { "/mine": mine.content, "/theirs": theirs.content };
  const files = new Files({ content: async (url) => new Uint8Array(await (contents[url] ?? new Blob()).arrayBuffer()) });
  const shown = [await files.open(theirs.attachment), await files.open(mine.attachment)];
  expect(await Promise.all(shown.map(async ({ content }) => await content.text()))).toEqual(["theirs", "mine"]);
});

/** A server that gives whatever it is asked for, and as much of it. */
function endless() {
  const asked: number[] = [];
  const content = async (_url: string, atMost_bytes: number) => {
    asked.push(atMost_bytes);
    return await Promise.resolve(null);
  };
  return { asked, files: new Files({ content }) };
}

test("no more is read of a file than its message says that it has", async () => {
  const { asked, files } = endless();
  const { attachment } = await sealed("map");
  await expect(files.open({ ...attachment, size: 3 })).rejects.toMatchObject({ code: "file_damaged" });
  expect(asked).toEqual([19]);
});

test("a file that is too large for a page is not asked for", async () => {
  const { asked, files } = endless();
  const { attachment } = await sealed("map");
  await expect(files.open({ ...attachment, size: 600 * 1024 * 1024 })).rejects.toMatchObject({ code: "file_too_large" });
  expect(asked).toEqual([]);
});
