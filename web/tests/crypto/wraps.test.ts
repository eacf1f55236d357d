import { beforeAll, describe, expect, test } from "vitest";
import { newAccountSecret } from "../../src/crypto/account_secret.ts";
import { randomBytes, toBase64Url } from "../../src/crypto/bytes.ts";
import { newRecoveryKey } from "../../src/crypto/recovery_key.ts";
import {
  newPrfQuestion,
  openWithPasskey,
  openWithRecovery,
  type PasskeyWrap,
  prfQuestionOf,
  type RecoveryWrap,
  wrapForPasskey,
  wrapForRecovery,
} from "../../src/crypto/wraps.ts";
import * as eg from "../examples.ts";

const secret = newAccountSecret();
const recoveryKey = newRecoveryKey();
const output = randomBytes(32);
const question = newPrfQuestion(toBase64Url(randomBytes(16)));
const locked = { status: "refused", because: "locked" };
const malformed = { status: "refused", because: "malformed" };

let forRecovery: RecoveryWrap;
let forPasskey: PasskeyWrap;

beforeAll(async () => {
  forRecovery = await wrapForRecovery(secret, eg.ana, recoveryKey);
  forPasskey = await wrapForPasskey(secret, eg.ana, question, output);
});

describe("the account secret", () => {
  test("comes back with the recovery key", async () => {
    expect(await openWithRecovery(forRecovery, eg.ana, recoveryKey)).toEqual({ status: "opened", secret });
  });

  test("comes back with the passkey, which is asked for what the wrap says", async () => {
    expect(prfQuestionOf(forPasskey)).toEqual(question);
    expect(await openWithPasskey(forPasskey, eg.ana, output)).toEqual({ status: "opened", secret });
  });

  test("stays locked to other keys, for other accounts, and as another kind of wrap", async () => {
    expect(await openWithRecovery(forRecovery, eg.ana, newRecoveryKey())).toEqual(locked);
    expect(await openWithRecovery(forRecovery, eg.ben, recoveryKey)).toEqual(locked);
    expect(await openWithPasskey(forPasskey, eg.ana, randomBytes(32))).toEqual(locked);
    expect(await openWithPasskey(forPasskey, eg.ben, output)).toEqual(locked);
    const disguised = await wrapForPasskey(secret, eg.ana, question, recoveryKey);
    expect(await openWithRecovery(disguised, eg.ana, recoveryKey)).toEqual(locked);
  });

  test("stays locked where anything of the wrap was changed", async () => {
    for (const name of ["salt", "iv", "ct"] as const) {
      const bytes = Buffer.from(forRecovery[name], "base64url");
      bytes[0] = (bytes[0] ?? 0) ^ 1;
      const changed = { ...forRecovery, [name]: bytes.toString("base64url") };
      expect(await openWithRecovery(changed, eg.ana, recoveryKey)).toEqual(locked);
    }
    const asked = { ...forPasskey, input: newPrfQuestion(question.credential).input };
    expect(await openWithPasskey(asked, eg.ana, output)).toEqual(locked);
  });

  test("is not looked for in what is no wrap", async () => {
    for (const object of [null, "wrap", {}, { ...forRecovery, v: 2 }, { ...forRecovery, alg: "none" }, { ...forRecovery, ct: "AAAA" }]) {
      expect(await openWithRecovery(object, eg.ana, recoveryKey)).toEqual(malformed);
      expect(await openWithPasskey(object, eg.ana, output)).toEqual(malformed);
    }
    expect(prfQuestionOf(forRecovery)).toBeNull();
    expect(prfQuestionOf({ ...forPasskey, input: "AAAA" })).toBeNull();
    expect(prfQuestionOf({ ...forPasskey, credential: "" })).toBeNull();
  });

  test("is wrapped anew each time", async () => {
    const again = await wrapForRecovery(secret, eg.ana, recoveryKey);
    expect(again.ct).not.toBe(forRecovery.ct);
    expect(again.salt).not.toBe(forRecovery.salt);
  });
});
