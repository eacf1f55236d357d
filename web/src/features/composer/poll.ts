/** A poll as it was filled in, and what is wrong with it. */

import type { PollDraft } from "../../model/pending.ts";

export const most_options = 12;
const fewest_options = 2;

export interface PollFaults {
  readonly isQuestionMissing: boolean;
  /** The first empty line, where there are too few answers; null otherwise. */
  readonly missing: number | null;
  /** The line that says what one above it says. */
  readonly twice: number | null;
}

/** Lines left empty are left out. */
export function pollFrom(filled: PollDraft): { readonly poll: PollDraft | null; readonly faults: PollFaults } {
  const lines = filled.options.map((text) => text.trim());
  const options = lines.filter(Boolean);
  const question = filled.question.trim();
  const twice = lines.findIndex((line, index) => line !== "" && lines.indexOf(line) < index);
  const faults = {
    isQuestionMissing: question === "",
    missing: options.length < fewest_options ? Math.max(0, lines.indexOf("")) : null,
    twice: twice < 0 ? null : twice,
  };
  const isWhole = !faults.isQuestionMissing && faults.missing === null && faults.twice === null;
  return { poll: isWhole ? { question, options, multiple: filled.multiple } : null, faults };
}
