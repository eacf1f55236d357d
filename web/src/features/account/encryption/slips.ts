/** What is wrong with a recovery key that was typed, in words. */

import { recoveryKeyLength } from "../../../crypto/recovery_key.ts";
import type { Slip } from "../../../crypto/recovery_slips.ts";
import type { Words } from "../../../words/english.ts";

/** Undefined where nothing is. */
export function slipSentence(slip: Slip | null, texts: Words["encryption"]["restore"]): string | undefined {
  switch (slip?.what) {
    case undefined:
      return undefined;
    case "length":
      return texts.keyLength(slip.length, recoveryKeyLength);
    case "character":
      return texts.keyCharacter(slip.character, slip.group);
    case "checksum":
      return slip.group === null ? texts.keyChecksum : texts.keyGroup(slip.group);
  }
}
