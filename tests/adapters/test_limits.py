"""Counting, by a clock that the test moves: never more than is allowed in any time."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tertulia.adapters import limits_memory
from tertulia.adapters.limits_memory import LimitsInMemory
from tertulia.adapters.limits_redis import LimitsInRedis
from tertulia.core.errors import RateLimited
from tertulia.core.limits import Limit, Limits, Patience, place_of, sends_of
from tertulia.redis_link import RedisLink
from tests.services import RedisServer

TEN_A_MINUTE = Limit(name="letters", times=10, per=timedelta(minutes=1))
PATIENT = Patience(
    name="tries", free=3, first_wait=timedelta(seconds=2), longest=timedelta(seconds=60)
)
KEY = "ana"


@dataclass
class Counter:
    """Limits, with the time in seconds at which they are asked; `scale` is the operator's.

    They are in memory, or by way of a `link` in Redis.
    """

    scale: float = 1
    link: RedisLink | None = None
    now_s: float = 1000.0
    limits: Limits = field(init=False)

    def __post_init__(self) -> None:
        """Put the limits over this clock."""
        if self.link is None:
            self.limits = LimitsInMemory(scale=self.scale, clock_s=lambda: self.now_s)
        else:
            self.limits = LimitsInRedis(
                self.link, scale=self.scale, now_ms=lambda: self.now_s * 1000
            )

    async def take(self, limit: Limit, key: str = KEY, count: int = 1) -> float:
        """Count, and return 0, or the seconds to wait for whoever is refused."""
        try:
            await self.limits.take(limit, key, count)
        except RateLimited as refusal:
            return refusal.retry_after_s
        return 0

    async def attempt(self, key: str = KEY) -> float:
        """Try, and return 0, or the seconds to wait for whoever is refused."""
        try:
            await self.limits.attempt(PATIENT, key)
        except RateLimited as refusal:
            return refusal.retry_after_s
        return 0

    async def taken_at_once(self, limit: Limit, key: str = KEY) -> int:
        """Take until refused, and return how many there were."""
        count = 0
        while not await self.take(limit, key):
            count += 1
        return count


OpenCounter = Callable[..., Counter]


@pytest.fixture(params=["memory", "redis"])
async def open_counter(request: pytest.FixtureRequest) -> AsyncIterator[OpenCounter]:
    """Return what makes a counter of either kind."""
    if request.param == "memory":
        yield Counter
        return
    link = RedisLink(request.getfixturevalue("redis_url"))
    yield partial(Counter, link=link)
    await link.close()


async def test_so_many_are_allowed_at_once_and_then_one_for_each_part_of_the_time(
    open_counter: OpenCounter,
) -> None:
    counter = open_counter()
    assert await counter.taken_at_once(TEN_A_MINUTE) == 10
    counter.now_s += 5.9
    assert await counter.take(TEN_A_MINUTE) == pytest.approx(0.1)
    counter.now_s += 0.1
    assert await counter.taken_at_once(TEN_A_MINUTE) == 1
    counter.now_s += 60
    assert await counter.taken_at_once(TEN_A_MINUTE) == 10


async def test_whoever_waits_as_told_is_let_through(open_counter: OpenCounter) -> None:
    counter = open_counter()
    await counter.taken_at_once(TEN_A_MINUTE)
    for _ in range(20):
        wait_s = await counter.take(TEN_A_MINUTE)
        assert wait_s > 0
        counter.now_s += wait_s
        assert await counter.take(TEN_A_MINUTE) == 0


async def test_who_is_refused_is_not_counted(open_counter: OpenCounter) -> None:
    counter = open_counter()
    await counter.taken_at_once(TEN_A_MINUTE)
    for _ in range(1000):
        assert await counter.take(TEN_A_MINUTE) == pytest.approx(6)


async def test_several_are_counted_together_or_not_at_all(open_counter: OpenCounter) -> None:
    counter = open_counter()
    assert await counter.take(TEN_A_MINUTE, count=8) == 0
    assert await counter.take(TEN_A_MINUTE, count=3) == pytest.approx(6)
    assert await counter.take(TEN_A_MINUTE, count=2) == 0
    assert await counter.take(TEN_A_MINUTE) > 0
    counter.now_s += 60
    assert await counter.take(TEN_A_MINUTE, count=11) > 0
    assert await counter.take(TEN_A_MINUTE, count=10) == 0


async def test_keys_and_limits_have_counts_of_their_own(open_counter: OpenCounter) -> None:
    counter = open_counter()
    other = Limit(name="sms", times=10, per=timedelta(minutes=1))
    await counter.taken_at_once(TEN_A_MINUTE)
    assert await counter.taken_at_once(TEN_A_MINUTE, "bea") == 10
    assert await counter.taken_at_once(other) == 10


async def test_an_operator_may_allow_more(open_counter: OpenCounter) -> None:
    counter = open_counter(scale=3)
    assert await counter.taken_at_once(TEN_A_MINUTE) == 30
    assert [await counter.attempt() for _ in range(10)] == [0] * 9 + [2]


@given(
    waits_s=st.lists(st.floats(0, 30), max_size=80),
    times=st.integers(1, 12),
    per_s=st.floats(0.5, 120),
)
def test_no_stretch_of_time_sees_more_than_a_full_bucket_and_what_leaks_meanwhile(
    waits_s: list[float], times: int, per_s: float
) -> None:
    limit = Limit(name="any", times=times, per=timedelta(seconds=per_s))

    async def taken() -> list[float]:
        counter = Counter()
        moments = []
        for wait_s in waits_s:
            counter.now_s += wait_s
            if not await counter.take(limit):
                moments.append(counter.now_s)
        return moments

    moments = asyncio.run(taken())
    step_s = limit.per.total_seconds() / times
    for first, start in enumerate(moments):
        for last, end in enumerate(moments[first:], first):
            assert last - first + 1 <= times + (end - start) / step_s + 0.01


@given(waits_s=st.lists(st.floats(0, 200), min_size=1, max_size=60))
def test_no_try_comes_sooner_than_the_waits_before_it_ask_for(waits_s: list[float]) -> None:
    async def tried() -> list[float]:
        counter = Counter()
        moments = []
        for wait_s in waits_s:
            counter.now_s += wait_s
            if not await counter.attempt():
                moments.append(counter.now_s)
        return moments

    moments = asyncio.run(tried())
    count = 0
    for index, moment in enumerate(moments):
        gap_s = moment - moments[index - 1] if index else 0.0
        if gap_s > 120:
            count = 0
        if count >= 3:
            assert gap_s >= min(60, 2 * 2 ** (count - 3)) - 1e-6
        count += 1


async def test_the_first_tries_are_free_and_then_the_wait_doubles_up_to_the_longest(
    open_counter: OpenCounter,
) -> None:
    counter = open_counter()
    waits = []
    for _ in range(10):
        wait_s = await counter.attempt()
        waits.append(round(wait_s, 6))
        if wait_s:
            counter.now_s += wait_s - 0.001
            assert await counter.attempt() == pytest.approx(0.001)
            counter.now_s += 0.001
            assert await counter.attempt() == 0
    assert waits == [0, 0, 0, 2, 4, 8, 16, 32, 60, 60]


async def test_tries_are_forgotten_once_one_is_right_or_long_after_the_last(
    open_counter: OpenCounter,
) -> None:
    counter = open_counter()
    for _ in range(3):
        await counter.attempt()
    assert await counter.attempt() > 0
    assert await counter.attempt("bea") == 0
    await counter.limits.forgive(PATIENT, KEY)
    assert [await counter.attempt() for _ in range(4)] == [0, 0, 0, 2]
    counter.now_s += 121
    assert [await counter.attempt() for _ in range(4)] == [0, 0, 0, 2]


async def test_forgiving_somebody_who_never_tried_changes_nothing(
    open_counter: OpenCounter,
) -> None:
    counter = open_counter()
    await counter.limits.forgive(PATIENT, KEY)
    assert await counter.attempt() == 0


async def test_what_is_remembered_is_bounded_and_the_oldest_goes_first(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(limits_memory, "MAX_KEYS", 100)
    counter = Counter()
    for _ in range(4):
        await counter.attempt("ana")
        await counter.taken_at_once(TEN_A_MINUTE, "ana")
    for number in range(99):
        await counter.attempt(f"stranger {number}")
        await counter.take(TEN_A_MINUTE, f"stranger {number}")
    # Asking keeps a key among the latest, refused or not.
    assert await counter.attempt("ana") > 0
    assert await counter.take(TEN_A_MINUTE, "ana") > 0
    for number in range(99):
        await counter.attempt(f"other {number}")
        await counter.take(TEN_A_MINUTE, f"other {number}")
    assert await counter.attempt("ana") > 0
    assert await counter.take(TEN_A_MINUTE, "ana") > 0
    for number in range(100):
        await counter.attempt(f"last {number}")
        await counter.take(TEN_A_MINUTE, f"last {number}")
    assert await counter.attempt("ana") == 0
    assert await counter.take(TEN_A_MINUTE, "ana") == 0


async def test_sends_are_limited_as_the_pushes_of_a_socket_are(open_counter: OpenCounter) -> None:
    counter = open_counter()
    limit = sends_of(50, 200)
    assert await counter.taken_at_once(limit) == 200
    counter.now_s += 1
    assert await counter.taken_at_once(limit) == 50


@pytest.mark.parametrize(
    ("address", "place"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::"),
        ("2001:db8:1:2::9", "2001:db8:1:2::"),
        ("2001:db8:1:3::9", "2001:db8:1:3::"),
        ("a socket", "a socket"),
        ("", ""),
    ],
)
def test_a_place_is_what_one_line_is_given(address: str, place: str) -> None:
    assert place_of(address) == place


steps = st.lists(
    st.tuples(st.sampled_from(["take", "attempt", "forgive"]), st.floats(0, 90), st.integers(1, 4)),
    max_size=30,
)


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=steps, scale=st.sampled_from([1, 1.5, 3]))
def test_redis_counts_as_memory_does(
    redis_server: RedisServer, steps: list[tuple[str, float, int]], scale: float
) -> None:
    async def counted() -> None:
        redis_server.empty()
        link = RedisLink(redis_server.url)
        both = Counter(scale), Counter(scale, link)
        for act, wait_s, count in steps:
            for counter in both:
                counter.now_s += wait_s
            if act == "forgive":
                for counter in both:
                    await counter.limits.forgive(PATIENT, KEY)
                continue
            one, other = [
                await counter.take(TEN_A_MINUTE, count=count)
                if act == "take"
                else await counter.attempt()
                for counter in both
            ]
            assert one == pytest.approx(other, abs=1e-6)
        await link.close()

    asyncio.run(counted())


async def test_nodes_count_together_and_each_alone_while_redis_is_away() -> None:
    server = RedisServer()
    links = RedisLink(server.url), RedisLink(server.url)
    try:
        one, other = [Counter(link=link) for link in links]
        assert await one.taken_at_once(TEN_A_MINUTE) == 10
        assert await other.take(TEN_A_MINUTE) > 0
        server.halt()
        one.limits = LimitsInRedis(links[0])
        assert await one.taken_at_once(TEN_A_MINUTE) == 10
        assert [await one.attempt() for _ in range(4)] == [0, 0, 0, pytest.approx(2, abs=0.5)]
        await one.limits.forgive(PATIENT, KEY)
        assert await one.attempt() == 0
    finally:
        for link in links:
            await link.close()
        server.stop()
