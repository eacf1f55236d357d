"""The first thing that a request meets: security headers, CORS, exact paths, HEAD, and who answers.

Paths mean exactly what they say: `/api/me/` is not `/api/me`, and nothing is redirected. What the
HTTP interface does not serve goes to the pages of the web client, and what they do not have ends
in the interface's own 404.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Protocol

from tertulia.gateways.asgi import (
    IS_HEAD,
    App,
    Headers,
    Message,
    Receive,
    Scope,
    Send,
    app_at,
    header,
    send_answer,
)
from tertulia.gateways.origins import PREFLIGHT_HEADERS, Origins
from tertulia.gateways.rest.errors import ErrorEntry, send_error

# Styles may be inline because the component library sets element styles; scripts may not.
_CONTENT_SECURITY_POLICY = "; ".join(
    [
        "default-src 'self'",
        "img-src 'self' data: blob:",
        "media-src 'self' blob:",
        "style-src 'self' 'unsafe-inline'",
        "connect-src 'self'",
        "object-src 'none'",
        "frame-ancestors 'none'",
        "base-uri 'none'",
        "form-action 'self'",
    ]
)
_SECURITY_HEADERS: Headers = [
    (b"content-security-policy", _CONTENT_SECURITY_POLICY.encode()),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"strict-origin-when-cross-origin"),
    (
        b"permissions-policy",
        b"camera=(self), microphone=(self), display-capture=(self), geolocation=(), payment=(),"
        b" usb=()",
    ),
    (b"cross-origin-opener-policy", b"same-origin"),
]
_HSTS: Headers = [(b"strict-transport-security", b"max-age=31536000")]
# Answers are personal unless whoever gives them says otherwise.
_NO_STORE = (b"cache-control", b"no-store")
_PREFLIGHT_MARK = b"access-control-request-method"


class Pages(Protocol):
    """The files of the web client, as far as the front needs to know them."""

    def find(self, path: str, accept: str) -> App | None:
        """Return what answers a GET of this path, or None where there is no such page."""


class Front:
    """Serves HTTP: the interface's routes first, then the pages.

    `rooms` are the first segments of all paths that belong to `routes`; `beside` answers for paths
    of its own, and for folders with all that is in them.
    """

    def __init__(
        self,
        routes: App,
        rooms: Collection[str],
        pages: Pages,
        origins: Origins,
        *,
        is_https: bool,
        beside: Mapping[str, App],
    ) -> None:
        self._routes = routes
        self._rooms = frozenset(rooms)
        self._pages = pages
        self._origins = origins
        self._beside = beside
        self._fixed = _SECURITY_HEADERS + (_HSTS if is_https else [])

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        origin = header(scope, b"origin")
        send = _with_headers(send, [*self._fixed, *self._origins.answer_headers(origin)])
        if scope["method"] == "HEAD":
            scope, send = {**scope, "method": "GET", IS_HEAD: True}, _without_body(send)
        if origin and scope["method"] == "OPTIONS" and header(scope, _PREFLIGHT_MARK):
            await self._answer_preflight(origin, send)
        else:
            await self._find(scope)(scope, receive, send)

    async def _answer_preflight(self, origin: str, send: Send) -> None:
        if self._origins.lists(origin):
            await send_answer(send, 204, PREFLIGHT_HEADERS)
        else:
            entry = ErrorEntry("origin_refused", "Pages of this origin may not call this server.")
            await send_error(send, 403, entry)

    def _find(self, scope: Scope) -> App:
        path: str = scope["path"]
        beside = app_at(self._beside, path)
        if beside is not None:
            return beside
        if path.removeprefix("/").partition("/")[0] in self._rooms:
            return self._routes if _is_exact(path) else _nothing_here
        page = None
        if scope["method"] == "GET":
            page = self._pages.find(path, header(scope, b"accept") or "")
        return page or _nothing_here


def _is_exact(path: str) -> bool:
    return not path.endswith("/") and "//" not in path


async def _nothing_here(_: Scope, __: Receive, send: Send) -> None:
    await send_error(send, 404, ErrorEntry("not_found", "There is nothing here."))


def _with_headers(send: Send, added: Headers) -> Send:
    async def send_with_headers(message: Message) -> None:
        if message["type"] == "http.response.start":
            given = message["headers"]
            said = {name for name, _ in given}
            # What an answer says itself stands; `Vary` alone adds up.
            message["headers"] = [
                *given,
                *((name, value) for name, value in added if name not in said or name == b"vary"),
            ]
            if b"cache-control" not in said:
                message["headers"].append(_NO_STORE)
        await send(message)

    return send_with_headers


def _without_body(send: Send) -> Send:
    async def send_without_body(message: Message) -> None:
        if message["type"] == "http.response.body":
            message = {**message, "body": b""}
        await send(message)

    return send_without_body
