"""Whose word about who a person is we take, as the settings say."""

from __future__ import annotations

from tertulia.adapters.provider_github import GithubProvider
from tertulia.adapters.provider_oidc import OidcProvider
from tertulia.core.identities import IdentityProvider
from tertulia.outside_settings import Provider
from tertulia.settings import Settings


def identity_providers(settings: Settings) -> list[IdentityProvider]:
    """Return the providers of the settings, in their order."""
    return [_provider(found) for found in settings.providers]


def _provider(found: Provider) -> IdentityProvider:
    if found.kind == "github":
        return GithubProvider(
            found.id,
            found.title,
            site=found.issuer,
            client_id=found.client_id,
            client_secret=found.client_secret,
        )
    return OidcProvider(
        found.id,
        found.title,
        issuer=found.issuer,
        client_id=found.client_id,
        client_secret=found.client_secret,
    )
