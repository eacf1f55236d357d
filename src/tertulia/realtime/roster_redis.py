"""The roster of several nodes: `core.roster.Roster` in Redis, which all of them renew.

`ends` has every entry by the moment at which its time runs out, `places` every place by the last of
these moments, and `in:{place}` what is said of each entry. Scripts keep the three together. Times
are those of Redis, so that nodes whose clocks differ agree.

What this node entered it keeps in memory, too: that is the answer while Redis is away, and what
Redis is told again when it comes back without its memory.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Collection
from contextlib import suppress
from uuid import UUID

from redis.commands.core import AsyncScript

from tertulia.core.roster import RosterEntry
from tertulia.realtime.roster_memory import MemoryRoster
from tertulia.redis_link import NOW, RedisAway, RedisLink

AT_ONCE = 1000
"""How many entries one script deals with, since Redis does nothing else meanwhile."""

_PRELUDE = (
    NOW
    + """
local space = ARGV[2]
local ends, places = space .. 'ends', space .. 'places'
local function settle(place)
  local latest = 0
  for _, said in ipairs(redis.call('HVALS', space .. 'in:' .. place)) do
    latest = math.max(latest, tonumber(string.match(said, '^[^ ]+')))
  end
  if latest > 0 then redis.call('ZADD', places, latest, place)
  else redis.call('ZREM', places, place) end
end
"""
)
_ENTER = (
    _PRELUDE
    + """
local till = now + tonumber(ARGV[3])
for i = 4, #ARGV, 3 do
  redis.call('ZADD', ends, till, ARGV[i] .. ARGV[i + 1])
  redis.call('HSET', space .. 'in:' .. ARGV[i], ARGV[i + 1], till .. ' ' .. ARGV[i + 2])
  redis.call('ZADD', places, 'GT', till, ARGV[i])
end
"""
)
_LEAVE = (
    _PRELUDE
    + """
for i = 3, #ARGV, 2 do
  redis.call('ZREM', ends, ARGV[i] .. ARGV[i + 1])
  redis.call('HDEL', space .. 'in:' .. ARGV[i], ARGV[i + 1])
  settle(ARGV[i])
end
"""
)
_PLACES = _PRELUDE + "return redis.call('ZRANGEBYSCORE', places, '(' .. now, '+inf')"
_PRESENT = (
    _PRELUDE
    + """
local found = {}
for i = 3, #ARGV do
  local said = redis.call('HGETALL', space .. 'in:' .. ARGV[i])
  for j = 1, #said, 2 do
    local till, value = string.match(said[j + 1], '^([^ ]+) (.*)$')
    if tonumber(till) > now then
      for _, each in ipairs({ARGV[i], said[j], value}) do table.insert(found, each) end
    end
  end
end
return found
"""
)
_EXPIRE = (
    _PRELUDE
    + """
local found = {}
for _, member in ipairs(redis.call('ZRANGEBYSCORE', ends, '-inf', now, 'LIMIT', 0, ARGV[3])) do
  local place, key = string.sub(member, 1, 32), string.sub(member, 33)
  local said = redis.call('HGET', space .. 'in:' .. place, key)
  redis.call('ZREM', ends, member)
  redis.call('HDEL', space .. 'in:' .. place, key)
  settle(place)
  if said then
    for _, each in ipairs({place, key, string.match(said, ' (.*)$')}) do
      table.insert(found, each)
    end
  end
end
return found
"""
)


class RedisRoster:
    """One roster of this `name`; by the clock of Redis unless the test brings one, in ms."""

    def __init__(
        self, link: RedisLink, name: str, *, now_ms: Callable[[], int] | None = None
    ) -> None:
        self._link = link
        self._space = f"{link.space}roster:{name}:"
        self._now_ms = now_ms
        self._own = MemoryRoster(time.monotonic if now_ms is None else lambda: now_ms() / 1000)
        self._enter = link.redis.register_script(_ENTER)
        self._leave = link.redis.register_script(_LEAVE)
        self._places = link.redis.register_script(_PLACES)
        self._present = link.redis.register_script(_PRESENT)
        self._expire = link.redis.register_script(_EXPIRE)

    async def enter(self, entries: Collection[RosterEntry], ttl_s: float) -> None:
        """Put entries in, or renew them."""
        await self._own.enter(entries, ttl_s)
        with suppress(RedisAway):
            await self._tell(entries, ttl_s)

    async def leave(self, entries: Collection[RosterEntry]) -> None:
        """Take entries out."""
        await self._own.leave(entries)
        words = [word for each in entries for word in (each.place.hex, each.key)]
        with suppress(RedisAway):
            await self._ask(self._leave, *words)

    async def places(self) -> frozenset[UUID]:
        """Return every place that has an entry now."""
        try:
            found = await self._ask(self._places)
        except RedisAway:
            return await self._own.places()
        return frozenset(UUID(place.decode()) for place in found)

    async def present(self, places: Collection[UUID]) -> tuple[RosterEntry, ...]:
        """Return the entries that are in these places now."""
        try:
            return _entries(await self._ask(self._present, *(place.hex for place in places)))
        except RedisAway:
            return await self._own.present(places)

    async def expire(self) -> tuple[RosterEntry, ...]:
        """Take out entries whose time has run out."""
        forgotten = await self._own.expire()
        try:
            return _entries(await self._ask(self._expire, AT_ONCE))
        except RedisAway:
            return forgotten

    async def restore(self) -> None:
        """Tell Redis again what holds on this node; it may have forgotten."""
        with suppress(RedisAway):
            for entry, left_s in self._own.held():
                await self._tell([entry], left_s)

    async def _tell(self, entries: Collection[RosterEntry], ttl_s: float) -> None:
        words = [word for each in entries for word in (each.place.hex, each.key, each.value)]
        for start in range(0, len(words), AT_ONCE * 3):
            ttl_ms = round(ttl_s * 1000)
            await self._ask(self._enter, ttl_ms, *words[start : start + AT_ONCE * 3])

    async def _ask(self, script: AsyncScript, *words: str | int) -> list[bytes]:
        asked = ["" if self._now_ms is None else self._now_ms(), self._space, *words]
        found: list[bytes] = await self._link.ask(lambda: script(args=asked))
        return found


def _entries(found: list[bytes]) -> tuple[RosterEntry, ...]:
    texts = iter([word.decode() for word in found])
    return tuple(
        RosterEntry(UUID(place), key, value)
        for place, key, value in zip(texts, texts, texts, strict=True)
    )
