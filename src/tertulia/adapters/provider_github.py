"""GitHub as a provider: OAuth 2.0 with an interface of its own ("Authorizing OAuth apps").

It issues no ID token; who it is says `GET /user`, whose `id` never changes, and which addresses are
verified says `GET /user/emails`.
"""

from __future__ import annotations

from authlib.common.urls import add_params_to_uri

from tertulia.adapters.provider_http import TIMEOUT_S, ProviderHttp, refused
from tertulia.core.identities import ExternalIdentity

SCOPE = "read:user user:email"


class GithubProvider:
    """The core's IdentityProvider for GitHub, or an enterprise server at an address of its own."""

    def __init__(
        self,
        provider_id: str,
        title: str,
        *,
        site: str,
        client_id: str,
        client_secret: str,
        timeout_s: float = TIMEOUT_S,
    ) -> None:
        self.id = provider_id
        self.title = title
        self._site = site
        is_public = site == "https://github.com"
        self._api = "https://api.github.com" if is_public else f"{site}/api/v3"
        self._client_id = client_id
        self._client_secret = client_secret
        self._http = ProviderHttp(provider_id, timeout_s=timeout_s)

    async def authorization_url(
        self,
        *,
        redirect_uri: str,
        state: str,
        nonce: str,  # noqa: ARG002, GitHub has no ID token to bind it to
        code_challenge: str,
    ) -> str:
        """Return where a browser goes to."""
        url: str = add_params_to_uri(
            f"{self._site}/login/oauth/authorize",
            [
                ("client_id", self._client_id),
                ("redirect_uri", redirect_uri),
                ("scope", SCOPE),
                ("state", state),
                ("code_challenge", code_challenge),
                ("code_challenge_method", "S256"),
            ],
        )
        return url

    async def identify(
        self,
        *,
        code: str,
        code_verifier: str,
        redirect_uri: str,
        nonce: str | None,  # noqa: ARG002, GitHub has no ID token to bind it to
    ) -> ExternalIdentity:
        """Exchange a code for a token, and ask who it is."""
        answer = await self._http.exchange(
            f"{self._site}/login/oauth/access_token",
            {
                "client_id": self._client_id,
                "client_secret": self._client_secret,
                "code": code,
                "code_verifier": code_verifier,
                "redirect_uri": redirect_uri,
            },
        )
        token = answer.get("access_token")
        if not isinstance(token, str):
            raise refused()
        user = await self._http.get(f"{self._api}/user", token=token)
        user_id = user.get("id") if isinstance(user, dict) else None
        if not isinstance(user_id, int) or isinstance(user_id, bool):
            raise refused()
        # An app that may not read addresses is told none, and lets people in all the same.
        email, is_verified = _address(
            await self._http.find(f"{self._api}/user/emails", token=token)
        )
        name = user.get("name") or user.get("login")
        return ExternalIdentity(
            subject=str(user_id),
            email=email,
            email_verified=is_verified,
            name=name if isinstance(name, str) else None,
        )


def _address(emails: object) -> tuple[str | None, bool]:
    """Return the primary address, and whether it is verified."""
    for entry in emails if isinstance(emails, list) else []:
        if isinstance(entry, dict) and entry.get("primary") is True:
            email = entry.get("email")
            return (email if isinstance(email, str) else None), entry.get("verified") is True
    return None, False
