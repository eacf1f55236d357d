/** In encrypted conversations: showing that a connection is one's own, and looking whether the other's is theirs. */

import { type CallEnd, type CallProof, proveCall, readCallProof } from "../../crypto/call_proofs.ts";
import type { Doubt } from "../../model/voice.ts";
import type { Engine } from "../sealed/engine.ts";
import { fingerprintsOf } from "./descriptions.ts";

export type Proof = CallProof;

export interface Ends {
  readonly conversationId: string;
  readonly mine: CallEnd["from"];
  readonly theirs: CallEnd["to"];
}

/** Rejects with `encryption_locked` where this device lacks the keys. */
export async function prove({ own }: Engine, { conversationId, mine, theirs }: Ends, sdp: string): Promise<Proof> {
  const { identity } = own.requireUnlocked();
  return await proveCall({ conversationId, from: mine, to: theirs, fingerprints: fingerprintsOf(sdp) }, identity);
}

/** Null: it is certain that this is the end of the person, as far as their identity is. */
export async function doubt(
  { trust, circles }: Engine,
  { conversationId, mine, theirs }: Ends,
  sdp: string,
  proof: unknown,
): Promise<Doubt | null> {
  if (proof === undefined || proof === null) return "missing";
  const end = { conversationId, from: theirs, to: mine, fingerprints: fingerprintsOf(sdp) };
  const identity = await readCallProof(proof, end);
  if (identity === null) return "wrong";
  await trust.see(theirs.accountId, identity);
  const isTheirs = trust.isCurrent(theirs.accountId, identity);
  const isExchanged = circles.isExchanged(conversationId, theirs.accountId);
  return isTheirs && !isExchanged && !circles.isNew(conversationId, theirs.accountId) ? null : "stranger";
}
