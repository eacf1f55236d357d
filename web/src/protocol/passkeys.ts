/** The browser's part in passkeys, in the JSON forms that the server speaks. */

/** Whether this browser has them, on this page: they are bound to a name, which an IP address is not. */
export function canUsePasskeys(hostname: string): boolean {
  const isAddress = /^\[|^\d+(\.\d+){3}$/u.test(hostname);
  return !isAddress && typeof PublicKeyCredential === "function" && "parseRequestOptionsFromJSON" in PublicKeyCredential;
}

/** Has the browser and its owner prove a passkey. Rejects with a DOMException where the person gave up or took too long. */
export async function provePasskey(options: object): Promise<Record<string, unknown>> {
  const publicKey = PublicKeyCredential.parseRequestOptionsFromJSON(options as PublicKeyCredentialRequestOptionsJSON);
  const credential = await navigator.credentials.get({ publicKey });
  return (credential as PublicKeyCredential).toJSON() as Record<string, unknown>;
}

/**
 * Has the browser and its owner make a passkey. Rejects with a DOMException: `NotAllowedError` where the person gave up or took
 * too long, `InvalidStateError` where the device has one for this account already.
 */
export async function createPasskey(options: object): Promise<Record<string, unknown>> {
  const publicKey = PublicKeyCredential.parseCreationOptionsFromJSON(
    options as PublicKeyCredentialCreationOptionsJSON,
  );
  const credential = await navigator.credentials.create({ publicKey });
  // Asked for one, a browser makes a public key credential or rejects.
  return (credential as PublicKeyCredential).toJSON() as Record<string, unknown>;
}
