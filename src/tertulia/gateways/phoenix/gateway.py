"""The ASGI application at `/socket/websocket`: lets people in and gives each socket its handler.

Long polling (`longpoll.py`) asks it for the same.
"""

from __future__ import annotations

import logging
from collections.abc import Collection

from tertulia.core.chat import ChatCore
from tertulia.core.errors import Invalid, Refusal
from tertulia.core.model import Actor
from tertulia.gateways.asgi import Receive, Scope, Send
from tertulia.gateways.doorkeeper import Doorkeeper, accepted_subprotocol, query_value
from tertulia.gateways.flood import PushRate
from tertulia.gateways.phoenix.channels.channel import Caller
from tertulia.gateways.phoenix.dialect import PhoenixDialect
from tertulia.gateways.phoenix.frames import V1, V2, Serializer, serializer_for
from tertulia.gateways.phoenix.protocol import Bounds
from tertulia.gateways.phoenix.socket import PhoenixSocket
from tertulia.gateways.tasks import Tasks
from tertulia.realtime.connection import Connection
from tertulia.realtime.hub import Hub
from tertulia.realtime.serving import serve

_BOUNDS = Bounds()

_log = logging.getLogger(__name__)


class PhoenixGateway:
    """Phoenix Channels over WebSocket.

    `origins` are those from which a browser may connect by cookie, beside the server's own.
    """

    def __init__(
        self,
        core: ChatCore,
        hub: Hub,
        *,
        origins: Collection[str],
        rate: PushRate,
        bounds: Bounds = _BOUNDS,
    ) -> None:
        self._core = core
        self._hub = hub
        self.doorkeeper = Doorkeeper(core.sessions, origins)
        self._rate = rate
        self._bounds = bounds
        # One dialect for each version, since the hub words an event once for each of them.
        self._dialects = {version: PhoenixDialect(version) for version in (V1, V2)}
        self._tasks = Tasks()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one WebSocket, or answer its handshake with 403."""
        try:
            serializer = spoken_version(scope)
            actor = await self.doorkeeper.admit(scope)
        except Refusal as refusal:
            _log.info("Refused a socket", extra={"code": refusal.code})
            await receive()
            await send({"type": "websocket.close"})
            return
        await serve(
            scope,
            receive,
            send,
            self._hub,
            actor=actor,
            dialect=self.dialect(serializer),
            opened=lambda connection: self.socket(connection, actor, serializer),
            subprotocol=accepted_subprotocol(scope),
        )

    def dialect(self, serializer: Serializer) -> PhoenixDialect:
        """Return what words events for those who speak this version."""
        return self._dialects[serializer]

    def socket(self, connection: Connection, actor: Actor, serializer: Serializer) -> PhoenixSocket:
        """Return the handler of a new connection, whatever carries it."""
        caller = Caller(self._core, self._hub, connection, actor)
        return PhoenixSocket(caller, serializer, self._rate, self._bounds, self._tasks)

    async def drain(self) -> None:
        """Wait for what sockets that are gone had begun, so that it ends before the core does."""
        await self._tasks.drain()


def spoken_version(scope: Scope) -> Serializer:
    """Return the version that a client asks for; raises Invalid for one that is not spoken."""
    serializer = serializer_for(query_value(scope, "vsn"))
    if serializer is None:
        raise Invalid("This version is not spoken here.", attr="vsn")
    return serializer
