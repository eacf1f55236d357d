"""The cookies that keep a person signed in: `access_token` and `refresh_token`.

No script can read them. Under https they are named with the prefix `__Host-` (RFC 6265bis,
section 4.1.3.2), which a neighbouring subdomain cannot set; both names are accepted. The access
cookie lives as long as the refresh cookie: a browser that comes with an access token expired a
moment ago is let in on both (the tolerance window), which it could not if the cookie were gone.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from litestar.datastructures import Cookie

from tertulia.core.entrance import SignedIn

ACCESS = "access_token"
REFRESH = "refresh_token"
_HOST_PREFIX = "__Host-"


class TokenCookies:
    """Reads, words and clears the two cookies."""

    def __init__(self, *, is_https: bool) -> None:
        self._is_https = is_https
        self._prefix = _HOST_PREFIX if is_https else ""

    def access(self, cookies: Mapping[str, str]) -> str | None:
        """Return the access token that a request carries."""
        return _read(cookies, ACCESS)

    def refresh(self, cookies: Mapping[str, str]) -> str | None:
        """Return the refresh token that a request carries."""
        return _read(cookies, REFRESH)

    def keep(self, signed_in: SignedIn, now: datetime) -> list[Cookie]:
        """Return the cookies that keep these tokens; an unchanged refresh token is left alone."""
        max_age_s = max(0, int((signed_in.refresh_expires_at - now).total_seconds()))
        kept = [self._cookie(self._prefix + ACCESS, signed_in.access_token, max_age_s)]
        if signed_in.refresh_token is not None:
            kept.append(self._cookie(self._prefix + REFRESH, signed_in.refresh_token, max_age_s))
        return kept

    def clear(self) -> list[Cookie]:
        """Return the cookies that make a browser forget both tokens, under either name."""
        prefixes = ["", _HOST_PREFIX] if self._is_https else [""]
        return [
            self._cookie(prefix + name, "", 0) for prefix in prefixes for name in (ACCESS, REFRESH)
        ]

    def carry(self, name: str, value: str, max_age_s: int) -> Cookie:
        """Return a cookie of another name that is kept in the same way; empty to forget it."""
        return self._cookie(self._prefix + name, value, max_age_s)

    def carried(self, cookies: Mapping[str, str], name: str) -> str | None:
        """Return what such a cookie holds, by the one name under which it was set."""
        return cookies.get(self._prefix + name) or None

    def _cookie(self, name: str, value: str, max_age_s: int) -> Cookie:
        return Cookie(
            name,
            value=value,
            max_age=max_age_s,
            secure=self._is_https,
            httponly=True,
            samesite="lax",
        )


def _read(cookies: Mapping[str, str], name: str) -> str | None:
    return cookies.get(_HOST_PREFIX + name) or cookies.get(name) or None
