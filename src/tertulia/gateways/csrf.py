"""Against forged requests: signed double-submit tokens (OWASP's name for the pattern).

The token is a random value with its HMAC. A script of our own reads it from the cookie `csrftoken`
and sends it back in the header `X-CSRFToken`, or a form does in a field `csrftoken`; a page of
another origin can make the browser send the cookie, but cannot read it to send it twice.
"""

from __future__ import annotations

import hmac
import secrets

from litestar.datastructures import Cookie

COOKIE = "csrftoken"
HEADER = "X-CSRFToken"
FIELD = "csrftoken"
COOKIE_MAX_AGE_S = 365 * 24 * 3600
_RANDOM_BYTES = 16


class CsrfTokens:
    """Issues tokens and tells whether they are its own."""

    def __init__(self, secret: str, *, is_https: bool) -> None:
        # A key of its own, so that what is signed here can never pass for anything else.
        self._key = hmac.digest(secret.encode(), b"tertulia csrf", "sha256")
        self._is_https = is_https

    def issue(self) -> str:
        """Return a fresh token."""
        value = secrets.token_urlsafe(_RANDOM_BYTES)
        return f"{value}.{self._signature(value)}"

    def holds(self, token: str) -> bool:
        """Whether a token was issued here."""
        value, _, signature = token.partition(".")
        return hmac.compare_digest(signature.encode(), self._signature(value).encode())

    def match(self, kept: str | None, sent: str | None) -> bool:
        """Whether a request sent what its cookie holds, and it is one of ours."""
        if not kept or not sent:
            return False
        return hmac.compare_digest(kept.encode(), sent.encode()) and self.holds(kept)

    def cookie(self, token: str) -> Cookie:
        """Return the cookie that keeps a token where a script of this origin can read it."""
        return Cookie(
            COOKIE,
            value=token,
            max_age=COOKIE_MAX_AGE_S,
            secure=self._is_https,
            httponly=False,
            samesite="lax",
        )

    def _signature(self, value: str) -> str:
        return hmac.digest(self._key, value.encode(), "sha256").hex()
