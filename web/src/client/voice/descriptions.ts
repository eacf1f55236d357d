/**
 * What is read from session descriptions (SDP, RFC 8866), and the one line that is written into them: which of the streams is the
 * screen. `a=x-tertulia-screen:<stream>`; others pass over a line that they do not know.
 */

const screenLine = "a=x-tertulia-screen:";

/** `streamId`: of the screen that is shared; null: none is. */
export function withScreen(sdp: string, streamId: string | null): string {
  if (streamId === null) return sdp;
  // Before the first medium: it is said of the whole.
  const at = sdp.indexOf("m=");
  return at === -1 ? sdp : `${sdp.slice(0, at)}${screenLine}${streamId}\r\n${sdp.slice(at)}`;
}

export function screenOf(sdp: string): string | null {
  return linesWith(sdp, screenLine)[0] ?? null;
}

/** Which connection a description is of: the same in all that one says (RFC 9429, section 5.2.1: the session's id). */
export function originOf(sdp: string): string {
  return linesWith(sdp, "o=")[0]?.split(" ")[1] ?? "";
}

/** By what the two ends of a connection know each other (ICE, RFC 8839, section 5.4). */
export function credentialsOf(sdp: string): string {
  return linesWith(sdp, "a=ice-ufrag:")[0]?.trim() ?? "";
}

/** The certificates that the media may come with, each once and in one order; both sides see them alike. */
export function fingerprintsOf(sdp: string): readonly string[] {
  const found = linesWith(sdp, "a=fingerprint:").map((line) => {
    const [hash = "", ...digits] = line.trim().split(/\s+/u);
    return `${hash.toLowerCase()} ${digits.join("").toUpperCase()}`;
  });
  return [...new Set(found)].toSorted();
}

function linesWith(sdp: string, head: string): readonly string[] {
  return sdp
    .split(/\r?\n/u)
    .filter((line) => line.startsWith(head))
    .map((line) => line.slice(head.length));
}
