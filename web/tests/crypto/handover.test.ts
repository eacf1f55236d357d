import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { newAccountSecret } from "../../src/crypto/account_secret.ts";
import { type Bytes, randomBytes, toBase64Url } from "../../src/crypto/bytes.ts";
import { codeOf, commitmentTo, type HandoverMessage, newShare } from "../../src/crypto/handover.ts";
import { ask, type Asking, askingCompared, askingHears } from "../../src/crypto/handover_asking.ts";
import { answer, type Giving, givingCompared, givingHears } from "../../src/crypto/handover_giving.ts";
import * as eg from "../examples.ts";

const secret = newAccountSecret();

interface Comparing {
  readonly asking: Asking;
  readonly giving: Giving;
}

/** What a liar in the middle makes of each message. */
interface Middle {
  readonly commit: (message: HandoverMessage) => HandoverMessage;
  readonly answer: (message: HandoverMessage) => HandoverMessage;
  readonly reveal: (message: HandoverMessage) => HandoverMessage;
}

const honest: Middle = { commit: (message) => message, answer: (message) => message, reveal: (message) => message };

/** As far as the comparing of the codes. */
async function meet({ commit, answer: answering, reveal } = honest): Promise<Comparing> {
  const begun = await ask(eg.ana);
  const answered = await answer(eg.ana, onTheWire(begun.message, commit));
  const asking = await askingHears(begun.state, onTheWire(answered.message, answering));
  const giving = await givingHears(answered.state, onTheWire(asking.message, reveal));
  return { asking: asking.state, giving: giving.state };
}

function onTheWire(message: HandoverMessage | null, change: (message: HandoverMessage) => HandoverMessage): unknown {
  if (message === null) throw new Error("There was nothing to say.");
  return JSON.parse(JSON.stringify(change(message)));
}

function comparing<State extends { readonly at: string }>(state: State): State & { readonly code: string; readonly transcript: Bytes } {
  if (state.at !== "comparing") throw new Error(`It is at ${state.at}.`);
  return state as State & { readonly code: string; readonly transcript: Bytes };
}

describe("a handover", () => {
  test("shows the same code on both devices, and hands over the secret once both were confirmed", async () => {
    const { asking, giving } = await meet();
    expect(comparing(asking).code).toMatch(/^\d{6}$/u);
    expect(comparing(giving).code).toBe(comparing(asking).code);
    const confirmed = await askingCompared(asking, true);
    expect(confirmed).toMatchObject({ state: { at: "comparing", isConfirmed: true }, message: null });
    const given = await givingCompared(giving, true, secret);
    expect(given).toMatchObject({ state: { at: "given" }, message: { step: "secret" } });
    const finished = await askingHears(confirmed.state, onTheWire(given.message, (message) => message));
    expect(finished).toEqual({ state: { at: "finished", secret }, message: { v: 1, step: "done" } });
    expect((await givingHears(given.state, finished.message)).state).toEqual({ at: "finished" });
  });

  test("does not matter on which device the code is confirmed first", async () => {
    const { asking, giving } = await meet();
    const given = await givingCompared(giving, true, secret);
    const heard = await askingHears(asking, given.message);
    expect(heard).toMatchObject({ state: { at: "comparing", isConfirmed: false }, message: null });
    expect((await askingCompared(heard.state, true)).state).toEqual({ at: "finished", secret });
  });

  test("shows another code each time", async () => {
    const [one, other] = await Promise.all([meet(), meet()]);
    expect(comparing(one.asking).transcript).not.toEqual(comparing(other.asking).transcript);
  });

  test("keeps each message far below 4 KiB, and all of them plain JSON without the secret", async () => {
    const begun = await ask(eg.ana);
    const answered = await answer(eg.ana, begun.message);
    const asking = await askingHears(begun.state, answered.message);
    const giving = await givingHears(answered.state, asking.message);
    const given = await givingCompared(giving.state, true, secret);
    for (const { message } of [begun, answered, asking, given]) {
      const text = JSON.stringify(message);
      expect(text.length).toBeLessThan(300);
      expect(text).not.toContain(toBase64Url(secret));
    }
  });

  test("ends where the owner says that the codes differ, and nothing leaves the device", async () => {
    const { asking, giving } = await meet();
    const failed = { state: { at: "failed", because: "codes_differ" }, message: null };
    expect(await givingCompared(giving, false, secret)).toEqual(failed);
    expect(await askingCompared(asking, false)).toEqual(failed);
  });

  test("ends at what is no message of it, or not the one that is due", async () => {
    const begun = await ask(eg.ana);
    const answered = await answer(eg.ana, begun.message);
    const malformed = { state: { at: "failed", because: "malformed" }, message: null };
    const due = { state: { at: "failed", because: "out_of_turn" }, message: null };
    for (const message of [null, {}, { v: 2, step: "done" }, { v: 1, step: "answer", key: "AAAA", nonce: "AAAA" }, { v: 1, step: "secret" }]) {
      expect(await askingHears(begun.state, message)).toEqual(malformed);
      expect(await givingHears(answered.state, message)).toEqual(malformed);
    }
    expect(await answer(eg.ana, { v: 1, step: "commit" })).toEqual(malformed);
    expect(await answer(eg.ana, { v: 1, step: "done" })).toEqual(due);
    expect(await askingHears(begun.state, begun.message)).toEqual(due);
    expect(await givingHears(answered.state, answered.message)).toEqual(due);
    const { asking, giving } = await meet();
    expect(await askingHears(asking, answered.message)).toEqual(due);
    expect(await givingHears(giving, { v: 1, step: "done" })).toEqual(due);
  });

  test("stays where it ended, whatever comes after", async () => {
    const { asking, giving } = await meet();
    const { state } = await askingCompared(asking, false);
    expect(await askingHears(state, { v: 1, step: "done" })).toEqual({ state, message: null });
    expect(await askingCompared(state, true)).toEqual({ state, message: null });
    const ended = await givingCompared(giving, false, secret);
    expect(await givingHears(ended.state, {})).toEqual({ state: ended.state, message: null });
    expect(await givingCompared(ended.state, true, secret)).toEqual({ state: ended.state, message: null });
  });

  test("gives nothing before the code could be compared", async () => {
    const answered = await answer(eg.ana, (await ask(eg.ana)).message);
    expect(await givingCompared(answered.state, true, secret)).toEqual({ state: answered.state, message: null });
  });
});

