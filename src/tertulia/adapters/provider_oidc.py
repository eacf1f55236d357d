"""A provider that speaks OpenID Connect (Core 1.0), known by its issuer's discovery document."""

from __future__ import annotations

import re
import time
from typing import Any

from authlib.common.urls import add_params_to_uri
from joserfc import jwt
from joserfc.jwk import KeySet

from tertulia.adapters.id_tokens import NotSigned, do_hold, import_keys, signed_claims
from tertulia.adapters.provider_http import TIMEOUT_S, ProviderHttp, refused
from tertulia.core.errors import Unavailable
from tertulia.core.identities import ExternalIdentity

KEPT_S = 3600.0
"""How long the discovery document and the keys are kept."""

SCOPE = "openid email profile"

# At most 255 ASCII characters (Core 1.0, section 2).
_SUBJECT = re.compile(r"[\x20-\x7e]{1,255}")
_URL = re.compile(r"https?://[\x21-\x7e]+")
_WANTED = {"email", "email_verified", "name"}

Document = dict[str, Any]


class OidcProvider:
    """The core's IdentityProvider for one issuer."""

    def __init__(
        self,
        provider_id: str,
        title: str,
        *,
        issuer: str,
        client_id: str,
        client_secret: str,
        timeout_s: float = TIMEOUT_S,
    ) -> None:
        self.id = provider_id
        self.title = title
        self._issuer = issuer
        self._client_id = client_id
        self._client_secret = client_secret
        self._http = ProviderHttp(provider_id, timeout_s=timeout_s)
        self._document: tuple[float, Document] | None = None
        self._keys: tuple[float, KeySet] | None = None

    async def authorization_url(
        self, *, redirect_uri: str, state: str, nonce: str, code_challenge: str
    ) -> str:
        """Return where a browser goes to (Core 1.0, section 3.1.2.1)."""
        endpoint = self._endpoint(await self._discovered(), "authorization_endpoint")
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
        document = await self._discovered()
        answer = await self._exchange(document, code, code_verifier, redirect_uri)
        access_token = _text(answer.get("access_token"))
        claims = await self._claims(
            document, _text(answer.get("id_token")), access_token=access_token, nonce=nonce
        )
        subject = claims.get("sub")
        if not isinstance(subject, str) or not _SUBJECT.fullmatch(subject):
            raise refused()
        told: Document = {}
        if access_token and not claims.keys() >= _WANTED:
            told = await self._user_info(document, access_token, subject)
        # Whether an address is verified is said by whoever names it, and of that address alone.
        said_of_address = told if "email_verified" in told else claims
        return ExternalIdentity(
            subject=subject,
            email=_text(said_of_address.get("email")),
            email_verified=_is_true(said_of_address.get("email_verified")),
            name=_name(claims) or _name(told),
        )

    async def _exchange(
        self, document: Document, code: str, code_verifier: str, redirect_uri: str
    ) -> dict[str, Any]:
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": redirect_uri,
            "code_verifier": code_verifier,
        }
        # Basic is what a provider understands that does not say (Discovery 1.0, section 3).
        methods = document.get("token_endpoint_auth_methods_supported") or ["client_secret_basic"]
        basic = None
        if "client_secret_basic" in methods:
            basic = (self._client_id, self._client_secret)
        else:
            form |= {"client_id": self._client_id, "client_secret": self._client_secret}
        endpoint = self._endpoint(document, "token_endpoint")
        return await self._http.exchange(endpoint, form, basic=basic)

    async def _claims(
        self,
        document: Document,
        id_token: str | None,
        *,
        access_token: str | None,
        nonce: str | None,
    ) -> dict[str, Any]:
        token = await self._signed(document, id_token or "")
        issuer: str = document["issuer"]
        if not do_hold(
            token,
            issuer=issuer,
            client_id=self._client_id,
            access_token=access_token,
            nonce=nonce,
        ):
            raise refused()
        return dict(token.claims)

    async def _signed(self, document: Document, id_token: str) -> jwt.Token:
        try:
            return signed_claims(id_token, await self._key_set(document, KEPT_S))
        except NotSigned:
            # By a key, perhaps, that is newer than those that are kept.
            keys = await self._key_set(document, 0)
        try:
            return signed_claims(id_token, keys)
        except NotSigned:
            raise refused() from None

    async def _user_info(
        self, document: Document, access_token: str, subject: str
    ) -> dict[str, Any]:
        if "userinfo_endpoint" not in document:
            return {}
        endpoint = self._endpoint(document, "userinfo_endpoint")
        found = await self._http.get(endpoint, token=access_token)
        # Somebody else's answer must not be taken for this one's (Core 1.0, section 5.3.2).
        if not isinstance(found, dict) or found.get("sub") != subject:
            raise refused()
        return found

    async def _key_set(self, document: Document, at_most_s: float) -> KeySet:
        if self._keys is None or time.monotonic() - self._keys[0] > at_most_s:
            found = await self._http.get(self._endpoint(document, "jwks_uri"))
            self._keys = (time.monotonic(), import_keys(found))
        return self._keys[1]

    def _endpoint(self, document: Document, name: str) -> str:
        found = document.get(name)
        if not isinstance(found, str) or not _URL.fullmatch(found):
            raise Unavailable("The provider does not say where it is to be asked.")
        # A browser or our secret is not sent in the clear by one that is itself spoken to safely.
        if self._issuer.startswith("https:") and not found.startswith("https:"):
            raise Unavailable("The provider wants to be asked in the clear.")
        return found

    async def _discovered(self) -> Document:
        """Return the issuer's metadata (Discovery 1.0, section 4), which must be its own."""
        if self._document is None or time.monotonic() - self._document[0] > KEPT_S:
            found = await self._http.get(f"{self._issuer}/.well-known/openid-configuration")
            issuer = found.get("issuer") if isinstance(found, dict) else None
            # Some issuers are called by a name that ends in a slash, which the settings leave out.
            if not isinstance(issuer, str) or issuer.removesuffix("/") != self._issuer:
                raise Unavailable("The provider says that it is somebody else.")
            self._document = (time.monotonic(), found)
        return self._document[1]


def _name(claims: Document) -> str | None:
    return _text(claims.get("name")) or _text(claims.get("preferred_username"))


def _text(value: object) -> str | None:
    return value if isinstance(value, str) and value else None


def _is_true(value: object) -> bool:
    # Some providers word it as a text.
    return value is True or value == "true"
