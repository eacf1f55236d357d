/** Finds the addresses in a text. What is found is only ever http or https, so that it is safe to follow. */

export type Piece =
  /** `at` is where in the text the piece begins. */
  | { readonly type: "text"; readonly at: number; readonly text: string }
  | { readonly type: "link"; readonly at: number; readonly text: string; readonly href: string };

const candidates = /\b(?:https?:\/\/|www\.)[^\s<>"]+/giu;

/** The text in order, cut into plain pieces and links; joined they are the text again. */
export function splitLinks(text: string): readonly Piece[] {
  const pieces: Piece[] = [];
  let done = 0;
  for (const match of text.matchAll(candidates)) {
    const address = withoutTrailingMarks(match[0]);
    const href = safeHref(address);
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

// A full stop or a bracket that closes the sentence around an address is not part of it.
function withoutTrailingMarks(address: string): string {
  let kept = address;
  for (;;) {
    const last = kept.at(-1) ?? "";
    const isStray = ".,;:!?'»”’*_".includes(last) || isUnmatched(kept, last);
    if (!isStray) return kept;
    kept = kept.slice(0, -1);
  }
}

function isUnmatched(address: string, closing: string): boolean {
  const opening = { ")": "(", "]": "[", "}": "{" }[closing];
  if (opening === undefined) return false;
  return address.split(closing).length > address.split(opening).length;
}

function safeHref(address: string): string | null {
  const whole = /^https?:/iu.test(address) ? address : `https://${address}`;
  if (!URL.canParse(whole)) return null;
  const url = new URL(whole);
  if (!["http:", "https:"].includes(url.protocol)) return null;
  return url.hostname.includes(".") || url.hostname === "localhost" ? url.href : null;
}
