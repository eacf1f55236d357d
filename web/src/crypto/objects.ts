/** Reading JSON objects that come from elsewhere: nothing is believed of them before it was looked at. */

import { type Bytes, fromBase64Url } from "./bytes.ts";

export type Fields = Readonly<Record<string, unknown>>;

/** Null: it is no object. */
export function fieldsOf(value: unknown): Fields | null {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Fields) : null;
}

/** Null: the text is not JSON, or not that of an object. */
export function parseFields(text: string): Fields | null {
  try {
    return fieldsOf(JSON.parse(text));
  } catch {
    return null;
  }
}

export function textField(fields: Fields, name: string): string | null {
  const value = fields[name];
  return typeof value === "string" ? value : null;
}

/** Null: no such field, or it is not the base64url of bytes, or not of that many. */
export function bytesField(fields: Fields, name: string, length?: number): Bytes | null {
  const bytes = fromBase64Url(textField(fields, name) ?? "");
  if (bytes === null || bytes.length === 0) return null;
  return length === undefined || bytes.length === length ? bytes : null;
}
