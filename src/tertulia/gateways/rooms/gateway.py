"""The ASGI application at `/ws/chat/{number}/` and `/ws/chat/{topic}/{number}/`.

A handshake that is refused is accepted first, for a page can read no answer to it: then the refusal
is said, and the socket closed with 4001 (nobody is signed in), 4003 (not allowed) or 4004 (there is
no such conversation). A page of a foreign origin that comes with a cookie is answered with 403.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Collection
from uuid import UUID
from weakref import WeakValueDictionary

from tertulia.core.chat import ChatCore
from tertulia.core.clock import utc_now
from tertulia.core.errors import NotFound, Refusal
from tertulia.core.model import Actor, Conversation
from tertulia.core.ports import Clock
from tertulia.gateways.asgi import Receive, Scope, Send
from tertulia.gateways.doorkeeper import Doorkeeper
from tertulia.gateways.flood import PushRate
from tertulia.gateways.rooms.dialect import RoomDialect, error
from tertulia.gateways.rooms.socket import Enter, RoomSocket, Visit
from tertulia.gateways.tasks import Tasks
from tertulia.gateways.turning_away import turn_away
from tertulia.realtime.connection import Connection
from tertulia.realtime.hub import Hub
from tertulia.realtime.serving import serve

_PATH = re.compile(r"/ws/chat/(?:(?P<topic>[^/]+)/)?(?P<name>[^/]+)/")

_log = logging.getLogger(__name__)


class RoomsGateway:
    """Conversations over plain WebSockets, one on each.

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
        self._core = core
        self._hub = hub
        self._doorkeeper = Doorkeeper(core.sessions, origins)
        self._rate = rate
        self._clock = clock
        # One for each conversation, since the hub words an event once for each dialect; it goes
        # with the last connection that speaks it.
        self._dialects: WeakValueDictionary[UUID, RoomDialect] = WeakValueDictionary()
        self._tasks = Tasks()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one WebSocket, or say why not."""
        try:
            visit = await self._admit(scope)
        except Refusal as refusal:
            _log.info("Refused a socket", extra={"code": refusal.code})
            await turn_away(refusal, error(refusal, self._clock()), receive, send)
            return
        dialect = self._dialect(visit.conversation)
        await serve(
            scope,
            receive,
            send,
            self._hub,
            actor=visit.actor,
            dialect=dialect,
            opened=lambda connection: self._opened(connection, visit, dialect),
            has_heartbeat=False,
        )

    async def drain(self) -> None:
        """Wait for what sockets that are gone had begun, so that it ends before the core does."""
        await self._tasks.drain()

    async def _admit(self, scope: Scope) -> Visit:
        actor = await self._doorkeeper.admit(scope)
        conversation = await self._conversation_at(scope["path"], actor)
        account = await self._core.accounts.me(actor)
        return Visit(actor, account.face, conversation)

    async def _conversation_at(self, path: str, actor: Actor) -> Conversation:
        place = _PATH.fullmatch(path)
        if place is not None:
            conversation = await self._core.conversations.known_as(actor, place["name"])
            if place["topic"] in (None, conversation.topic):
                return conversation
        raise NotFound("There is no such conversation.")

    def _dialect(self, conversation: Conversation) -> RoomDialect:
        dialect = self._dialects.get(conversation.id)
        if dialect is None:
            dialect = RoomDialect(conversation.id, conversation.number, self._clock)
            self._dialects[conversation.id] = dialect
        return dialect

    def _opened(self, connection: Connection, visit: Visit, dialect: RoomDialect) -> RoomSocket:
        socket = RoomSocket(
            self._core, self._hub, connection, visit, dialect, self._rate, self._tasks
        )
        socket.ask(Enter())
        return socket
