/** Finds the addresses in a text. What is found is only ever http or https, so that it is safe to follow. */

export type Piece =
  /** `at` is where in the text the piece begins. */
  | { readonly type: "text"; readonly at: number; readonly text: string }
  | { readonly type: "link"; readonly at: number; readonly text: string; readonly href: string };

const candidates = /\b(?:https?:\/\/|www\.)[^\s<>"]{1,2000}/giu;

/** The text in order, cut into plain pieces and links; joined they are the text again. */
export function splitLinks(text: string): readonly Piece[] {
  const pieces: Piece[] = [];
  let done = 0;
  for (const match of text.matchAll(candidates)) {
    const address = withoutTrailingMarks(match[0]);
    const href = safeHref(address, webProtocols);
    if (href === null) continue;
    if (match.index > done) {
      pieces.push({ type: "text", at: done, text: text.slice(done, match.index) });
    }
    pieces.push({ type: "link", at: match.index, text: address, href });
    done = match.index + address.length;
  }
  if (done < text.length) pieces.push({ type: "text", at: done, text: text.slice(done) });
  return pieces;
}

/** Where a link leads whose address was written apart from its words; null where it must not be followed. */
export function hrefOf(address: string): string | null {
  return safeHref(address, [...webProtocols, "mailto:"]);
}

// A full stop or a bracket that closes the sentence around an address is not part of it.
function withoutTrailingMarks(address: string): string {
  let end = address.length;
  while (end > 0 && isStray(address, end)) end -= 1;
  return address.slice(0, end);
}

function isStray(address: string, end: number): boolean {
  const last = address[end - 1] ?? "";
  if (".,;:!?'»”’*_~|`".includes(last)) return true;
  const opening = { ")": "(", "]": "[", "}": "{" }[last];
  return opening !== undefined && countOf(last, address, end) > countOf(opening, address, end);
}

function countOf(sign: string, address: string, end: number): number {
  let count = 0;
  for (let at = 0; at < end; at += 1) if (address[at] === sign) count += 1;
  return count;
}

const webProtocols: readonly string[] = ["http:", "https:"];

function safeHref(address: string, protocols: readonly string[]): string | null {
  const whole = /^(?:https?|mailto):/iu.test(address) ? address : `https://${address}`;
  if (!URL.canParse(whole)) return null;
  const url = new URL(whole);
  if (!protocols.includes(url.protocol)) return null;
  if (url.protocol === "mailto:") return url.href;
  return url.hostname.includes(".") || url.hostname === "localhost" ? url.href : null;
}
