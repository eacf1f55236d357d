/**
 * What is held of other people's identities. The first that is seen of somebody is believed and kept (trust on first use);
 * another one afterwards is a change, which is shown and decided on by the person.
 */

export interface Pin {
  readonly accountId: string;
  /** The identity that is believed to be theirs now: a public key in base64url. */
  readonly identity: string;
  /** Those that were believed before: messages from that time still open. */
  readonly former: readonly string[];
  /** The two have compared numbers for the present identity. */
  readonly verified: boolean;
}

/** `new`: nothing is held of this person yet. */
export type Standing = "new" | "current" | "former" | "changed";

/** `pin` is what is held of the person, if anything is. */
export function standingOf(pin: Pin | null, identity: string): Standing {
  if (pin === null) return "new";
  if (pin.identity === identity) return "current";
  return pin.former.includes(identity) ? "former" : "changed";
}

/** Believes a person's identity from now on: at first sight, or because the reader accepted the change. */
export function accept(pin: Pin | null, accountId: string, identity: string): Pin {
  if (pin === null) return { accountId, identity, former: [], verified: false };
  if (pin.identity === identity) return pin;
  const former = [pin.identity, ...pin.former].filter((held) => held !== identity);
  return { accountId, identity, former, verified: false };
}

/** The numbers were compared and were the same, or were taken to be different. */
export function withVerified(pin: Pin, verified: boolean): Pin {
  return { ...pin, verified };
}
