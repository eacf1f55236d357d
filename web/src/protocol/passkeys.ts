/** The browser's part in passkeys, in the JSON forms that the server speaks. */

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

/**
 * Has the browser and its owner prove that they have a passkey. Rejects with a DOMException: `NotAllowedError` where the person
 * gave up, took too long, or has none.
 */
export async function presentPasskey(options: object): Promise<Record<string, unknown>> {
  const publicKey = PublicKeyCredential.parseRequestOptionsFromJSON(
    options as PublicKeyCredentialRequestOptionsJSON,
  );
  const credential = await navigator.credentials.get({ publicKey });
  // Asked for one, a browser answers with a public key credential or rejects.
  return (credential as PublicKeyCredential).toJSON() as Record<string, unknown>;
}

/**
 * Whether this page can ask for passkeys: by its interface in JSON, which current browsers have, from a safe address that is
 * a name. A passkey cannot be bound to a number.
 */
export function canUsePasskeys(): boolean {
  const isNumber = /^[\d.]+$|^\[/u.test(location.hostname);
  return isSecureContext && "PublicKeyCredential" in globalThis && "parseRequestOptionsFromJSON" in PublicKeyCredential && !isNumber;
}
