"""Who may open a socket: what the request that opens it has to show, before it is accepted.

In this order: `?ticket=` (single use), `?token=`, `Authorization: Bearer`, a token in the
subprotocols as the npm client's `authToken` sends it (over long polling in a header), and the
`access_token` cookie. Browsers send cookies along from pages of any site, so a cookie needs an
`Origin` that is allowed: the server's own, or one from the settings (CWE-1385; RFC 6455, section
10.2). A page's own GET carries none: there `Sec-Fetch-Site` must not say that it came from another
site, and where a browser says neither, that other site cannot read the answer.
"""

from __future__ import annotations

import binascii
from base64 import urlsafe_b64decode
from collections.abc import Collection, Mapping, Sequence
from urllib.parse import parse_qs

from tertulia.core.errors import Forbidden, NotAuthenticated
from tertulia.core.model import Actor
from tertulia.core.sessions import Sessions
from tertulia.gateways.asgi import Scope, cookies, header
from tertulia.gateways.origins import Origins

SUBPROTOCOL = "phoenix"
"""What the npm client names beside a token in the subprotocols, and expects to be accepted."""

Query = Mapping[str, Sequence[str]]
"""The parameters of an address, each with its values in their order."""

_TOKEN_PREFIX = "base64url.bearer.phx."  # noqa: S105 - what stands before a token
_COOKIES = ("__Host-access_token", "access_token")


class Doorkeeper:
    """Turns an upgrade request into whose it is."""

    def __init__(self, sessions: Sessions, origins: Collection[str]) -> None:
        self._sessions = sessions
        self._origins = Origins(origins)

    async def admit(self, scope: Scope, query: Query | None = None) -> Actor:
        """Return who opens this socket; raises NotAuthenticated, or Forbidden for the Origin.

        `query` has what counts of the address, where that is not all of it.
        """
        if query is None:
            query = parse_qs(scope["query_string"].decode("latin-1"))
        if "ticket" in query:
            return await self._sessions.redeem_ticket(query["ticket"][0])
        token = query["token"][0] if "token" in query else _bearer(scope) or _auth_token(scope)
        if token is not None:
            return await self._sessions.authenticate(token)
        token = _cookie_token(scope)
        if token is None:
            raise NotAuthenticated("This socket needs a token, a ticket or a cookie.")
        if not self._is_allowed_origin(scope):
            raise Forbidden("Pages of this origin may not connect.", code="origin_refused")
        return await self._sessions.authenticate(token)

    def _is_allowed_origin(self, scope: Scope) -> bool:
        origin = header(scope, b"origin")
        if origin is None and scope["type"] == "http":
            return header(scope, b"sec-fetch-site") in (None, "same-origin")
        return origin is not None and self._origins.allows(origin, header(scope, b"host"))


def query_value(scope: Scope, name: str) -> str | None:
    """Return a parameter of the query, of a repeated one the first."""
    values = parse_qs(scope["query_string"].decode("latin-1")).get(name)
    return values[0] if values else None


def accepted_subprotocol(scope: Scope) -> str | None:
    """Return which of the subprotocols that a client offers is spoken here."""
    return SUBPROTOCOL if SUBPROTOCOL in scope["subprotocols"] else None


def _bearer(scope: Scope) -> str | None:
    scheme, _, token = (header(scope, b"authorization") or "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" else None


def _auth_token(scope: Scope) -> str | None:
    if scope["type"] == "http":
        return header(scope, b"x-phoenix-authtoken")
    for name in scope["subprotocols"]:
        if name.startswith(_TOKEN_PREFIX):
            return _base64_text(name.removeprefix(_TOKEN_PREFIX))
    return None


def _base64_text(encoded: str) -> str:
    try:
        return urlsafe_b64decode(encoded + "=" * (-len(encoded) % 4)).decode()
    except (binascii.Error, ValueError):
        raise NotAuthenticated("This token is not valid.", code="invalid_token") from None


def _cookie_token(scope: Scope) -> str | None:
    found = cookies(scope)
    return next((found[name] for name in _COOKIES if found.get(name)), None)
