"""One Redis as this node reaches it: in bounded time, or not at all.

Whoever asks has an answer of their own for the time in which Redis is away, so nobody waits long
to learn that it is: after a failure everyone is told so at once for a moment.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar
from urllib.parse import urlsplit

from redis.asyncio import BlockingConnectionPool, Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import RedisError

from tertulia.backoff import backoff_s

T = TypeVar("T")

WAIT_S = 1.0
"""How long an answer may take, and connecting."""
REST_S = 1.0
"""How long Redis is taken to be away after it failed."""
MAX_CONNECTIONS = 32

FIRST_BACKOFF_S = 0.1
LONGEST_BACKOFF_S = 5.0


NOW = """
local now = tonumber(ARGV[1])
if not now then
  local time = redis.call('TIME')
  now = time[1] * 1000 + math.floor(time[2] / 1000)
end
"""
"""How scripts begin: `now` in ms by their first argument, or where that is empty by Redis."""


class RedisAway(Exception):
    """Redis did not answer, or has not for a moment."""


class RedisLink:
    """Connections to one Redis.

    `space` is what all names of this deployment begin with: channels are shared by all databases of
    a Redis, so the number of the database is in it.
    """

    def __init__(self, url: str) -> None:
        pool = BlockingConnectionPool.from_url(
            url,
            max_connections=MAX_CONNECTIONS,
            timeout=WAIT_S,
            socket_timeout=WAIT_S,
            socket_connect_timeout=WAIT_S,
            # What has to be done again is known best where it was asked for.
            retry=Retry(NoBackoff(), 0),
            protocol=2,
        )
        self.redis = Redis.from_pool(pool)
        self.space = f"tertulia:{pool.connection_kwargs.get('db') or 0}:"
        parts = urlsplit(url)
        self.place = f"{parts.hostname or ''}{f':{parts.port}' if parts.port else ''}{parts.path}"
        self._away_until_s = 0.0

    async def ask(self, question: Callable[[], Awaitable[T]]) -> T:
        """Return the answer; RedisAway where there is none."""
        now_s = asyncio.get_running_loop().time()
        if now_s < self._away_until_s:
            raise RedisAway
        try:
            return await question()
        except (RedisError, OSError) as error:
            self._away_until_s = asyncio.get_running_loop().time() + REST_S
            raise RedisAway from error

    async def close(self) -> None:
        """Close all connections."""
        await self.redis.aclose()


def redis_backoff_s(failures: int) -> float:
    """Return how long a node waits for Redis after so many failures."""
    return backoff_s(failures, first_s=FIRST_BACKOFF_S, longest_s=LONGEST_BACKOFF_S)
