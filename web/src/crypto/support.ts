/** Whether this browser can do what the encryption needs. */

/**
 * False on pages that came over plain http (they have no WebCrypto), and in browsers without X25519 and Ed25519 in it. Those
 * who have them: Chromium from 137, Firefox from 130, Safari from 17.
 */
export async function canEncrypt(): Promise<boolean> {
  try {
    await crypto.subtle.generateKey({ name: "X25519" }, false, ["deriveBits"]);
    await crypto.subtle.generateKey({ name: "Ed25519" }, false, ["sign", "verify"]);
    return true;
  } catch {
    return false;
  }
}
