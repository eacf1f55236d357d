"""What every kind of channel has in common, as the socket sees it."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from msgspec import Raw

from tertulia.core.chat import ChatCore
from tertulia.core.errors import Invalid
from tertulia.core.model import Actor
from tertulia.gateways.payload import Handler
from tertulia.realtime.connection import Connection
from tertulia.realtime.hub import Hub
from tertulia.realtime.subscription import Subscription
from tertulia.realtime.topic import Topic

DONE = "message_sent"
"""The response to pushes whose effect is announced to everyone on the topic."""


@dataclass(frozen=True, slots=True)
class Caller:
    """Who is at the other end of a socket, and what can be done for them."""

    core: ChatCore
    hub: Hub
    connection: Connection
    actor: Actor


class Channel(ABC):
    """One topic as one socket has joined it, or is about to.

    It is made from what follows the colon in the topic. Making it, `join` and `push` raise the
    core's refusals; anything else that they raise is a bug.
    """

    __slots__ = ("_after_seq", "_caller", "_subscriptions")

    def __init__(self, caller: Caller) -> None:
        self._caller = caller
        self._subscriptions: tuple[Subscription, ...] = ()
        self._after_seq: int | None = None

    @property
    @abstractmethod
    def events(self) -> Mapping[str, Handler[Any]]:
        """What clients may push here, by name."""

    @abstractmethod
    async def join(self, payload: Raw) -> object:
        """Take part and return the response."""

    def greeting(self) -> tuple[tuple[str, object], ...]:
        """Return the events, with their payloads, that only this client hears after its join."""
        return ()

    def flow(self) -> None:
        """Let through what was said since `listen`, and what follows."""
        for subscription in self._subscriptions:
            subscription.open(self._after_seq)

    async def push(self, event: str, payload: Raw) -> object:
        """Do what the client asks for and return the response."""
        handler = self.events.get(event)
        if handler is None:
            raise Invalid("This topic has no such event.", code="unknown_event")
        return await handler(self, payload)

    def leave(self) -> None:
        """Learn that the client leaves of its own will."""
        self.close()

    def close(self) -> None:
        """Give back what `join` took, even if it got only half way; may be called again."""
        for subscription in self._subscriptions:
            self._caller.hub.unsubscribe(subscription)
        self._subscriptions = ()

    async def _listen(self, *topics: Topic) -> None:
        """Begin to keep what is said on these topics, before the join reads what it answers."""
        hub, connection = self._caller.hub, self._caller.connection
        self._subscriptions = tuple(hub.subscribe(connection, topic) for topic in topics)
        await hub.followed(*self._subscriptions)

    def _covers(self, seq: int) -> None:
        """Note that the join's response covers all changes up to `seq`."""
        self._after_seq = seq
