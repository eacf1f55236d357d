/**
 * Where somebody slipped in typing a recovery key. Its checksum says that something is wrong; where exactly one character
 * that is changed, or exactly one pair of neighbours that is swapped, makes the key right, it also says where.
 */

import { readRecoveryKey } from "./recovery_key.ts";

const alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const group_characters = 4;

/** What is wrong with what was typed. `group`: the how-manieth, counted from 1; null where the checksum does not say. */
export type Slip =
  | { readonly what: "length"; readonly length: number }
  | { readonly what: "character"; readonly character: string; readonly group: number }
  | { readonly what: "checksum"; readonly group: number | null };

/** Null: it reads as a recovery key. */
export async function slipIn(text: string): Promise<Slip | null> {
  const read = await readRecoveryKey(text);
  if (read.status === "read") return null;
  switch (read.because) {
    case "length":
      return { what: "length", length: read.length };
    case "character":
      return { what: "character", character: read.character, group: groupAt(read.position - 1) };
    case "checksum":
      return { what: "checksum", group: await groupOfSlip(charactersOf(text)) };
  }
}

/** The last group of a key, as it is written. */
export function lastGroup(key: string): string {
  return charactersOf(key).slice(-group_characters).join("");
}

/** Whether this is a key's last group, typed as tolerantly as the whole key is. */
export function isLastGroup(key: string, typed: string): boolean {
  return charactersOf(typed).join("") === lastGroup(key);
}

async function groupOfSlip(characters: readonly string[]): Promise<number | null> {
  const tries = [...withOneChanged(characters), ...withTwoSwapped(characters)];
  const reads = await Promise.all(tries.map(async ({ text }) => (await readRecoveryKey(text)).status === "read"));
  const [slip, another] = tries.filter((_, at) => reads[at]);
  return slip === undefined || another !== undefined ? null : groupAt(slip.at);
}

function* withOneChanged(characters: readonly string[]) {
  for (const [at, present] of characters.entries()) {
    for (const other of alphabet) if (other !== present) yield { at, text: characters.with(at, other).join("") };
  }
}

function* withTwoSwapped(characters: readonly string[]) {
  for (const [at, one] of characters.entries()) {
    const next = characters[at + 1];
    if (next !== undefined && next !== one) yield { at, text: characters.with(at, next).with(at + 1, one).join("") };
  }
}

/** As `readRecoveryKey` takes them. */
function charactersOf(text: string): readonly string[] {
  return [...text.normalize("NFKC").toUpperCase().replaceAll(/[\s\p{Dash}._]/gu, "")].map((character) =>
    character === "O" ? "0" : "IL".includes(character) ? "1" : character,
  );
}

function groupAt(index: number): number {
  return Math.floor(index / group_characters) + 1;
}
