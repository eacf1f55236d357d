/** Why coming in by an account elsewhere failed, as the server leads the browser back with it. */

const known = [
  "access_denied",
  "account_exists",
  "account_disabled",
  "identity_taken",
  "provider_connected",
  "state_mismatch",
  "rate_limited",
] as const;

export type ProviderFailure = (typeof known)[number] | "other";

export function providerFailure(code: string): ProviderFailure {
  return known.find((each) => each === code) ?? "other";
}
