/** The texts of voice channels in English, as far as they are read without a call. */

import { countedBy } from "./counted.ts";

export function englishVoice(locale: string) {
  const { number } = countedBy(locale);
  return {
    join: "Join voice",
    count: (count: number) => `${number(count)} in voice`,

    /** How a call ended, or why it could not begin. */
    ended: {
      full: (limit: number | null) =>
        limit === null ? "This voice chat is full." : `This voice chat is full: ${number(limit)} people fit in.`,
      removed: "You were removed from the voice chat.",
      taken_over: "You joined the voice chat on another device. It goes on there.",
      away: "You were away for more than a minute, so the voice chat ended for you.",
      insecure: "Voice needs a secure address. Open this page by https.",
      declined: (name: string) => `${name} declined the call.`,
      blocked: "You cannot call this person.",
      encryption_locked: "This device does not have your keys, so the call cannot be proven to be you. Restore them under Settings, Encryption.",
      other: "The voice chat ended.",
    },
  };
}

export type VoiceWords = ReturnType<typeof englishVoice>;
