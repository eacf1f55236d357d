"""The ASGI application at `/ws`: lets people in and gives each socket its handler."""

from __future__ import annotations

import logging
from collections.abc import Collection

from tertulia.core.chat import ChatCore
from tertulia.core.clock import utc_now
from tertulia.core.errors import Refusal
from tertulia.core.model import Actor
from tertulia.core.ports import Clock
from tertulia.gateways.asgi import Receive, Scope, Send
from tertulia.gateways.doorkeeper import Doorkeeper
from tertulia.gateways.events.dialect import EventsDialect, refusal
from tertulia.gateways.events.socket import Enter, EventsSocket, Surroundings
from tertulia.gateways.flood import PushRate
from tertulia.gateways.numbers import Numbers
from tertulia.gateways.tasks import Tasks
from tertulia.gateways.turning_away import turn_away
from tertulia.realtime.connection import Connection
from tertulia.realtime.hub import Hub
from tertulia.realtime.serving import serve

_log = logging.getLogger(__name__)


class EventsGateway:
    """All of a person's conversations over one plain WebSocket.

    `origins` are those from which a browser may connect by cookie, beside the server's own.
    """

    def __init__(
        self,
        core: ChatCore,
        hub: Hub,
        *,
        origins: Collection[str],
        rate: PushRate,
        clock: Clock = utc_now,
    ) -> None:
        self._hub = hub
        self._doorkeeper = Doorkeeper(core.sessions, origins)
        self._tasks = Tasks()
        numbers = Numbers()
        self._dialect = EventsDialect(numbers, clock)
        self._here = Surroundings(core, hub, self._dialect, numbers, rate, self._tasks, clock)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one WebSocket, or say why not."""
        try:
            actor = await self._doorkeeper.admit(scope)
        except Refusal as refused:
            _log.info("Refused a socket", extra={"code": refused.code})
            await turn_away(refused, refusal(refused), receive, send)
            return
        await serve(
            scope,
            receive,
            send,
            self._hub,
            actor=actor,
            dialect=self._dialect,
            opened=lambda connection: self._opened(connection, actor),
            has_heartbeat=False,
        )

    async def drain(self) -> None:
        """Wait for what sockets that are gone had begun, so that it ends before the core does."""
        await self._tasks.drain()

    def _opened(self, connection: Connection, actor: Actor) -> EventsSocket:
        socket = EventsSocket(connection, actor, self._here)
        socket.ask(Enter())
        return socket
