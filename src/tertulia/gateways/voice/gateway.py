"""The ASGI application at `/ws/voice/{channel}`, and at `/voice/{channel}`.

A handshake that is refused is accepted first, for a page can read no answer to it: then the refusal
is said, and the socket closed with 4001 (nobody is signed in), 4003 (not a member) or 4004 (there
is no such channel). A page of a foreign origin that comes with a cookie is answered with 403.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Collection
from uuid import UUID
from weakref import WeakValueDictionary

from tertulia.core.chat import ChatCore
from tertulia.core.errors import NotFound, Refusal
from tertulia.gateways.asgi import Receive, Scope, Send
from tertulia.gateways.doorkeeper import Doorkeeper, query_value
from tertulia.gateways.flood import PushRate
from tertulia.gateways.tasks import Tasks
from tertulia.gateways.turning_away import turn_away
from tertulia.gateways.voice.dialect import VoiceDialect, refusal
from tertulia.gateways.voice.socket import Enter, Surroundings, Visit, VoiceSocket
from tertulia.realtime.connection import Connection
from tertulia.realtime.hub import Hub
from tertulia.realtime.serving import serve

_PATH = re.compile(r"(?:/ws)?/voice/(?P<name>[^/]+)/?")

_log = logging.getLogger(__name__)


class VoiceGateway:
    """Voice channels over plain WebSockets, one on each.

    `origins` are those from which a browser may connect by cookie, beside the server's own.
    """

    def __init__(
        self, core: ChatCore, hub: Hub, *, origins: Collection[str], rate: PushRate
    ) -> None:
        self._core = core
        self._hub = hub
        self._doorkeeper = Doorkeeper(core.sessions, origins)
        self._tasks = Tasks()
        self._here = Surroundings(core, hub, rate, self._tasks)
        # One for each channel and name of it, since the hub words an event once for each dialect;
        # it goes with the last connection that speaks it.
        self._dialects: WeakValueDictionary[tuple[UUID, str], VoiceDialect] = WeakValueDictionary()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one WebSocket, or say why not."""
        place = _PATH.fullmatch(scope["path"])
        name = place["name"] if place else ""
        try:
            actor = await self._doorkeeper.admit(scope)
            if not name:
                raise NotFound("There is no such channel.")
            conversation = await self._core.voice.known_as(actor, name)
        except Refusal as refused:
            _log.info("Refused a socket", extra={"code": refused.code})
            await turn_away(refused, refusal(refused, name), receive, send)
            return
        visit = Visit(actor, conversation, query_value(scope, "session"))
        number = str(conversation.number)
        dialect = self._dialect(conversation.id, number if name.isdecimal() else name)
        await serve(
            scope,
            receive,
            send,
            self._hub,
            actor=actor,
            dialect=dialect,
            opened=lambda connection: self._opened(connection, visit, dialect),
            has_heartbeat=False,
        )

    async def drain(self) -> None:
        """Wait for what sockets that are gone had begun, so that it ends before the core does."""
        await self._tasks.drain()

    def _dialect(self, conversation_id: UUID, name: str) -> VoiceDialect:
        dialect = self._dialects.get((conversation_id, name))
        if dialect is None:
            dialect = VoiceDialect(name, self._core.presence.status_of)
            self._dialects[conversation_id, name] = dialect
        return dialect

    def _opened(self, connection: Connection, visit: Visit, dialect: VoiceDialect) -> VoiceSocket:
        socket = VoiceSocket(connection, visit, dialect, self._here)
        socket.ask(Enter())
        return socket
