"""One WebSocket connection of one person, as the hub and the gateways see it."""

from __future__ import annotations

import logging
from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, ParamSpec, Protocol
from uuid import UUID

from tertulia.core.model import Actor
from tertulia.realtime.dialect import Dialect
from tertulia.realtime.frames import Batch, Sound
from tertulia.realtime.topic import Topic

if TYPE_CHECKING:
    from tertulia.realtime.subscription import Subscription

TICK_S = 15.0
"""How often each connection is looked at."""

# Close codes: RFC 6455, section 7.4.1, and the registry that it opened; 4001 is of our own.
GOING_AWAY = 1001
UNSUPPORTED = 1003
BROKEN = 1011
RESTARTING = 1012
TRY_AGAIN = 1013
SESSION_ENDED = 4001

_Parameters = ParamSpec("_Parameters")

_log = logging.getLogger(__name__)


class Handler(Protocol):
    """The gateway's side of a connection, called by it and never awaited.

    What takes time runs in tasks of the gateway's own, which also bounds what waits for them; an
    idle connection has no task. An exception out of these is a bug: it is logged and the connection
    closed with 1011.
    """

    def received(self, text: str) -> None:
        """Take one text message; they come in the order of their arrival."""

    def was_cut(self, topic: Topic) -> None:
        """Learn that the right to listen there was lost; the last event has been written."""

    def closed(self) -> None:
        """Learn, once, that the connection is gone; its subscriptions have ended."""


class Connection(ABC):
    """Where frames for one listener go.

    `subscriptions` belongs to the hub. `handler` is set before anything is received; it sets
    `take_sound` where it takes binary messages.
    """

    __slots__ = ("account_id", "dialect", "handler", "session_id", "subscriptions", "take_sound")

    handler: Handler

    def __init__(self, actor: Actor, dialect: Dialect) -> None:
        self.account_id: UUID = actor.account_id
        self.session_id: UUID = actor.session_id
        self.dialect = dialect
        self.subscriptions: dict[Topic, Subscription] = {}
        self.take_sound: Callable[[bytes], None] | None = None

    @abstractmethod
    def send(self, payload: bytes) -> None:
        """Write one text message now; after `close` it is dropped."""

    @abstractmethod
    def deliver(self, batches: Sequence[Batch]) -> None:
        """Write the messages of these batches now, in one piece; after `close` they are dropped."""

    def play(self, sound: Sound) -> None:
        """Write one binary message now, or drop it: what is late or not understood is no sound."""
        del sound

    @abstractmethod
    def close(self, code: int, reason: str) -> None:
        """Start the closing handshake (RFC 6455, section 7.1.2), once; it never waits."""

    @abstractmethod
    def tick(self) -> None:
        """Notice a peer that is gone; the hub calls this every `TICK_S` seconds."""

    def take(self, text: str) -> None:
        """Hand a message to the gateway."""
        self._guarded(self.handler.received, text)

    def hear(self, message: bytes) -> None:
        """Hand a binary message to the gateway; where it takes none, close with 1003."""
        if self.take_sound is None:
            self.close(UNSUPPORTED, "text only")
        else:
            self._guarded(self.take_sound, message)

    def was_cut(self, topic: Topic) -> None:
        """Tell the gateway that the right to listen on a topic was lost."""
        self._guarded(self.handler.was_cut, topic)

    def lost(self) -> None:
        """Tell the gateway, once, that the connection is gone."""
        self._guarded(self.handler.closed)

    def _guarded(
        self,
        call: Callable[_Parameters, None],
        *args: _Parameters.args,
        **kwargs: _Parameters.kwargs,
    ) -> None:
        try:
            call(*args, **kwargs)
        except Exception:
            _log.exception("A gateway failed; its connection is closed")
            self.close(BROKEN, "error")
