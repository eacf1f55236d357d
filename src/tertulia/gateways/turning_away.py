"""Turning somebody away from a plain WebSocket, in words and a close code that a page can read.

A page can read no answer to a handshake, so the socket is accepted first: then the refusal is said,
and the socket closed. Only a page of a foreign origin that comes with a cookie is answered with
403, for it is not to learn anything.
"""

from __future__ import annotations

from tertulia.core.errors import NotAuthenticated, NotFound, Refusal
from tertulia.gateways.asgi import Receive, Send
from tertulia.realtime.connection import SESSION_ENDED, TRY_AGAIN

# Close codes of our own, beside SESSION_ENDED.
NOT_ALLOWED = 4003
NOT_THERE = 4004


def close_code(refusal: Refusal) -> int:
    """Return with which code a socket closes to whom it cannot be open."""
    match refusal:
        case NotAuthenticated():
            return SESSION_ENDED
        case NotFound():
            return NOT_THERE
        case _:
            return TRY_AGAIN if refusal.can_retry else NOT_ALLOWED


async def turn_away(refusal: Refusal, said: bytes, receive: Receive, send: Send) -> None:
    """Refuse a WebSocket that was not accepted yet; `said` words the refusal."""
    await receive()
    if refusal.code == "origin_refused":
        await send({"type": "websocket.close"})
        return
    await send({"type": "websocket.accept"})
    await send({"type": "websocket.send", "text": said.decode()})
    await send({"type": "websocket.close", "code": close_code(refusal), "reason": refusal.code})
