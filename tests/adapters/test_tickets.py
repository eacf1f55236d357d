"""Socket tickets: once, for half a minute, and never without bound."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from tertulia.adapters.tickets_memory import TICKET_LIFETIME_S, TicketsInMemory
from tertulia.adapters.tickets_redis import TicketsInRedis
from tertulia.core.ids import new_id
from tertulia.core.model import Actor
from tertulia.core.sessions import Tickets
from tertulia.redis_link import RedisLink
from tests.services import RedisServer


class Clock:
    """A clock that goes when told to."""

    def __init__(self) -> None:
        self.now_s = 100.0

    def __call__(self) -> float:
        return self.now_s


@pytest.fixture
def clock() -> Clock:
    return Clock()


def somebody() -> Actor:
    return Actor(account_id=new_id(), session_id=new_id())


@pytest.fixture(params=["memory", "redis"])
async def tickets(request: pytest.FixtureRequest) -> AsyncIterator[Tickets]:
    """Return tickets of either kind."""
    if request.param == "memory":
        yield TicketsInMemory()
        return
    link = RedisLink(request.getfixturevalue("redis_url"))
    yield TicketsInRedis(link)
    await link.close()


async def test_a_ticket_opens_for_the_one_it_was_given_to_and_only_once(tickets: Tickets) -> None:
    ada, bob = somebody(), somebody()
    adas, bobs = await tickets.issue(ada), await tickets.issue(bob)
    assert await tickets.redeem(adas) == ada
    assert await tickets.redeem(adas) is None
    assert await tickets.redeem(bobs) == bob


async def test_a_ticket_is_good_for_thirty_seconds(clock: Clock) -> None:
    tickets = TicketsInMemory(clock_s=clock)
    early, late = await tickets.issue(somebody()), await tickets.issue(somebody())
    clock.now_s += TICKET_LIFETIME_S - 0.001
    assert await tickets.redeem(early) is not None
    clock.now_s += 0.001
    assert await tickets.redeem(late) is None


@pytest.mark.parametrize("ticket", ["", "guess", "\x00", "é" * 5000], ids=ascii)
async def test_a_guess_opens_nothing(tickets: Tickets, ticket: str) -> None:
    await tickets.issue(somebody())
    assert await tickets.redeem(ticket) is None


async def test_past_the_bound_the_oldest_tickets_go_first(clock: Clock) -> None:
    tickets = TicketsInMemory(max_tickets=2, clock_s=clock)
    first, second, third = [await tickets.issue(somebody()) for _ in range(3)]
    assert await tickets.redeem(first) is None
    assert await tickets.redeem(second) is not None
    assert await tickets.redeem(third) is not None


async def test_expired_tickets_make_room(clock: Clock) -> None:
    tickets = TicketsInMemory(max_tickets=3, clock_s=clock)
    await tickets.issue(somebody())
    await tickets.issue(somebody())
    clock.now_s += TICKET_LIFETIME_S
    fresh = [await tickets.issue(somebody()) for _ in range(3)]
    assert [await tickets.redeem(ticket) is not None for ticket in fresh] == [True] * 3


async def test_another_node_redeems_it_within_thirty_seconds(redis_url: str) -> None:
    one, other = RedisLink(redis_url), RedisLink(redis_url)
    ada = somebody()
    ticket = await TicketsInRedis(one).issue(ada)
    (place,) = await one.redis.keys("*")
    assert ticket.encode() not in place
    assert 0 < await one.redis.pttl(place) <= TICKET_LIFETIME_S * 1000
    assert await TicketsInRedis(other).redeem(ticket) == ada
    assert await TicketsInRedis(one).redeem(ticket) is None
    await one.close()
    await other.close()


async def test_while_redis_is_away_a_ticket_is_good_where_it_was_issued() -> None:
    server = RedisServer()
    link = RedisLink(server.url)
    try:
        tickets, ada = TicketsInRedis(link), somebody()
        server.halt()
        ticket = await tickets.issue(ada)
        assert await tickets.redeem(ticket) == ada
        assert await tickets.redeem(ticket) is None
    finally:
        await link.close()
        server.stop()
