"""Limits counted in Redis, for all nodes together.

Each count is one script, so that nodes that count at the same moment count each other, by the clock
of Redis. While Redis is away this node counts alone: that allows more than it should for a while,
and shuts nobody out.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress

from redis.commands.core import AsyncScript

from tertulia.adapters.limits_memory import LimitsInMemory, too_often
from tertulia.core.limits import Limit, Patience
from tertulia.redis_link import NOW, RedisAway, RedisLink

_TAKE = (
    NOW
    + """
now = now / 1000
local per, step, count = tonumber(ARGV[2]), tonumber(ARGV[3]), tonumber(ARGV[4])
local empty_at = math.max(tonumber(redis.call('GET', KEYS[1]) or now), now) + count * step
local over = empty_at - now - per
if over > step / 1000 then return string.format('%.17g', over) end
local kept_ms = math.ceil((empty_at - now) * 1000) + 60000
redis.call('SET', KEYS[1], string.format('%.17g', empty_at), 'PX', kept_ms)
return '0'
"""
)
_ATTEMPT = (
    NOW
    + """
now = now / 1000
local free, first, longest = tonumber(ARGV[2]), tonumber(ARGV[3]), tonumber(ARGV[4])
local kept = redis.call('HMGET', KEYS[1], 'count', 'last')
local count, last = tonumber(kept[1] or 0), tonumber(kept[2] or now)
if now - last > 2 * longest then count, last = 0, now end
local wait = 0
if count >= free then wait = math.min(longest, first * 2 ^ math.min(count - free, 40)) end
local left = last + wait - now
if left > 0 then return string.format('%.17g', left) end
redis.call('HSET', KEYS[1], 'count', count + 1, 'last', string.format('%.17g', now))
redis.call('PEXPIRE', KEYS[1], math.ceil(2 * longest * 1000) + 60000)
return '0'
"""
)


class LimitsInRedis:
    """The core's Limits; `scale` multiplies how often is allowed.

    The algorithms are those of `LimitsInMemory`. The clock is that of Redis unless the test brings
    one, in ms.
    """

    def __init__(
        self, link: RedisLink, *, scale: float = 1, now_ms: Callable[[], float] | None = None
    ) -> None:
        self._link = link
        self._scale = scale
        self._now_ms = now_ms
        self._alone = LimitsInMemory(scale=scale)
        self._take = link.redis.register_script(_TAKE)
        self._attempt = link.redis.register_script(_ATTEMPT)

    async def take(self, limit: Limit, key: str, count: int = 1) -> None:
        """Count so many more under this key, all of them or, refusing, none."""
        per_s = limit.per.total_seconds()
        step_s = per_s / max(1, limit.times * self._scale)
        try:
            wait_s = await self._ask(
                self._take, self._place("limit", limit.name, key), per_s, step_s, count
            )
        except RedisAway:
            await self._alone.take(limit, key, count)
            return
        if wait_s:
            raise too_often(wait_s)

    async def attempt(self, patience: Patience, key: str) -> None:
        """Count one more try under this key, or refuse while a wait lasts."""
        try:
            wait_s = await self._ask(
                self._attempt,
                self._place("patience", patience.name, key),
                int(patience.free * self._scale),
                patience.first_wait.total_seconds(),
                patience.longest.total_seconds(),
            )
        except RedisAway:
            await self._alone.attempt(patience, key)
            return
        if wait_s:
            raise too_often(wait_s)

    async def forgive(self, patience: Patience, key: str) -> None:
        """Forget the tries under this key."""
        await self._alone.forgive(patience, key)
        place = self._place("patience", patience.name, key)
        with suppress(RedisAway):
            await self._link.ask(lambda: self._link.redis.delete(place))

    def _place(self, *names: str) -> str:
        return self._link.space + ":".join(names)

    async def _ask(self, script: AsyncScript, place: str, *words: float) -> float:
        now_ms = "" if self._now_ms is None else repr(self._now_ms())
        asked = [now_ms, *map(repr, words)]
        return float(await self._link.ask(lambda: script(keys=[place], args=asked)))
