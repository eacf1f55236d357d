"""From an ASGI WebSocket call to a connection that the hub knows."""

from __future__ import annotations

from collections.abc import Callable
from typing import cast

from tertulia.core.model import Actor
from tertulia.realtime.connection import Connection, Handler
from tertulia.realtime.connection_plain import Message, PlainConnection, Receive, Send
from tertulia.realtime.connection_raw import RawConnection
from tertulia.realtime.dialect import Dialect
from tertulia.realtime.hub import Hub
from tertulia.realtime.websocket import EXTENSION, HandOver


async def serve(
    scope: Message,
    receive: Receive,
    send: Send,
    hub: Hub,
    *,
    actor: Actor,
    dialect: Dialect,
    opened: Callable[[Connection], Handler],
    subprotocol: str | None = None,
    has_heartbeat: bool = True,
) -> None:
    """Accept a WebSocket and have it served by the handler that `opened` makes for it.

    Called before anything was received from an ASGI WebSocket call whose person is known. Where the
    server hands the transport over this returns at once and the connection lives on; elsewhere it
    returns when the connection is gone. Without `has_heartbeat` this wire's clients say nothing by
    themselves while nothing happens, and are asked whether they are there.
    """
    await receive()
    await send({"type": "websocket.accept", "subprotocol": subprotocol})
    hand_over = cast(HandOver | None, scope.get("extensions", {}).get(EXTENSION))
    if hand_over is None:
        await _serve_plainly(receive, send, hub, actor, dialect, opened)
        return
    connection = RawConnection(actor, dialect, hub.detach, has_heartbeat=has_heartbeat)
    connection.handler = opened(connection)
    connection.wire = hand_over(connection, max_waiting_bytes=hub.slow_listener_bytes)
    if connection.take_sound is not None:
        connection.wire.take_sound = connection.hear
    hub.attach(connection)


async def _serve_plainly(
    receive: Receive,
    send: Send,
    hub: Hub,
    actor: Actor,
    dialect: Dialect,
    opened: Callable[[Connection], Handler],
) -> None:
    connection = PlainConnection(actor, dialect, max_waiting_bytes=hub.slow_listener_bytes)
    connection.handler = opened(connection)
    hub.attach(connection)
    try:
        await connection.run(receive, send)
    finally:
        hub.detach(connection)
        connection.lost()
