/** Files of encrypted messages: sealed in the page before they are uploaded, each under a key of its own (AES-256-GCM). */

import { type Bytes, fromBase64Url, isEqual, randomBytes, sha256, toBase64Url } from "./bytes.ts";

/** What opens a sealed file; it travels in the message. All in base64url. */
export interface FileKey {
  readonly key: string;
  readonly iv: string;
  /** The SHA-256 of what was uploaded. */
  readonly digest: string;
}

/** By so much a sealed file is longer than the file: the tag of AES-GCM. */
export const seal_bytes = 16;

export interface SealedFile {
  /** Longer than the file by `seal_bytes`. */
  readonly sealed: Bytes;
  readonly fileKey: FileKey;
}

/** `altered`: what the server gave is not what was uploaded. */
export type FileOpened =
  | { readonly status: "opened"; readonly file: Bytes }
  | { readonly status: "refused"; readonly because: "malformed" | "altered" };

export async function sealFile(file: Bytes): Promise<SealedFile> {
  const [key, iv] = [randomBytes(32), randomBytes(12)];
  const aes = await crypto.subtle.importKey("raw", key, "AES-GCM", false, ["encrypt"]);
  const sealed = new Uint8Array(await crypto.subtle.encrypt({ name: "AES-GCM", iv }, aes, file));
  const digest = toBase64Url(await sha256(sealed));
  return { sealed, fileKey: { key: toBase64Url(key), iv: toBase64Url(iv), digest } };
}

export async function openFile(sealed: Bytes, { key, iv, digest }: FileKey): Promise<FileOpened> {
  const [keyBytes, ivBytes, digestBytes] = [fromBase64Url(key), fromBase64Url(iv), fromBase64Url(digest)];
  if (keyBytes?.length !== 32 || ivBytes?.length !== 12 || digestBytes?.length !== 32) {
    return { status: "refused", because: "malformed" };
  }
  // The digest before the key: whoever knows the key, the other readers among them, could make another file that it opens.
  if (!isEqual(await sha256(sealed), digestBytes)) return { status: "refused", because: "altered" };
  try {
    const aes = await crypto.subtle.importKey("raw", keyBytes, "AES-GCM", false, ["decrypt"]);
    const file = new Uint8Array(await crypto.subtle.decrypt({ name: "AES-GCM", iv: ivBytes }, aes, sealed));
    return { status: "opened", file };
  } catch {
    return { status: "refused", because: "altered" };
  }
}
