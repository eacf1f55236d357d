"""How push services know this server: by a key of its own (VAPID, RFC 8292).

Authorization: vapid t=<a token signed for one push service>, k=<the public key>
"""

from __future__ import annotations

from datetime import datetime, timedelta
from urllib.parse import urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric import ec

from tertulia.adapters.push_encryption import from_base64url, point_of, to_base64url

LIFETIME = timedelta(hours=12)
"""At most 24 hours (RFC 8292, section 2)."""
_RENEWED = timedelta(hours=1)
_MAX_KEPT = 100


class Vapid:
    """Signs tokens with one key; a token is good for all that goes to one push service."""

    def __init__(self, private_key: str, subject: str) -> None:
        """Take a key, 32 bytes in base64url, and how to reach whoever runs this server."""
        number = int.from_bytes(from_base64url(private_key), "big")
        self._key = ec.derive_private_key(number, ec.SECP256R1())
        self._subject = subject
        self._kept: dict[str, tuple[str, datetime]] = {}
        self.public_key = to_base64url(point_of(self._key.public_key()))

    def authorization(self, endpoint: str, now: datetime) -> str:
        """Return the header for a push to an endpoint."""
        parts = urlsplit(endpoint)
        return (
            f"vapid t={self._token(f'{parts.scheme}://{parts.netloc}', now)}, k={self.public_key}"
        )

    def _token(self, audience: str, now: datetime) -> str:
        token, ends_at = self._kept.get(audience, ("", now))
        if ends_at - now < _RENEWED:
            ends_at = now + LIFETIME
            claims = {"aud": audience, "exp": int(ends_at.timestamp()), "sub": self._subject}
            token = jwt.encode(claims, self._key, algorithm="ES256")
            if len(self._kept) >= _MAX_KEPT:
                # There are a handful of push services; the rest somebody made up.
                self._kept.clear()
            self._kept[audience] = (token, ends_at)
        return token
