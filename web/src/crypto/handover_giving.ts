/** The giving side of a handover: the device that has the keys. Each step takes a state and answers the next; see `handover.ts`. */

import { type Bytes, isEqual, toBase64Url } from "./bytes.ts";
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
import { seal } from "./hpke.ts";
import { importPublicKey } from "./public_keys.ts";

/** `given`: the secret is on its way; `finished`: the other device has said that it has it. */
export type Giving =
  | { readonly at: "answered"; readonly accountId: string; readonly share: OwnShare; readonly commit: Bytes }
  | {
      readonly at: "comparing";
      /** To be shown. */
      readonly code: string;
      readonly share: OwnShare;
      readonly askingKey: Bytes;
      readonly transcript: Bytes;
    }
  | { readonly at: "given" }
  | { readonly at: "finished" }
  | HandoverFailed;

type Turn = HandoverTurn<Giving>;

/** Takes up a handover that another device of the account began with `message`. */
export async function answer(accountId: string, message: unknown): Promise<Turn> {
  const heard = readHandoverMessage(message);
  if (heard === null) return failed("malformed");
  if (heard.step !== "commit") return failed("out_of_turn");
  const share = await newShare();
  return { state: { at: "answered", accountId, share, commit: heard.commit }, message: shareMessage("answer", share) };
}

/** `message` is the asking side's next, as it came from the server. */
export async function givingHears(state: Giving, message: unknown): Promise<Turn> {
  const heard = readHandoverMessage(message);
  if (state.at === "failed" || state.at === "finished") return { state, message: null };
  if (heard === null) return failed("malformed");
  if (state.at === "answered" && heard.step === "reveal") {
    const { accountId, share, commit } = state;
    if (!isEqual(await commitmentTo(heard, accountId), commit)) return failed("broken_promise");
    const transcript = await transcriptOf(accountId, commit, share, heard);
    const code = await codeOf(transcript);
    return { state: { at: "comparing", code, share, askingKey: heard.key, transcript }, message: null };
  }
  if (state.at === "given" && heard.step === "done") return { state: { at: "finished" }, message: null };
  return failed("out_of_turn");
}

/** The owner has said, on this device, whether both show the same code. `secret` leaves the device only if they have. */
export async function givingCompared(state: Giving, isSame: boolean, secret: Bytes): Promise<Turn> {
  if (state.at !== "comparing") return { state, message: null };
  if (!isSame) return failed("codes_differ");
  try {
    const { enc, ct } = await seal(secret, state.share.pair, await importPublicKey(state.askingKey), secretBinding(state.transcript));
    return { state: { at: "given" }, message: { v: 1, step: "secret", enc: toBase64Url(enc), ct: toBase64Url(ct) } };
  } catch {
    // With some keys nothing can be agreed on; nobody makes such a key by accident.
    return failed("malformed");
  }
}
