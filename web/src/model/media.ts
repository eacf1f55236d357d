/** What was shared in a conversation. */

import type { Message } from "./message.ts";
import type { User } from "./user.ts";

export const mediaKinds = ["image", "video", "file", "audio", "link"] as const;
export type MediaKind = (typeof mediaKinds)[number];

/** The messages that carry something of a kind, the newest first. */
export interface MediaPage {
  readonly items: readonly Message[];
  readonly page_token: string | null;
  readonly users: readonly User[];
}

/** The addresses in a text that lead elsewhere, each once. */
export function linksIn(text: string): readonly string[] {
  const found = text.matchAll(/https?:\/\/[^\s<>"'`]+/gu);
  return [...new Set([...found].map(([address]) => address.replace(/[).,;:!?\]}*_~]+$/u, "")))];
}

/** Where an address leads, in short: the host without `www.`; the address itself where it has none. */
export function hostOf(address: string): string {
  try {
    return new URL(address).host.replace(/^www\./u, "");
  } catch {
    return address;
  }
}
