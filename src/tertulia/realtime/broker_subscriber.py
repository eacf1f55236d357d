"""What one node hears of the others, on one connection that is made again when it breaks."""

from __future__ import annotations

import asyncio
import logging
from asyncio import Future
from collections.abc import Callable, Iterable
from contextlib import suppress
from typing import Any

from redis.asyncio import Redis
from redis.asyncio.client import PubSub
from redis.exceptions import ConnectionError as RedisConnectionError
from redis.exceptions import RedisError

from tertulia.ending import ended
from tertulia.redis_link import redis_backoff_s

SILENCE_S = 5.0
"""After this much silence Redis is asked for a sign of life, which has as long to come."""

_log = logging.getLogger(__name__)


class RedisSubscriber:
    """Channels that are `wanted`, and of these the ones that Redis has confirmed.

    `hear` is called with what comes, `is_back` whenever all that is wanted is heard anew: between
    the two connections something may have been missed.
    """

    def __init__(
        self,
        redis: Redis,
        hear: Callable[[bytes], None],
        is_back: Callable[[], None],
        *,
        wanted: Iterable[str],
        silence_s: float = SILENCE_S,
    ) -> None:
        self._redis = redis
        self._hear = hear
        self._is_back = is_back
        self._silence_s = silence_s
        self._wanted = set(wanted)
        self._asked: set[str] = set()
        self._confirmed: set[str] = set()
        self._awaited: dict[str, Future[None]] = {}
        self._changed: set[str] = set()
        self._has_changed = asyncio.Event()
        self.is_connected = False
        self._missing_at_first = 0
        self._is_failing = False

    def want(self, channel: str) -> None:
        """Hear a channel from now on."""
        self._wanted.add(channel)
        self._note(channel)

    def drop(self, channel: str) -> None:
        """Hear a channel no more."""
        self._wanted.discard(channel)
        self._note(channel)

    async def confirmed(self, channels: Iterable[str], within_s: float) -> None:
        """Wait until these are heard; no longer than this, and not at all where Redis is away."""
        with suppress(TimeoutError):
            async with asyncio.timeout(within_s):
                for channel in channels:
                    if self.is_connected and channel not in self._confirmed:
                        await asyncio.shield(self._await(channel))

    async def run(self) -> None:
        """Stay connected, for ever: a node that ended this would be deaf until it starts again."""
        failures = 0
        while True:
            try:
                await self._stay()
            except (RedisError, OSError) as error:
                if not self._is_failing:
                    self._is_failing = True
                    _log.warning(
                        "Redis is away; this node goes on alone and tries again: %s", error
                    )
            except Exception:
                _log.exception("what other nodes say could not be heard; this node connects again")
            finally:
                failures = 1 if self.is_connected else failures + 1
                self._forget()
            await asyncio.sleep(redis_backoff_s(failures))

    def _note(self, channel: str) -> None:
        self._changed.add(channel)
        self._has_changed.set()

    def _await(self, channel: str) -> Future[None]:
        if channel not in self._awaited:
            self._awaited[channel] = asyncio.get_running_loop().create_future()
        return self._awaited[channel]

    async def _stay(self) -> None:
        pubsub = self._redis.pubsub()
        asking: asyncio.Task[None] | None = None
        try:
            self._asked = set(self._wanted)
            self._missing_at_first = len(self._asked)
            await pubsub.subscribe(*self._asked)
            asking = asyncio.create_task(self._ask_for_ever(pubsub))
            await self._read_for_ever(pubsub)
        finally:
            if asking is not None:
                await ended(asking)
            await pubsub.aclose()  # type: ignore[no-untyped-call]

    async def _ask_for_ever(self, pubsub: PubSub) -> None:
        """Tell Redis of what changed; where that fails, so does the reading."""
        while True:
            await self._has_changed.wait()
            self._has_changed.clear()
            changed, self._changed = self._changed, set()
            more = (changed & self._wanted) - self._asked
            less = (changed & self._asked) - self._wanted
            self._asked = (self._asked | more) - less
            if more:
                await pubsub.subscribe(*more)
            if less:
                await pubsub.unsubscribe(*less)

    async def _read_for_ever(self, pubsub: PubSub) -> None:
        is_asked = False
        while True:
            message = await pubsub.get_message(timeout=self._silence_s)
            if message is not None:
                is_asked = False
                self._take(message)
            elif is_asked:
                raise RedisConnectionError("no sign of life")
            else:
                is_asked = True
                await pubsub.ping()

    def _take(self, message: dict[str, Any]) -> None:
        match message["type"]:
            case "message":
                self._hear(message["data"])
            case "subscribe":
                self._confirm(message["channel"].decode())
            case "unsubscribe":
                self._confirmed.discard(message["channel"].decode())
            case _:
                pass  # a sign of life

    def _confirm(self, channel: str) -> None:
        self._confirmed.add(channel)
        awaited = self._awaited.pop(channel, None)
        if awaited is not None:
            awaited.set_result(None)
        if not self.is_connected:
            self._missing_at_first -= 1
            if not self._missing_at_first:
                self._begin()

    def _begin(self) -> None:
        self.is_connected = True
        if self._is_failing:
            self._is_failing = False
            _log.warning("Redis is there again")
        self._is_back()

    def _forget(self) -> None:
        """Let nobody wait for what this connection will not bring any more."""
        self.is_connected = False
        self._confirmed.clear()
        awaited, self._awaited = self._awaited, {}
        for each in awaited.values():
            each.set_result(None)
