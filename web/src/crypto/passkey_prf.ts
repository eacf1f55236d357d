/**
 * A passkey's pseudo-random function (WebAuthn Level 3, section 10.1.4, `prf`): 32 bytes that the device gives for an input, to
 * its owner only, and the same ones each time.
 */

import { type Bytes, fromBase64Url, randomBytes, toBase64Url } from "./bytes.ts";
import type { PrfQuestion } from "./wraps.ts";

/** `question` is the one that was answered: it says which passkey was presented. */
export interface PrfAnswer {
  readonly question: PrfQuestion;
  readonly output: Bytes;
}

export interface PasskeyPrf {
  /**
   * Has the owner present one of the passkeys that are asked. Null: the one that was presented has no such function. Rejects
   * with a DOMException: `NotAllowedError` where the person gave up, took too long, or has none of them here.
   */
  readonly ask: (questions: readonly PrfQuestion[]) => Promise<PrfAnswer | null>;
}

/** `rpId` is the one that the passkeys were made for, where it is not the page's own host. */
export function browserPasskeyPrf(rpId?: string, credentials: Pick<CredentialsContainer, "get"> = navigator.credentials): PasskeyPrf {
  return {
    ask: async (questions) => {
      const publicKey = { ...requestOf(questions), ...(rpId === undefined ? {} : { rpId }) };
      const credential = (await credentials.get({ publicKey })) as PublicKeyCredential | null;
      const output = credential?.getClientExtensionResults().prf?.results?.first;
      const question = credential && questions.find((asked) => asked.credential === toBase64Url(new Uint8Array(credential.rawId)));
      if (!question || output === undefined) return null;
      return { question, output: bytesOf(output) };
    },
  };
}

/** The options for making a passkey, as the server gave them in JSON, with the wish that it have the function. */
export function wishingForPrf(options: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const extensions = options["extensions"] as Record<string, unknown> | undefined;
  return { ...options, extensions: { ...extensions, prf: {} } };
}

function requestOf(questions: readonly PrfQuestion[]): PublicKeyCredentialRequestOptions {
  const evalByCredential = Object.fromEntries(
    questions.map(({ credential, input }) => [credential, { first: fromBase64Url(input) ?? new Uint8Array() }]),
  );
  return {
    // Nobody checks the assertion: what counts is the function's output.
    challenge: randomBytes(32),
    allowCredentials: questions.map(({ credential }) => ({
      type: "public-key",
      id: fromBase64Url(credential) ?? new Uint8Array(),
    })),
    // A device has two functions, one for when it has made sure who holds it and one for when it has not.
    userVerification: "required",
    extensions: { prf: { evalByCredential } },
  };
}

function bytesOf(source: BufferSource): Bytes {
  const view = ArrayBuffer.isView(source) ? new Uint8Array(source.buffer, source.byteOffset, source.byteLength) : new Uint8Array(source);
  return Uint8Array.from(view);
}
