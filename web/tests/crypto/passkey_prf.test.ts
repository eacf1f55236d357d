import { createHash, createHmac } from "node:crypto";
import { describe, expect, test } from "vitest";
import { fromBase64Url, randomBytes, toBase64Url } from "../../src/crypto/bytes.ts";
import { browserPasskeyPrf, wishingForPrf } from "../../src/crypto/passkey_prf.ts";
import { newPrfQuestion } from "../../src/crypto/wraps.ts";

/** A device with passkeys, as WebAuthn Level 3 describes it for the `prf` extension over CTAP's `hmac-secret`. */
class Device {
  readonly asked: PublicKeyCredentialRequestOptions[] = [];
  private readonly secrets = new Map<string, Uint8Array>();

  make(hasPrf = true): string {
    const id = toBase64Url(randomBytes(16));
    this.secrets.set(id, hasPrf ? randomBytes(32) : new Uint8Array(0));
    return id;
  }

  readonly get = async (options?: CredentialRequestOptions): Promise<Credential | null> => {
    const { allowCredentials = [], extensions, userVerification } = options?.publicKey ?? {};
    if (options?.publicKey) this.asked.push(options.publicKey);
    const ids = allowCredentials.map(({ id }) => toBase64Url(new Uint8Array(id as Uint8Array<ArrayBuffer>)));
    const id = ids.find((allowed) => this.secrets.has(allowed));
    const secret = this.secrets.get(id ?? "");
    if (id === undefined || secret === undefined) throw new DOMException("Nothing was chosen.", "NotAllowedError");
    const input = extensions?.prf?.evalByCredential?.[id]?.first;
    const results = secret.length > 0 && input && userVerification === "required" ? { first: evaluate(secret, input as Uint8Array) } : undefined;
    const credential = { id, rawId: fromBase64Url(id)?.buffer, getClientExtensionResults: () => ({ prf: results ? { results } : {} }) };
    return await Promise.resolve(credential as unknown as Credential);
  };
}

function evaluate(secret: Uint8Array, input: Uint8Array): ArrayBuffer {
  const salt = createHash("sha256").update("WebAuthn PRF\0").update(input).digest();
  return Uint8Array.from(createHmac("sha256", secret).update(salt).digest()).buffer;
}

describe("a passkey's function", () => {
  test("answers the same for the same question, and other questions otherwise", async () => {
    const device = new Device();
    const prf = browserPasskeyPrf("chat.example.org", device);
    const question = newPrfQuestion(device.make());
    const [first, again] = [await prf.ask([question]), await prf.ask([question])];
    expect(first?.output).toHaveLength(32);
    expect(again).toEqual(first);
    const other = await prf.ask([newPrfQuestion(question.credential)]);
    expect(other?.output).not.toEqual(first?.output);
    expect(device.asked.every(({ rpId, userVerification }) => rpId === "chat.example.org" && userVerification === "required")).toBe(true);
  });

  test("says which of several passkeys was presented", async () => {
    const device = new Device();
    const elsewhere = newPrfQuestion(new Device().make());
    const here = newPrfQuestion(device.make());
    const answer = await browserPasskeyPrf(undefined, device).ask([elsewhere, here]);
    expect(answer?.question).toEqual(here);
    expect(device.asked[0]).not.toHaveProperty("rpId");
  });

  test("is missing from some passkeys", async () => {
    const device = new Device();
    expect(await browserPasskeyPrf(undefined, device).ask([newPrfQuestion(device.make(false))])).toBeNull();
  });

  test("is not had where the person gives up", async () => {
    const asking = browserPasskeyPrf(undefined, new Device()).ask([newPrfQuestion("AAAA")]);
    await expect(asking).rejects.toMatchObject({ name: "NotAllowedError" });
  });

  test("is wished for when a passkey is made, beside what the server wants", () => {
    expect(wishingForPrf({ rp: {}, extensions: { credProps: true } })).toEqual({ rp: {}, extensions: { credProps: true, prf: {} } });
    expect(wishingForPrf({})).toEqual({ extensions: { prf: {} } });
  });
});
