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
