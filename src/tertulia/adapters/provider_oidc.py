"""A provider that speaks OpenID Connect (Core 1.0), known by its issuer's discovery document."""

from __future__ import annotations

import time
from typing import Any

from authlib.common.urls import add_params_to_uri
from authlib.oidc.core import CodeIDToken
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from tertulia.adapters.provider_http import ProviderHttp, refused
from tertulia.core.errors import Unavailable
from tertulia.core.identities import ExternalIdentity

KEPT_S = 3600.0
"""How long the discovery document and the keys are kept."""

LEEWAY_S = 60
SCOPE = "openid email profile"

# Signatures by the provider alone: a symmetric one could be made by whoever knows our secret.
_ALGORITHMS = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "EdDSA"]


class OidcProvider:
    """The core's IdentityProvider for one issuer."""

    def __init__(
        self, provider_id: str, title: str, *, issuer: str, client_id: str, client_secret: str
    ) -> None:
        self.id = provider_id
        self.title = title
        self._issuer = issuer
        self._client_id = client_id
        self._client_secret = client_secret
        self._http = ProviderHttp(provider_id)
        self._document: tuple[float, dict[str, Any]] | None = None
        self._keys: tuple[float, KeySet] | None = None

    async def authorization_url(
        self, *, redirect_uri: str, state: str, nonce: str, code_challenge: str
    ) -> str:
        """Return where a browser goes to (Core 1.0, section 3.1.2.1)."""
        endpoint = await self._endpoint("authorization_endpoint")
        url: str = add_params_to_uri(
            endpoint,
            [
                ("response_type", "code"),
                ("client_id", self._client_id),
                ("redirect_uri", redirect_uri),
                ("scope", SCOPE),
                ("state", state),
                ("nonce", nonce),
                ("code_challenge", code_challenge),
                ("code_challenge_method", "S256"),
            ],
        )
        return url

    async def identify(
        self, *, code: str, code_verifier: str, redirect_uri: str, nonce: str | None
    ) -> ExternalIdentity:
        """Exchange a code for the ID token, and check all that it says."""
        answer = await self._exchange(code, code_verifier, redirect_uri)
        access_token = str(answer.get("access_token", ""))
        claims = await self._checked(str(answer.get("id_token", "")), access_token, nonce)
        subject = claims.get("sub")
        if not isinstance(subject, str) or not 0 < len(subject) <= 255:
            raise refused()
        if "email" not in claims and access_token:
            claims = {**claims, **await self._user_info(access_token, subject)}
        return ExternalIdentity(
            subject=subject,
            email=_text(claims.get("email")),
            email_verified=claims.get("email_verified") is True,
            name=_text(claims.get("name")) or _text(claims.get("preferred_username")),
        )

    async def _exchange(self, code: str, code_verifier: str, redirect_uri: str) -> dict[str, Any]:
        document = await self._discovered()
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": redirect_uri,
            "code_verifier": code_verifier,
        }
        # Basic is what a provider understands that does not say (Discovery 1.0, section 3).
        methods = document.get("token_endpoint_auth_methods_supported", ["client_secret_basic"])
        basic = None
        if "client_secret_basic" in methods:
            basic = (self._client_id, self._client_secret)
        else:
            form |= {"client_id": self._client_id, "client_secret": self._client_secret}
        endpoint = await self._endpoint("token_endpoint")
        return _object(await self._http.post(endpoint, form, basic=basic))

    async def _checked(self, id_token: str, access_token: str, nonce: str | None) -> dict[str, Any]:
        """Return the claims of an ID token that holds (Core 1.0, section 3.1.3.7)."""
        try:
            token = await self._decoded(id_token)
            claims = CodeIDToken(
                token.claims,
                token.header,
                options={
                    "iss": {"essential": True, "value": self._issuer},
                    "aud": {"essential": True, "value": self._client_id},
                },
                params={
                    "nonce": nonce,
                    "client_id": self._client_id,
                    "access_token": access_token,
                },
            )
            claims.validate(now=int(time.time()), leeway=LEEWAY_S)
        except (JoseError, ValueError, TypeError, KeyError):
            raise refused() from None
        return dict(token.claims)

    async def _decoded(self, id_token: str) -> jwt.Token:
        try:
            return jwt.decode(id_token, await self._key_set(), algorithms=_ALGORITHMS)
        except (JoseError, ValueError):
            # It may be signed by a key that is newer than ours.
            keys = await self._key_set(at_most_s=LEEWAY_S)
            return jwt.decode(id_token, keys, algorithms=_ALGORITHMS)

    async def _user_info(self, access_token: str, subject: str) -> dict[str, Any]:
        document = await self._discovered()
        if "userinfo_endpoint" not in document:
            return {}
        endpoint = await self._endpoint("userinfo_endpoint")
        found = _object(await self._http.get(endpoint, token=access_token))
        # Somebody else's answer must not be taken for this one's (Core 1.0, section 5.3.2).
        if found.get("sub") != subject:
            raise refused()
        return found

    async def _key_set(self, at_most_s: float = KEPT_S) -> KeySet:
        if self._keys is None or time.monotonic() - self._keys[0] > at_most_s:
            found = _object(await self._http.get(await self._endpoint("jwks_uri")))
            self._keys = (time.monotonic(), KeySet.import_key_set({"keys": found.get("keys", [])}))
        return self._keys[1]

    async def _endpoint(self, name: str) -> str:
        found = (await self._discovered()).get(name)
        if not isinstance(found, str):
            raise Unavailable("The provider does not say where it is to be asked.")
        return found

    async def _discovered(self) -> dict[str, Any]:
        """Return the issuer's metadata (Discovery 1.0, section 4), which must be its own."""
        if self._document is None or time.monotonic() - self._document[0] > KEPT_S:
            url = f"{self._issuer}/.well-known/openid-configuration"
            found = _object(await self._http.get(url))
            if str(found.get("issuer", "")).rstrip("/") != self._issuer:
                raise Unavailable("The provider says that it is somebody else.")
            self._document = (time.monotonic(), found)
        return self._document[1]


def _object(found: Any) -> dict[str, Any]:
    if not isinstance(found, dict):
        raise refused()
    return found


def _text(value: object) -> str | None:
    return value if isinstance(value, str) and value else None
