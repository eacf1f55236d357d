"""Web origins (RFC 6454): which other pages may talk to this server from a browser.

A page of the server itself always may. Others are named in the settings; they get the CORS headers
of the Fetch standard, with credentials, and every other origin gets none.
"""

from __future__ import annotations

from collections.abc import Collection

from tertulia.gateways.asgi import Headers

PREFLIGHT_HEADERS: Headers = [
    (b"access-control-allow-methods", b"GET, POST, PUT, PATCH, DELETE"),
    (
        b"access-control-allow-headers",
        b"Authorization, Content-Type, X-CSRFToken, X-Phoenix-AuthToken",
    ),
    (b"access-control-max-age", b"600"),
]
_VARY: Headers = [(b"vary", b"Origin")]


class Origins:
    """The origins that may read answers and send cookies along."""

    def __init__(self, listed: Collection[str]) -> None:
        self._listed = frozenset(listed)

    def lists(self, origin: str) -> bool:
        """Whether an origin is one of those in the settings."""
        return origin in self._listed

    def allows(self, origin: str, host: str | None) -> bool:
        """Whether an origin is listed, or that of the server as the request's Host calls it."""
        return origin in self._listed or (host is not None and origin.partition("://")[2] == host)

    def answer_headers(self, origin: str | None) -> Headers:
        """Return the headers that let a page of a listed origin read an answer."""
        if origin is None or not self.lists(origin):
            return _VARY
        return [
            *_VARY,
            (b"access-control-allow-origin", origin.encode("latin-1")),
            (b"access-control-allow-credentials", b"true"),
            (b"access-control-expose-headers", b"Retry-After"),
        ]
