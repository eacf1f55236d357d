"""Who makes a request: a bearer token, or cookies and then a token against forged requests.

A bearer header decides alone. Any other `Authorization` is left to whoever it is meant for (Basic
may belong to a proxy in front), and the cookies decide, as `BrowserAccess` says.
"""

from __future__ import annotations

import base64
from typing import Any, cast

from litestar.connection import ASGIConnection
from litestar.datastructures import Cookie
from litestar.handlers import BaseRouteHandler
from litestar.types import Message, Scope

from tertulia.core.entrance import SignedIn
from tertulia.core.errors import NotAuthenticated
from tertulia.core.model import Actor
from tertulia.core.sessions import Sessions
from tertulia.gateways import csrf
from tertulia.gateways.browser_access import BrowserAccess
from tertulia.gateways.rest.bodies import ApiRequest

_SAFE_METHOD = "GET"
_RENEWED_COOKIES = "tertulia.renewed_cookies"


class Access:
    """Lets requests in. One of them serves all routes."""

    def __init__(self, sessions: Sessions, browsers: BrowserAccess) -> None:
        self._sessions = sessions
        self._browsers = browsers

    async def guard(
        self, connection: ASGIConnection[Any, Any, Any, Any], handler: BaseRouteHandler
    ) -> None:
        """Before every handler that is not `public`: set the request's `user` or refuse."""
        request = cast("ApiRequest", connection)
        if request.method == "OPTIONS":
            return
        if handler.opt.get("public"):
            self._refuse_foreign_form(request)
        else:
            request.scope["user"] = await self.actor(request)

    async def actor(self, request: ApiRequest) -> Actor:
        """Return who makes a request; raises NotAuthenticated or Forbidden."""
        token = bearer_token(request)
        if token is not None:
            return await self._sessions.authenticate(token)
        if self._browsers.has_access_token(request.cookies):
            await self.refuse_forged(request)
        actor, renewed = await self._browsers.enter(request.cookies)
        request.scope["state"][_RENEWED_COOKIES] = renewed
        return actor

    async def refuse_forged(self, request: ApiRequest) -> None:
        """Raise Forbidden for an unsafe request by cookie that another page may have sent."""
        if request.method == _SAFE_METHOD:
            return
        self._refuse_foreign_origin(request)
        sent = request.headers.get(csrf.HEADER)
        if sent is None and request.is_form and not request.route_handler.opt.get("is_streamed"):
            sent = (await request.fields()).get(csrf.FIELD)
        self._browsers.refuse_forged(request.cookies, sent)

    def keep(self, signed_in: SignedIn) -> list[Cookie]:
        """Return the cookies that make a browser stay signed in."""
        return self._browsers.keep(signed_in)

    def forget(self) -> list[Cookie]:
        """Return the cookies that make a browser forget who was signed in."""
        return self._browsers.forget()

    def carry(self, name: str, value: str, *, max_age_s: int) -> Cookie:
        """Return a cookie that carries something for a while, which no script can read."""
        return self._browsers.carry(name, value, max_age_s=max_age_s)

    def carried(self, request: ApiRequest, name: str) -> str | None:
        """Return what such a cookie carries."""
        return self._browsers.carried(request.cookies, name)

    def refresh_token(self, request: ApiRequest) -> str | None:
        """Return the refresh token in a request's cookies."""
        return self._browsers.refresh_token(request.cookies)

    def csrf_cookie(self, request: ApiRequest) -> Cookie:
        """Return the cookie with this browser's CSRF token, the one it has if that is good."""
        return self._browsers.csrf_cookie(request.cookies)

    def _refuse_foreign_form(self, request: ApiRequest) -> None:
        # A form is the one body that any page can send here without asking first; a forged
        # sign-in would put its victim into the attacker's account.
        if request.method != _SAFE_METHOD and request.is_form:
            self._refuse_foreign_origin(request)

    def _refuse_foreign_origin(self, request: ApiRequest) -> None:
        self._browsers.refuse_foreign(request.headers.get("origin"), request.headers.get("host"))


async def send_renewed_cookies(message: Message, scope: Scope) -> None:
    """Put the cookies of a session renewed on the way onto its answer, whatever that became."""
    renewed: list[Cookie] | None = scope["state"].get(_RENEWED_COOKIES)
    if renewed and message["type"] == "http.response.start":
        # A handler that clears or replaces a cookie has the last word, and one name is set once
        # (RFC 6265, section 4.1.1).
        given = [value for name, value in message["headers"] if name == b"set-cookie"]
        taken = {value.partition(b"=")[0].decode() for value in given}
        kept = [cookie.to_encoded_header() for cookie in renewed if cookie.key not in taken]
        message["headers"] = [*message["headers"], *kept]


def bearer_token(request: ApiRequest) -> str | None:
    """Return the token of a Bearer header (RFC 6750, section 2.1), or None."""
    scheme, _, token = request.headers.get("authorization", "").strip().partition(" ")
    return token.strip() if scheme.lower() == "bearer" else None


def basic_credentials(request: ApiRequest) -> tuple[str, str] | None:
    """Return name and password of a Basic header (RFC 7617), or None where there is none.

    Raises NotAuthenticated `invalid_credentials` for one that cannot be read.
    """
    scheme, _, encoded = request.headers.get("authorization", "").strip().partition(" ")
    if scheme.lower() != "basic":
        return None
    try:
        text = base64.b64decode(encoded.strip(), validate=True).decode()
    except ValueError:
        text = ""
    name, colon, password = text.partition(":")
    if not colon or "\x00" in name:
        raise NotAuthenticated("This Basic header cannot be read.", code="invalid_credentials")
    return name, password
