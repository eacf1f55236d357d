"""What one node has to say to the others, on its way to Redis."""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import Sequence

from redis.asyncio import Redis
from redis.exceptions import RedisError

from tertulia.redis_link import redis_backoff_s

MAX_WAITING_BYTES = 32 << 20
"""How much waits while Redis is slow or away; beyond it what waited longest is given up."""
AT_ONCE = 500

_log = logging.getLogger(__name__)


class RedisWriter:
    """One task that sends what waits, many with one write; one connection keeps the order.

    What failed is sent again. Where it had arrived after all, the numbers tell those who hear it.
    """

    def __init__(self, redis: Redis) -> None:
        self._redis = redis
        self._waiting: deque[tuple[Sequence[str], bytes]] = deque()
        self._waiting_bytes = 0
        self._given_up = 0
        self._has_more = asyncio.Event()
        self._is_empty = asyncio.Event()
        self._is_empty.set()

    def put(self, channels: Sequence[str], payload: bytes) -> None:
        """Line something up."""
        self._waiting.append((channels, payload))
        self._waiting_bytes += len(payload)
        self._give_up()
        self._has_more.set()
        self._is_empty.clear()

    async def drain(self) -> None:
        """Wait until everything was sent."""
        await self._is_empty.wait()

    async def run(self) -> None:
        """Send what waits, for ever."""
        failures = 0
        while True:
            await self._has_more.wait()
            batch = self._take()
            try:
                await self._send(batch)
                failures = 0
            except Exception as error:
                if not isinstance(error, (RedisError, OSError)):
                    _log.exception("facts could not be sent to other nodes; it is tried again")
                self._put_back(batch)
                await asyncio.sleep(redis_backoff_s(failures))
                failures += 1

    async def _send(self, batch: Sequence[tuple[Sequence[str], bytes]]) -> None:
        async with self._redis.pipeline(transaction=False) as pipeline:
            for channels, payload in batch:
                for channel in channels:
                    pipeline.publish(channel, payload)
            await pipeline.execute()
        if self._given_up:
            _log.warning("%d facts were not told to other nodes in time", self._given_up)
            self._given_up = 0
        if not self._waiting:
            self._has_more.clear()
            self._is_empty.set()

    def _take(self) -> list[tuple[Sequence[str], bytes]]:
        batch = [self._waiting.popleft() for _ in range(min(AT_ONCE, len(self._waiting)))]
        self._waiting_bytes -= sum(len(payload) for _, payload in batch)
        return batch

    def _put_back(self, batch: Sequence[tuple[Sequence[str], bytes]]) -> None:
        self._waiting.extendleft(reversed(batch))
        self._waiting_bytes += sum(len(payload) for _, payload in batch)
        self._give_up()

    def _give_up(self) -> None:
        while self._waiting_bytes > MAX_WAITING_BYTES and len(self._waiting) > 1:
            _, payload = self._waiting.popleft()
            self._waiting_bytes -= len(payload)
            self._given_up += 1
