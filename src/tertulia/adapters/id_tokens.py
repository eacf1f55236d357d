"""ID tokens (OpenID Connect Core 1.0, section 2), and whether what they say holds."""

from __future__ import annotations

import time

from authlib.oidc.core import CodeIDToken
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import JWKRegistry, Key, KeySet
from joserfc.jws import JWSRegistry

LEEWAY_S = 60
"""How far apart the clocks of a provider and of this server may be."""

# Signatures by the provider alone: a symmetric one could be made by whoever knows our secret.
_ALGORITHMS = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "EdDSA"]
# Providers add words of their own to the header; what is critical is still refused if unknown.
_REGISTRY = JWSRegistry(algorithms=_ALGORITHMS, strict_check_header=False)
# What reading and checking something that is no ID token can end in.
_FAILURES = (JoseError, ValueError, TypeError, KeyError, AttributeError, RecursionError)


class NotSigned(Exception):
    """None of the keys has signed this."""


def import_keys(found: object) -> KeySet:
    """Return the keys of a set (RFC 7517, section 5), without those that are not understood."""
    entries = found.get("keys") if isinstance(found, dict) else None
    return KeySet([key for entry in entries or () if (key := _imported(entry)) is not None])


def signed_claims(id_token: str, keys: KeySet) -> jwt.Token:
    """Return what an ID token says, which one of the keys has signed; NotSigned otherwise."""
    try:
        return jwt.decode(id_token, keys, algorithms=_ALGORITHMS, registry=_REGISTRY)
    except _FAILURES:
        raise NotSigned from None


def do_hold(
    token: jwt.Token, *, issuer: str, client_id: str, access_token: str | None, nonce: str | None
) -> bool:
    """Whether a signed ID token is for us, now, and for this sign-in (section 3.1.3.7)."""
    claims = CodeIDToken(
        token.claims,
        token.header,
        options={
            "iss": {"essential": True, "value": issuer},
            "aud": {"essential": True, "value": client_id},
        },
        params={"nonce": nonce, "client_id": client_id, "access_token": access_token},
    )
    try:
        claims.validate(now=int(time.time()), leeway=LEEWAY_S)
    except _FAILURES:
        return False
    # One that names a nonce belongs to whoever sent it, and to no one who cannot name it.
    return bool(token.claims.get("nonce") == nonce)


def _imported(entry: object) -> Key | None:
    try:
        return JWKRegistry.import_key(entry) if isinstance(entry, dict) else None
    except _FAILURES:
        return None
