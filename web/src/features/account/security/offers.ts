/** Providers, and which of them let the person in already. */

import type { Identity, Provider } from "../../../model/security.ts";

export type Offer = { readonly provider: Provider; readonly identity: Identity | null };

/** First what is connected, even where the server offers it to nobody new any more; then what could be. */
export function withOffers(
  identities: readonly Identity[],
  providers: readonly Provider[],
): readonly Offer[] {
  const connected = new Set(identities.map((identity) => identity.provider));
  return [
    ...identities.map((identity) => ({
      provider: { id: identity.provider, title: identity.title },
      identity,
    })),
    ...providers
      .filter((provider) => !connected.has(provider.id))
      .map((provider) => ({ provider, identity: null })),
  ];
}
