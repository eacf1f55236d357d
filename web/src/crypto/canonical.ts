/**
 * One way to write down several values as bytes, so that no two different lists of values are written alike: each is preceded
 * by its length, two bytes, the greater first. Texts are written as UTF-8.
 */

import { type Bytes, utf8 } from "./bytes.ts";

const maxLength = 0xffff;

/** `label` says what the bytes are for, and keeps those of one purpose from being taken for those of another. */
export function canonical(label: string, ...values: readonly (string | Uint8Array)[]): Bytes {
  const parts = [label, ...values].map(bytesOf);
  const written = new Uint8Array(parts.reduce((length, part) => length + 2 + part.length, 0));
  let at = 0;
  for (const part of parts) {
    new DataView(written.buffer).setUint16(at, part.length);
    written.set(part, at + 2);
    at += 2 + part.length;
  }
  return written;
}

function bytesOf(value: string | Uint8Array): Uint8Array {
  // Half a surrogate pair has no UTF-8: every such half would be written as the same replacement.
  if (typeof value === "string" && /\p{Surrogate}/u.test(value)) throw new RangeError("The text is not well-formed.");
  const bytes = typeof value === "string" ? utf8(value) : value;
  if (bytes.length > maxLength) throw new RangeError("The value is too long.");
  return bytes;
}
