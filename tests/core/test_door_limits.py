"""How much one account does with others in a time: what a person never reaches, a program does."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from tertulia.adapters.limits_memory import LimitsInMemory
from tertulia.adapters.tickets_memory import TicketsInMemory
from tertulia.composition import open_core
from tertulia.core import limits
from tertulia.core.accounts import Accounts
from tertulia.core.conversations import Conversations
from tertulia.core.errors import Invalid, NotAuthenticated, RateLimited
from tertulia.core.limits import Limit
from tertulia.core.members import Members
from tertulia.core.sessions import Sessions
from tertulia.storage.engine import open_database
from tests.core.sealing import ring
from tests.refill import SLOWER, refilled_slowly

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from tertulia.settings import Settings
    from tests.core.door import Door
    from tests.core.town import Town

TOPICS = ("general",)


async def counted(
    call: Callable[[], Awaitable[object]], *, most: int, expected: type[Exception] | None = None
) -> int:
    """Call until refused as too often, and return how many calls there were before."""
    for count in range(most):
        try:
            await call()
        except RateLimited as refusal:
            assert refusal.retry_after_s > 0
            return count
        except Exception as refusal:
            if expected is None or not isinstance(refusal, expected):
                raise
    return most


def strict(door: Door) -> LimitsInMemory:
    """Return the limits that a server has, by the clock of this door."""
    return LimitsInMemory(clock_s=lambda: door.clock().timestamp())


def small(monkeypatch: pytest.MonkeyPatch, name: str, times: int = 5) -> None:
    """Have a limit be small: tests have no time for hundreds of calls on two databases."""
    usual: Limit = getattr(limits, name)
    monkeypatch.setattr(limits, name, Limit(name=usual.name, times=times, per=usual.per))


async def test_refresh_tokens_are_tried_so_often_from_one_place(door: Door) -> None:
    signin = door.strict_signin()
    most = limits.REFRESHES_FROM.times
    tried = await counted(
        lambda: signin.refresh("guess", "192.0.2.1"), most=most + 1, expected=NotAuthenticated
    )
    assert tried == most
    with pytest.raises(NotAuthenticated):
        await signin.refresh("guess", "192.0.2.2")


async def test_tickets_are_given_so_often_to_one_account(door: Door) -> None:
    ana, bea = await door.someone("ana"), await door.someone("bea")
    sessions = Sessions(door.town.storage, door.tokens, TicketsInMemory(), strict(door), door.clock)
    most = limits.SOCKET_TICKETS_OF.times
    assert await counted(lambda: sessions.issue_ticket(ana.actor), most=most + 1) == most
    await sessions.issue_ticket(bea.actor)
    door.clock.advance(timedelta(minutes=10))
    await sessions.issue_ticket(ana.actor)


async def test_people_and_rooms_are_searched_so_often_by_one_account(
    door: Door, monkeypatch: pytest.MonkeyPatch
) -> None:
    small(monkeypatch, "SEARCHES_OF")
    ana, bea = door.town.actors[:2]
    doors = strict(door)
    accounts = Accounts(door.town.storage, doors, door.clock)
    conversations = Conversations(
        door.town.storage, door.town.core.avatars, ring(), doors, door.clock, TOPICS
    )
    assert await counted(lambda: accounts.search(ana, "x", None, 1), most=9) == 5
    with pytest.raises(RateLimited):
        await conversations.directory(ana, None, "new", "x", None, 1)
    await conversations.directory(bea, None, "new", "x", None, 1)


async def test_conversations_are_begun_so_often_by_one_account(
    door: Door, monkeypatch: pytest.MonkeyPatch
) -> None:
    small(monkeypatch, "CONVERSATIONS_OF")
    town = door.town
    ana, bea, caro, dani = town.actors
    conversations = Conversations(
        town.storage, town.core.avatars, ring(), strict(door), door.clock, TOPICS
    )
    chat = await conversations.start_private(ana, bea.account_id)
    # What there is already is answered as often as one likes, and is not counted.
    for _ in range(10):
        assert (await conversations.start_private(ana, bea.account_id)).conversation == (
            chat.conversation
        )
    await conversations.start_private(ana, caro.account_id)
    await conversations.start_room(ana, "Plaza", "general", None, None)
    assert await counted(lambda: conversations.start_group(ana, "Peña", []), most=9) == 2
    town.heard()
    for attempt in (
        conversations.start_private(ana, dani.account_id),
        conversations.start_room(ana, "Plaza", "general", None, None),
    ):
        with town.refuses(RateLimited, "rate_limited"):
            await attempt
    await conversations.start_private(ana, bea.account_id)
    await conversations.start_private(dani, ana.account_id)


async def test_what_cannot_be_begun_is_not_counted(
    door: Door, monkeypatch: pytest.MonkeyPatch
) -> None:
    small(monkeypatch, "CONVERSATIONS_OF")
    ana = door.town.actors[0]
    conversations = Conversations(
        door.town.storage, door.town.core.avatars, ring(), strict(door), door.clock, TOPICS
    )
    for _ in range(10):
        with pytest.raises(Invalid):
            await conversations.start_group(ana, "", [])
        with pytest.raises(Invalid):
            await conversations.start_room(ana, "Plaza", "nowhere", None, None)
        with pytest.raises(Invalid):
            await conversations.start_private(ana, ana.account_id)
    await conversations.start_group(ana, "Peña", [])


async def test_so_many_people_are_brought_in_by_one_account_in_whatever_way(
    door: Door, monkeypatch: pytest.MonkeyPatch
) -> None:
    small(monkeypatch, "PEOPLE_BROUGHT_IN_BY")
    town = door.town
    ana, bea, caro, dani = town.actors
    doors = strict(door)
    members = Members(town.storage, town.core.avatars, doors, door.clock)
    conversations = Conversations(
        town.storage, town.core.avatars, ring(), doors, door.clock, TOPICS
    )
    others = [bea.account_id, caro.account_id]
    group = (await conversations.start_group(ana, "Peña", others)).conversation.id
    # Renaming brings nobody in.
    for _ in range(10):
        await members.add(ana, group, [], alias="Tertulia")
    other = (await conversations.start_group(ana, "Coro", others)).conversation.id
    with pytest.raises(RateLimited):
        await conversations.start_group(ana, "Banda", others)
    assert len(await members.add(ana, group, [dani.account_id])) == 1
    with pytest.raises(RateLimited):
        await members.add(ana, other, [dani.account_id])
    assert len(await members.add(bea, other, [dani.account_id])) == 1


async def test_rooms_are_walked_into_so_often_by_one_account(
    door: Door, monkeypatch: pytest.MonkeyPatch
) -> None:
    small(monkeypatch, "JOINS_OF", times=2)
    town = door.town
    ana, bea = town.actors[:2]
    members = Members(town.storage, town.core.avatars, strict(door), door.clock)
    rooms = [await town.room(ana) for _ in range(3)]
    for room in rooms[:2]:
        await members.join(bea, room)
    with pytest.raises(RateLimited):
        await members.join(bea, rooms[2])
    # Somebody who is in it already only looks.
    for _ in range(5):
        await members.join(bea, rooms[0])
    assert len(await town.roles(rooms[2])) == 1


async def test_an_account_sends_and_changes_so_much_on_all_its_devices(
    town: Town, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    refilled_slowly(monkeypatch)
    ana, bea = town.actors[:2]
    chat = await town.private(ana, bea)
    strictly = replace(settings, limits_scale=1, pushes_per_s=1, push_burst=4)
    database = open_database(settings.database_url, pool_size=settings.pool_size)
    try:
        async with open_core(strictly, database, lambda _: None) as core:
            messages = core.messages
            sent = await messages.send(ana, chat, "one")
            await messages.send(ana, chat, "two")
            await messages.edit(ana, sent.id, "uno")
            await messages.delete(ana, sent.id)
            for attempt in (
                messages.send(ana, chat, "three"),
                messages.edit(ana, sent.id, "tres"),
                messages.delete(ana, sent.id),
            ):
                with pytest.raises(RateLimited) as refused:
                    await attempt
                assert SLOWER / 2 < refused.value.retry_after_s <= SLOWER
            await messages.send(bea, chat, "four")
    finally:
        await database.close()
    assert [message.body for message in await town.history(ana, chat)] == [None, "two", "four"]
