/**
 * The recovery key: 32 random bytes, as a text that a person keeps on paper and types in again one day. Crockford's base32, 56
 * characters in 14 groups of 4: the 32 bytes and the first 3 bytes of their SHA-256, which tell a slip of the hand.
 */

import { type Bytes, isEqual, randomBytes, sha256 } from "./bytes.ts";
import { canonical } from "./canonical.ts";

const alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const keyBytes = 32;
const checkBytes = 3;

/** How many characters a recovery key has, the signs between the groups aside. */
export const recoveryKeyLength = ((keyBytes + checkBytes) * 8) / 5;

/** `position`: the how-manieth character it is, the signs between the groups aside, counted from 1. */
export type RecoveryKeyRead =
  | { readonly status: "read"; readonly key: Bytes }
  | { readonly status: "unreadable"; readonly because: "length"; readonly length: number }
  | { readonly status: "unreadable"; readonly because: "character"; readonly character: string; readonly position: number }
  | { readonly status: "unreadable"; readonly because: "checksum" };

export function newRecoveryKey(): Bytes {
  return randomBytes(keyBytes);
}

/** As it is shown: `7ZZA-…`. */
export async function recoveryKeyText(key: Bytes): Promise<string> {
  const bits = [...key, ...(await checkOf(key))].map((byte) => byte.toString(2).padStart(8, "0")).join("");
  const characters = pieces(bits, 5).map((five) => alphabet[Number.parseInt(five, 2)] ?? "");
  return pieces(characters.join(""), 4).join("-");
}

/** Lower case, other signs between the groups, and O for 0, I and L for 1 are all taken as they were meant. */
export async function readRecoveryKey(text: string): Promise<RecoveryKeyRead> {
  // By code points, so that a character outside the basic plane is one.
  const typed = [...text.normalize("NFKC").toUpperCase().replaceAll(/[\s\p{Dash}._]/gu, "")];
  const meant = typed.map((character) => (character === "O" ? "0" : "IL".includes(character) ? "1" : character));
  const at = meant.findIndex((character) => !alphabet.includes(character));
  const strange = typed[at];
  if (strange !== undefined) return { status: "unreadable", because: "character", character: strange, position: at + 1 };
  if (meant.length !== recoveryKeyLength) return { status: "unreadable", because: "length", length: meant.length };
  const bits = meant.map((character) => alphabet.indexOf(character).toString(2).padStart(5, "0")).join("");
  const bytes = Uint8Array.from(pieces(bits, 8), (eight) => Number.parseInt(eight, 2));
  const key = bytes.slice(0, keyBytes);
  if (!isEqual(await checkOf(key), bytes.subarray(keyBytes))) return { status: "unreadable", because: "checksum" };
  return { status: "read", key };
}

async function checkOf(key: Bytes): Promise<Bytes> {
  return (await sha256(canonical("tertulia recovery key v1", key))).slice(0, checkBytes);
}

function pieces(text: string, length: number): readonly string[] {
  return Array.from({ length: text.length / length }, (_, at) => text.slice(at * length, (at + 1) * length));
}
