/** Files as they go out: pictures measured, and made smaller where their full size is not asked for. */

import type { OutgoingFile } from "../../client/client.ts";

export const most_files = 10;

const longest_px = 2560;
const heavy_bytes = 1_500_000;
const quality = 0.87;
const shrinkable = new Set(["image/jpeg", "image/png", "image/webp"]);

export async function outgoingFile(file: File, asFile: boolean): Promise<OutgoingFile> {
  const plain = { name: file.name, content: file, width: null, height: null };
  if (!file.type.startsWith("image/")) return plain;
  const picture = await createImageBitmap(file).catch(() => null);
  if (picture === null) return plain;
  const { width, height } = picture;
  const measured = { ...plain, width, height };
  const factor = Math.min(1, longest_px / Math.max(width, height));
  const isHeavy = factor < 1 || file.size > heavy_bytes;
  if (asFile || !isHeavy || !shrinkable.has(file.type)) return measured;
  const smaller = await drawn(picture, Math.round(width * factor), Math.round(height * factor), file);
  return smaller ?? measured;
}

/** The files of a drop or the clipboard. What comes with text is text: a picture of it is not what was meant. */
export function filesIn(data: DataTransfer | null): readonly File[] {
  if (!data || data.types.includes("text/plain")) return [];
  return [...data.files];
}

async function drawn(picture: ImageBitmap, width: number, height: number, file: File): Promise<OutgoingFile | null> {
  const canvas = document.createElement("canvas");
  canvas.width = width;
  canvas.height = height;
  canvas.getContext("2d")?.drawImage(picture, 0, 0, width, height);
  // Only JPEG is known to have nothing that shines through.
  const type = file.type === "image/jpeg" ? "image/jpeg" : "image/webp";
  const content = await new Promise<Blob | null>((resolve) => {
    canvas.toBlob(resolve, type, quality);
  });
  if (content === null || content.type !== type || content.size >= file.size) return null;
  const name = file.name.replace(/\.[^.]*$/u, "") + (type === "image/jpeg" ? ".jpg" : ".webp");
  return { name, content, width, height };
}
