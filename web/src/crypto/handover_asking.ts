/** The asking side of a handover: the device that has no keys yet. Each step takes a state and answers the next; see `handover.ts`. */

import { type Bytes, toBase64Url } from "./bytes.ts";
import {
  codeOf,
  commitmentTo,
  failed,
  type HandoverFailed,
  type HandoverTurn,
  newShare,
  type OwnShare,
  readHandoverMessage,
  secretBinding,
  shareMessage,
  transcriptOf,
} from "./handover.ts";
import { open, type Sealed } from "./hpke.ts";
import { importPublicKey } from "./public_keys.ts";

export type Asking =
  | { readonly at: "waiting"; readonly accountId: string; readonly share: OwnShare; readonly commit: Bytes }
  | AskingCompares
  | { readonly at: "finished"; readonly secret: Bytes }
  | HandoverFailed;

/** `code` is to be shown; the secret is opened once the owner has said that it is the same, be it there before or after. */
interface AskingCompares {
  readonly at: "comparing";
  readonly code: string;
  readonly isConfirmed: boolean;
  readonly sealed: Sealed | null;
  readonly share: OwnShare;
  readonly givingKey: Bytes;
  readonly transcript: Bytes;
}

type Turn = HandoverTurn<Asking>;

/** Begins a handover; its message is the first one. */
export async function ask(accountId: string): Promise<Turn> {
  const share = await newShare();
  const commit = await commitmentTo(share, accountId);
  const message = { v: 1, step: "commit", commit: toBase64Url(commit) } as const;
  return { state: { at: "waiting", accountId, share, commit }, message };
}

/** `message` is the giving side's next, as it came from the server. */
export async function askingHears(state: Asking, message: unknown): Promise<Turn> {
  const heard = readHandoverMessage(message);
  if (state.at === "failed" || state.at === "finished") return { state, message: null };
  if (heard === null) return failed("malformed");
  if (state.at === "waiting" && heard.step === "answer") {
    const { accountId, share, commit } = state;
    const transcript = await transcriptOf(accountId, commit, heard, share);
    const code = await codeOf(transcript);
    const comparing = { at: "comparing", code, isConfirmed: false, sealed: null, share, givingKey: heard.key, transcript } as const;
    return { state: comparing, message: shareMessage("reveal", share) };
  }
  if (state.at === "comparing" && state.sealed === null && heard.step === "secret") {
    return await finishing({ ...state, sealed: heard });
  }
  return failed("out_of_turn");
}

/** The owner has said, on this device, whether both show the same code. */
export async function askingCompared(state: Asking, isSame: boolean): Promise<Turn> {
  if (state.at !== "comparing") return { state, message: null };
  return isSame ? await finishing({ ...state, isConfirmed: true }) : failed("codes_differ");
}

async function finishing(state: AskingCompares): Promise<Turn> {
  if (!state.isConfirmed || state.sealed === null) return { state, message: null };
  const from = await importPublicKey(state.givingKey);
  const secret = await open(state.sealed, from, state.share.pair, secretBinding(state.transcript));
  if (secret?.length !== 32) return failed("tampered");
  return { state: { at: "finished", secret }, message: { v: 1, step: "done" } };
}
