"""The ASGI interface (version 3) as far as the gateways spell it out themselves."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, MutableMapping
from typing import Any

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]
Headers = list[tuple[bytes, bytes]]

IS_HEAD = "tertulia.is_head"
"""Stands in the scope of a GET whose answer is asked for without its body."""


async def send_answer(send: Send, status: int, headers: Headers, body: bytes = b"") -> None:
    """Send a whole HTTP answer at once."""
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})


def header(scope: Scope, name: bytes) -> str | None:
    """Return a request's header; of a repeated one the first."""
    for key, value in scope["headers"]:
        if key == name:
            text: str = value.decode("latin-1")
            return text
    return None


def cookies(scope: Scope) -> dict[str, str]:
    """Return a request's cookies by their names (RFC 6265, section 5.4).

    A name that no cookie may have spoils none of the others: Lynx sends the attribute SameSite
    back as if it were one.
    """
    pairs = (pair.partition("=") for pair in (header(scope, b"cookie") or "").split(";"))
    return {name.strip(): value.strip() for name, _, value in pairs}


def app_at(apps: Mapping[str, App], path: str) -> App | None:
    """Return the application for a path: at exactly it, or at a folder (`/like/this/`) above it."""
    if path in apps:
        return apps[path]
    return next((app for at, app in apps.items() if at.endswith("/") and path.startswith(at)), None)
