"""An issuer of one's own making, which can be bent in every way that a good one never is."""

from __future__ import annotations

import base64
import hashlib
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest
from joserfc import jwt
from joserfc.jwk import ECKey, Key
from joserfc.jws import JWSRegistry

from tertulia.adapters.provider_oidc import OidcProvider
from tertulia.core.errors import Invalid
from tertulia.core.identities import ExternalIdentity
from tests.adapters.web_server import Answer, Asked, WebServer, as_json, web_server

CLIENT_ID, CLIENT_SECRET = "tertulia", "a secret: 100% ours + nobody's"
CODE, NONCE, ACCESS_TOKEN = "the code", "the nonce", "the access token"
SUBJECT = "248289761001"
VERIFIER = "v" * 43
REDIRECT = "http://town.example/auth/social/work/callback"
DISCOVERY = "/.well-known/openid-configuration"

Json = dict[str, Any]


class FromNow(int):
    """A time in a claim: seconds from when the token is made."""


def new_key(kid: str) -> ECKey:
    """Make a key pair of this name."""
    return ECKey.generate_key("P-256", {"kid": kid, "use": "sig", "alg": "ES256"})


@dataclass
class Issuer:
    """What the issuer says; every part may be put in another way.

    A value of None in `document` or `claims` takes out what is usual. `id_token` and what is in
    `answers` come in the place of what would be made.
    """

    key: Key = field(default_factory=lambda: new_key("first"))
    published: list[Json] | None = None
    document: Json = field(default_factory=dict)
    header: Json = field(default_factory=dict)
    claims: Json = field(default_factory=dict)
    user_info: Json | None = None
    id_token: str | None = None
    answers: dict[str, Callable[[], Answer]] = field(default_factory=dict)
    server: WebServer = field(default_factory=lambda: WebServer(""))

    @property
    def url(self) -> str:
        """How it is known."""
        return self.server.url

    def answer(self, asked: Asked) -> Answer:
        """Answer one request."""
        if asked.path in self.answers:
            return self.answers[asked.path]()
        match asked.path:
            case _ if asked.path == DISCOVERY:
                return as_json(self._document())
            case "/keys":
                usual = [self.key.as_dict(private=False)]
                return as_json({"keys": usual if self.published is None else self.published})
            case "/token":
                return self._tokens(asked)
            case "/me" if self.user_info is not None:
                is_ours = asked.headers.get("authorization") == f"Bearer {ACCESS_TOKEN}"
                return as_json(self.user_info) if is_ours else as_json({}, 401)
        return as_json({"error": "not_found"}, 404)

    def usual_claims(self) -> Json:
        """Return the claims as they are bent."""
        now = int(time.time())
        usual = {
            "iss": self.url,
            "sub": SUBJECT,
            "aud": CLIENT_ID,
            "exp": now + 300,
            "iat": now,
            "nonce": NONCE,
            "at_hash": half_hash(ACCESS_TOKEN),
            "email": "ana@example.org",
            "email_verified": True,
            "name": "Ana",
        }
        told = {
            name: now + value if isinstance(value, FromNow) else value
            for name, value in self.claims.items()
        }
        return _without_none({**usual, **told})

    def signed(self, key: Key, **header: Any) -> str:
        """Sign the claims, whatever the key and the header."""
        head = {"alg": "ES256", "kid": self.key.kid, **self.header, **header}
        # Whatever may stand in a header: a library that signs would refuse half of it.
        registry = JWSRegistry(algorithms=[head["alg"]], strict_check_header=False)
        return jwt.encode(head, self.usual_claims(), key, registry=registry)

    def _document(self) -> Json:
        usual = {
            "issuer": self.url,
            "authorization_endpoint": f"{self.url}/authorize",
            "token_endpoint": f"{self.url}/token",
            "jwks_uri": f"{self.url}/keys",
            "userinfo_endpoint": f"{self.url}/me",
        }
        return _without_none({**usual, **self.document})

    def _tokens(self, asked: Asked) -> Answer:
        if asked.form.get("code") != CODE:
            return as_json({"error": "invalid_grant"}, 400)
        id_token = self.signed(self.key) if self.id_token is None else self.id_token
        return as_json({"access_token": ACCESS_TOKEN, "token_type": "Bearer", "id_token": id_token})


@asynccontextmanager
async def issuer() -> AsyncIterator[Issuer]:
    """Run an issuer that is good until a test bends it."""
    made = Issuer()
    async with web_server(made.answer) as made.server:
        yield made


def provider_at(url: str, *, timeout_s: float = 10.0) -> OidcProvider:
    """Return what takes the word of an issuer."""
    return OidcProvider(
        "work",
        "Work",
        issuer=url,
        client_id=CLIENT_ID,
        client_secret=CLIENT_SECRET,
        timeout_s=timeout_s,
    )


async def identify(
    provider: OidcProvider, *, code: str = CODE, nonce: str | None = NONCE
) -> ExternalIdentity:
    """Have a code exchanged for who it is."""
    return await provider.identify(
        code=code, code_verifier=VERIFIER, redirect_uri=REDIRECT, nonce=nonce
    )


async def refuses(provider: OidcProvider, **how: Any) -> None:
    """Expect that a code, or what comes for it, is not believed."""
    with pytest.raises(Invalid) as refused:
        await identify(provider, **how)
    assert (refused.value.code, refused.value.attr) == ("provider_refused", "code")


def half_hash(text: str) -> str:
    """Return the hash of a token, as ES256 and RS256 have it (Core 1.0, section 3.1.3.6)."""
    digest = hashlib.sha256(text.encode()).digest()
    return base64.urlsafe_b64encode(digest[:16]).rstrip(b"=").decode()


def _without_none(values: Json) -> Json:
    return {name: value for name, value in values.items() if value is not None}
