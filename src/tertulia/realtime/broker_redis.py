"""The road between several nodes: Redis, in which one publishes and all others hear.

This node hears what it publishes at once and not by way of Redis, so it goes on when Redis is away.
What is lost on the way is found by `sweep.py`, since the database has it.
"""

from __future__ import annotations

import asyncio
import logging
from asyncio import Task, TimerHandle
from collections.abc import Callable, Collection, Sequence
from contextlib import suppress

from tertulia.core.events import Event
from tertulia.core.ids import new_id
from tertulia.ending import ended
from tertulia.realtime import envelope
from tertulia.realtime.broker import Deliver, tell
from tertulia.realtime.broker_subscriber import SILENCE_S, RedisSubscriber
from tertulia.realtime.broker_writer import RedisWriter
from tertulia.realtime.channels import NODES, channel_of, channels_of
from tertulia.realtime.topic import Topic
from tertulia.redis_link import RedisLink

LINGER_S = 60.0
"""How long a topic is heard after its last listener, who may only be changing trains."""
FOLLOW_WAIT_S = 1.0
"""How long somebody who joins may be held up by Redis."""
LAST_WORDS_S = 1.0
"""How long the end of a node may be held up by Redis."""
MAX_NODES = 1000
"""How many other nodes are remembered; a node that starts again is another one."""

_log = logging.getLogger(__name__)


class RedisBroker:
    """The Broker over Redis; works from `open` to `close`."""

    def __init__(
        self, link: RedisLink, *, linger_s: float = LINGER_S, silence_s: float = SILENCE_S
    ) -> None:
        self._node = new_id().hex
        self._number = 0
        self._last_numbers: dict[str, int] = {}
        self._space = link.space
        self._linger_s = linger_s
        self._lingering: dict[Topic, TimerHandle] = {}
        self._ears: list[Deliver] = []
        self._own_ears: list[Deliver] = []
        self._when_back: list[Callable[[], None]] = []
        self._writer = RedisWriter(link.redis)
        self._subscriber = RedisSubscriber(
            link.redis,
            self._hear,
            self._is_back,
            wanted=[self._space + NODES],
            silence_s=silence_s,
        )
        self._tasks: list[Task[None]] = []

    @property
    def is_connected(self) -> bool:
        """Whether what other nodes publish is heard now."""
        return self._subscriber.is_connected

    def open(self) -> None:
        """Begin to reach for Redis."""
        self._tasks = [
            asyncio.create_task(self._writer.run()),
            asyncio.create_task(self._subscriber.run()),
        ]

    def when_back(self, call: Callable[[], None]) -> None:
        """Have this called whenever others are heard anew, and something may have been missed."""
        self._when_back.append(call)

    def publish(self, events: Sequence[Event]) -> None:
        """Let this node hear the events, and line them up for the others."""
        if not self._tasks:
            return
        tell((*self._ears, *self._own_ears), events)
        for event in events:
            self._number += 1
            channels = [self._space + channel for channel in channels_of(event)]
            self._writer.put(channels, envelope.seal(self._node, self._number, event))

    def listen(self, deliver: Deliver, *, own: bool = False) -> None:
        """Add a listener."""
        (self._own_ears if own else self._ears).append(deliver)

    def follow(self, topic: Topic) -> None:
        """Ask for a topic, unless it is heard still."""
        lingering = self._lingering.pop(topic, None)
        if lingering is not None:
            lingering.cancel()
        else:
            self._subscriber.want(self._space + channel_of(topic))

    def unfollow(self, topic: Topic) -> None:
        """Give a topic up in a while."""
        loop = asyncio.get_running_loop()
        self._lingering[topic] = loop.call_later(self._linger_s, self._drop, topic)

    async def followed(self, topics: Collection[Topic]) -> None:
        """Wait for what Redis has not confirmed yet."""
        channels = [self._space + channel_of(topic) for topic in topics]
        await self._subscriber.confirmed(channels, FOLLOW_WAIT_S)

    async def close(self) -> None:
        """Send what waits, if that can be done in a moment, and stop."""
        if self.is_connected:
            with suppress(TimeoutError):
                async with asyncio.timeout(LAST_WORDS_S):
                    await self._writer.drain()
        tasks, self._tasks = self._tasks, []
        await ended(*tasks)
        for lingering in self._lingering.values():
            lingering.cancel()
        self._lingering.clear()

    def _drop(self, topic: Topic) -> None:
        del self._lingering[topic]
        self._subscriber.drop(self._space + channel_of(topic))

    def _is_back(self) -> None:
        for call in self._when_back:
            try:
                call()
            except Exception:
                _log.exception("a node that is back could not ask for what it missed")

    def _hear(self, sent: bytes) -> None:
        came = envelope.read(sent)
        if came is None or came.node == self._node:
            return
        # An event comes on each of its channels that is followed here. One connection carries all
        # that a node sends and one all that is heard here, so the numbers rise.
        last = self._last_numbers.pop(came.node, 0)
        self._last_numbers[came.node] = max(came.number, last)
        if came.number <= last:
            return
        if len(self._last_numbers) > MAX_NODES:
            del self._last_numbers[next(iter(self._last_numbers))]
        event = envelope.unseal(came)
        if event is not None:
            tell(self._ears, (event,))
