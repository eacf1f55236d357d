"""Limits counted in this process's memory, for a server of one node."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

from tertulia.core.errors import RateLimited
from tertulia.core.limits import Limit, Patience

MAX_KEYS = 100_000
"""How much is remembered; past that what was touched longest ago is forgotten first."""


@dataclass(slots=True)
class _Tries:
    count: int
    last_s: float


class LimitsInMemory:
    """The core's Limits.

    A limit is the generic cell rate algorithm (ITU-T I.371): one moment for each key, the one at
    which a bucket that leaks evenly will be empty again. `scale` multiplies how often is allowed.
    """

    def __init__(self, *, scale: float = 1, clock_s: Callable[[], float] = time.monotonic) -> None:
        self._scale = scale
        self._clock_s = clock_s
        self._empty_at_s: dict[tuple[str, str], float] = {}
        self._tries: dict[tuple[str, str], _Tries] = {}

    async def take(self, limit: Limit, key: str, count: int = 1) -> None:
        """Count so many more under this key, all of them or, refusing, none."""
        now_s = self._clock_s()
        per_s = limit.per.total_seconds()
        place = (limit.name, key)
        step_s = per_s / max(1, limit.times * self._scale)
        was_empty_at_s = max(self._empty_at_s.pop(place, now_s), now_s)
        empty_at_s = was_empty_at_s + count * step_s
        over_s = empty_at_s - now_s - per_s
        # A bucket filled exactly to the brim has not run over; time is counted in binary fractions.
        is_over = over_s > step_s / 1000
        self._empty_at_s[place] = was_empty_at_s if is_over else empty_at_s
        _forget_oldest(self._empty_at_s)
        if is_over:
            raise too_often(over_s)

    async def attempt(self, patience: Patience, key: str) -> None:
        """Count one more try under this key, or refuse while a wait lasts."""
        now_s = self._clock_s()
        longest_s = patience.longest.total_seconds()
        place = (patience.name, key)
        tries = self._tries.pop(place, None)
        if tries is None or now_s - tries.last_s > 2 * longest_s:
            tries = _Tries(0, now_s)
        beyond = tries.count - int(patience.free * self._scale)
        wait_s = 0.0
        if beyond >= 0:
            wait_s = min(longest_s, patience.first_wait.total_seconds() * 2.0 ** min(beyond, 40))
        left_s = tries.last_s + wait_s - now_s
        if left_s <= 0:
            tries = _Tries(tries.count + 1, now_s)
        self._tries[place] = tries
        _forget_oldest(self._tries)
        if left_s > 0:
            raise too_often(left_s)

    async def forgive(self, patience: Patience, key: str) -> None:
        """Forget the tries under this key."""
        self._tries.pop((patience.name, key), None)


def _forget_oldest(kept: dict[tuple[str, str], float] | dict[tuple[str, str], _Tries]) -> None:
    # Whatever is touched goes to the end, so the beginning is what was touched longest ago.
    while len(kept) > MAX_KEYS:
        del kept[next(iter(kept))]


def too_often(wait_s: float) -> RateLimited:
    """Return the refusal that tells how long to wait."""
    return RateLimited("Too many tries; wait a while.", retry_after_s=wait_s)
