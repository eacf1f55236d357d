/** What somebody types to name a person: a phone number or a username. */

import type { ContactKey } from "../../../client/settings.ts";

/** A number has digits and what people put between them; everything else is a username, with or without its @. */
export function contactKeyOf(typed: string): ContactKey | null {
  const text = typed.trim();
  if (text === "" || text === "@") return null;
  if (/^\+?[\d\s().\-/]{5,}$/u.test(text)) return { phone: text };
  return { username: text.replace(/^@/u, "") };
}
