"""What every roster promises, whatever keeps it.

Another implementation joins these tests by a Bench of its own in `bench`.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass

import pytest

from tertulia.core.roster import Roster, RosterEntry
from tertulia.realtime.roster_memory import MemoryRoster
from tertulia.realtime.roster_redis import RedisRoster
from tertulia.redis_link import RedisLink
from tests.realtime.facts import ANA, BEA, CARO

LAPTOP = RosterEntry(ANA, "laptop", "since noon")
PHONE = RosterEntry(ANA, "phone", "since one")
DESK = RosterEntry(BEA, "desk", "since two")

TTL_S = 0.4


@dataclass(frozen=True, slots=True)
class Bench:
    """A roster under test, and how its time passes."""

    roster: Roster
    pass_s: Callable[[float], Awaitable[None]]


class Clock:
    """A clock that goes when told to."""

    def __init__(self) -> None:
        self.now_s = 1000.0

    async def pass_s(self, seconds: float) -> None:
        """Let time pass."""
        self.now_s += seconds


@pytest.fixture(params=["memory", "redis"])
async def bench(request: pytest.FixtureRequest) -> AsyncIterator[Bench]:
    clock = Clock()
    if request.param == "memory":
        yield Bench(MemoryRoster(lambda: clock.now_s), clock.pass_s)
        return
    link = RedisLink(request.getfixturevalue("redis_url"))
    roster = RedisRoster(link, "test", now_ms=lambda: round(clock.now_s * 1000))
    yield Bench(roster, clock.pass_s)
    await link.close()


async def _present(roster: Roster) -> set[RosterEntry]:
    return set(await roster.present((ANA, BEA, CARO)))


async def test_who_entered_is_present_in_the_place_entered(bench: Bench) -> None:
    await bench.roster.enter([LAPTOP, PHONE, DESK], TTL_S)
    assert set(await bench.roster.present([ANA])) == {LAPTOP, PHONE}
    assert await bench.roster.present([BEA, CARO]) == (DESK,)
    assert await bench.roster.present([]) == ()
    assert await bench.roster.places() == {ANA, BEA}


async def test_nobody_is_present_at_first(bench: Bench) -> None:
    assert await _present(bench.roster) == set()
    assert await bench.roster.places() == frozenset()
    assert await bench.roster.expire() == ()


async def test_who_left_is_not_present_and_may_leave_again(bench: Bench) -> None:
    await bench.roster.enter([LAPTOP, PHONE, DESK], TTL_S)
    await bench.roster.leave([LAPTOP, DESK])
    await bench.roster.leave([LAPTOP, DESK])
    assert await _present(bench.roster) == {PHONE}
    assert await bench.roster.places() == {ANA}


async def test_entering_again_replaces_what_was_said_before(bench: Bench) -> None:
    await bench.roster.enter([LAPTOP], TTL_S)
    later = RosterEntry(ANA, "laptop", "since three")
    await bench.roster.enter([later], TTL_S)
    assert await _present(bench.roster) == {later}


async def test_one_who_is_not_renewed_is_gone_when_the_time_has_run_out(bench: Bench) -> None:
    await bench.roster.enter([LAPTOP, PHONE], TTL_S)
    await bench.pass_s(TTL_S / 2)
    await bench.roster.enter([PHONE, DESK], TTL_S)
    await bench.pass_s(TTL_S * 3 / 4)
    assert await _present(bench.roster) == {PHONE, DESK}
    await bench.pass_s(TTL_S)
    assert await _present(bench.roster) == set()
    assert await bench.roster.places() == frozenset()


async def test_each_whose_time_has_run_out_is_told_of_once(bench: Bench) -> None:
    await bench.roster.enter([LAPTOP, DESK], TTL_S)
    await bench.roster.enter([PHONE], TTL_S * 10)
    assert await bench.roster.expire() == ()
    await bench.pass_s(TTL_S * 2)
    assert set(await bench.roster.expire()) == {LAPTOP, DESK}
    assert await bench.roster.expire() == ()
    assert await bench.roster.places() == {ANA}
    await bench.pass_s(TTL_S * 10)
    assert await bench.roster.expire() == (PHONE,)


async def test_one_who_left_in_time_is_not_told_of_as_expired(bench: Bench) -> None:
    await bench.roster.enter([LAPTOP, DESK], TTL_S)
    await bench.roster.leave([LAPTOP])
    await bench.pass_s(TTL_S * 2)
    assert await bench.roster.expire() == (DESK,)


async def test_one_whose_time_ran_out_may_enter_again(bench: Bench) -> None:
    await bench.roster.enter([LAPTOP], TTL_S)
    await bench.pass_s(TTL_S * 2)
    await bench.roster.enter([LAPTOP], TTL_S)
    assert await bench.roster.expire() == ()
    assert await _present(bench.roster) == {LAPTOP}
