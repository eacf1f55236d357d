/**
 * Safety numbers: 60 digits that two people see alike only if each has the other's true identity. The numeric fingerprint that
 * Signal publishes (libsignal, `fingerprint.rs`, version 0), over Ed25519 keys and account ids.
 */

import { type Bytes, fromBase64Url, toBase64Url, utf8 } from "./bytes.ts";

export interface Person {
  readonly accountId: string;
  /** Their public identity key in base64url. */
  readonly identity: string;
}

export interface SafetyNumber {
  /** 12 groups of 5 digits, the same on both sides. */
  readonly groups: readonly string[];
  /** What the QR code says; of this side, and not the same on both. */
  readonly qrText: string;
}

/**
 * `same`: this is the other's code, and both sides have the same keys; `different`: it is theirs, with other keys;
 * `somebody_else`: the code of other people, or one's own; `unsupported`: of a later version; `unreadable`: no such code.
 */
export type Comparison = "same" | "different" | "somebody_else" | "unsupported" | "unreadable";

const rounds = 5200;
const qrHead = "tertulia:safety";

export async function safetyNumber(me: Person, other: Person): Promise<SafetyNumber> {
  const [mine, theirs] = await Promise.all([fingerprintOf(me), fingerprintOf(other)]);
  const halves = [digitsOf(mine), digitsOf(theirs)].toSorted((one, two) => (one < two ? -1 : 1));
  const groups = halves.join("").match(/.{5}/gu) ?? [];
  const ends = [me.accountId, shortened(mine), other.accountId, shortened(theirs)];
  return { groups, qrText: [qrHead, "1", ...ends].join(":") };
}

/** `scanned` is what a camera read from the other's screen. */
export async function compareScanned(scanned: string, me: Person, other: Person): Promise<Comparison> {
  const parts = scanned.trim().split(":");
  if (parts.slice(0, 2).join(":") !== qrHead) return "unreadable";
  const [version, theirId, theirs, myId, mine] = parts.slice(2);
  if (version !== "1") return /^\d+$/u.test(version ?? "") ? "unsupported" : "unreadable";
  if (parts.length !== 7 || fromBase64Url(theirs ?? "")?.length !== 32 || fromBase64Url(mine ?? "")?.length !== 32) return "unreadable";
  if (theirId !== other.accountId || myId !== me.accountId) return "somebody_else";
  const [expectedMine, expectedTheirs] = await Promise.all([fingerprintOf(me), fingerprintOf(other)]);
  return mine === shortened(expectedMine) && theirs === shortened(expectedTheirs) ? "same" : "different";
}

/** 64 bytes. The many rounds make it dear to look for a key whose number resembles another's. */
export async function fingerprint(key: Bytes, id: Bytes): Promise<Bytes> {
  let hash: Bytes = Uint8Array.of(0, 0, ...key, ...id);
  for (let round = 0; round < rounds; round += 1) {
    hash = new Uint8Array(await crypto.subtle.digest("SHA-512", Uint8Array.of(...hash, ...key)));
  }
  return hash;
}

/** 30 digits: six times five bytes, each as a number modulo 100,000. */
export function digitsOf(hash: Bytes): string {
  return Array.from({ length: 6 }, (_, at) => {
    const number = hash.slice(at * 5, at * 5 + 5).reduce((sum, byte) => sum * 256 + byte, 0);
    return String(number % 100_000).padStart(5, "0");
  }).join("");
}

async function fingerprintOf({ accountId, identity }: Person): Promise<Bytes> {
  const key = fromBase64Url(identity);
  if (key?.length !== 32) throw new RangeError("An identity has 32 bytes.");
  return await fingerprint(key, utf8(accountId));
}

function shortened(hash: Bytes): string {
  return toBase64Url(hash.subarray(0, 32));
}