describe("a liar in the middle", () => {
  const whether = fc.boolean();

  test("who changes anything is caught at the reveal, or the two devices have heard different things and show it", async () => {
    const changes = fc.record({ commit: whether, answerKey: whether, answerNonce: whether, revealKey: whether, revealNonce: whether });
    await fc.assert(
      fc.asyncProperty(changes, async (changed) => {
        const own = await newShare();
        const [key, nonce] = [toBase64Url(own.key), toBase64Url(own.nonce)];
        const promise = toBase64Url(await commitmentTo(own, eg.ana));
        const instead = (hasKey: boolean, hasNonce: boolean) => (message: HandoverMessage) => ({
          ...message,
          ...(hasKey ? { key } : {}),
          ...(hasNonce ? { nonce } : {}),
        });
        const { asking, giving } = await meet({
          commit: (message) => (changed.commit ? { ...message, commit: promise } as HandoverMessage : message),
          answer: instead(changed.answerKey, changed.answerNonce),
          reveal: instead(changed.revealKey, changed.revealNonce),
        });
        const isHonest = Object.values(changed).every((one) => !one);
        const keepsPromise = changed.commit === changed.revealKey && changed.commit === changed.revealNonce;
        const outcome = giving.at === "failed" ? giving.because : isSame(asking, giving) ? "same" : "different";
        expect(outcome).toBe(keepsPromise ? (isHonest ? "same" : "different") : "broken_promise");
      }),
    );
  });

  // The only thing left is to be lucky: both parts of each code are fixed before either is known.
  test("has one chance in a million that two different things make the same code", async () => {
    const codes = await Promise.all(Array.from({ length: 4000 }, (_, at) => codeOf(Uint8Array.of(Math.floor(at / 256), at % 256))));
    // With a million codes, 4000 draws are expected to make 8 pairs.
    expect(4000 - new Set(codes).size).toBeLessThan(25);
    const [low, high] = [codes.filter((code) => code < "100000"), codes.filter((code) => code >= "900000")];
    for (const tenth of [low, high]) expect(Math.abs(tenth.length - 400)).toBeLessThan(100);
  });

  test("cannot look for a fitting part after the other's is known: it was promised before", async () => {
    const begun = await ask(eg.ana);
    const answered = await answer(eg.ana, begun.message);
    const asking = await askingHears(begun.state, answered.message);
    for (let tries = 0; tries < 20; tries += 1) {
      const reveal = { ...asking.message, nonce: toBase64Url(randomBytes(32)) };
      expect((await givingHears(answered.state, reveal)).state).toEqual({ at: "failed", because: "broken_promise" });
    }
  });

  test("who talks to each device in the other's name is given nothing that opens for a device that compared", async () => {
    const [first, second] = await Promise.all([meet(), meet()]);
    expect(isSame(first.asking, second.giving)).toBe(false);
    // The owner confirms on the giving device alone, and what it gives is sent on to the other.
    const given = await givingCompared(second.giving, true, secret);
    const heard = await askingHears(first.asking, given.message);
    expect((await askingCompared(heard.state, true)).state).toEqual({ at: "failed", because: "tampered" });
  });

  test("cannot change the secret on its way", async () => {
    const { asking, giving } = await meet();
    const { message } = await givingCompared(giving, true, secret);
    if (message?.step !== "secret") throw new Error("Nothing was given.");
    const confirmed = await askingCompared(asking, true);
    const bytes = Buffer.from(message.ct, "base64url");
    bytes[0] = (bytes[0] ?? 0) ^ 1;
    const heard = await askingHears(confirmed.state, { ...message, ct: bytes.toString("base64url") });
    expect(heard).toEqual({ state: { at: "failed", because: "tampered" }, message: null });
  });

  test("cannot take a handover of one account for that of another", async () => {
    const begun = await ask(eg.ana);
    const answered = await answer(eg.ben, begun.message);
    const asking = await askingHears(begun.state, answered.message);
    expect((await givingHears(answered.state, asking.message)).state).toEqual({ at: "failed", because: "broken_promise" });
  });

  test("gains nothing by a key with which everybody agrees on nothing", async () => {
    const share = { key: new Uint8Array(32), nonce: randomBytes(32) };
    const commit = toBase64Url(await commitmentTo(share, eg.ana));
    const answered = await answer(eg.ana, { v: 1, step: "commit", commit });
    const reveal = { v: 1, step: "reveal", key: toBase64Url(share.key), nonce: toBase64Url(share.nonce) };
    const giving = await givingHears(answered.state, reveal);
    expect(await givingCompared(giving.state, true, secret)).toEqual({ state: { at: "failed", because: "malformed" }, message: null });
  });
});

function isSame(asking: Asking, giving: Giving): boolean {
  const [here, there] = [comparing(asking), comparing(giving)];
  return Buffer.from(here.transcript).equals(Buffer.from(there.transcript));
}
