"""Who looks at a conversation."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

import pytest

from tertulia.core.errors import NotFound
from tertulia.core.presence_events import VisibilityChanged, VisitorCame, VisitorWent
from tertulia.core.visitors import TTL_S, Visitors
from tertulia.ending import ended
from tertulia.realtime.roster_memory import MemoryRoster
from tests.core.slow_roster import SlowRoster
from tests.waiting import until, until_found

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from uuid import UUID

    from tertulia.core.events import Event
    from tests.core.town import Town


async def test_the_first_device_is_a_coming_and_the_last_one_a_going(town: Town) -> None:
    ana, bea = town.actors[:2]
    group = await town.group(ana, bea)
    visitors = town.core.visitors
    assert await visitors.enter(ana, group, "a") == ()
    assert await visitors.enter(bea, group, "b") == (await town.face(ana),)
    assert await visitors.enter(ana, group, "c") == (await town.face(bea),)
    visitors.leave(ana, group, "a")
    visitors.leave(ana, group, "c")
    visitors.leave(ana, group, "c")
    assert town.heard() == [
        VisitorCame(conversation_id=group, person=await town.face(ana)),
        VisitorCame(conversation_id=group, person=await town.face(bea)),
        VisitorWent(conversation_id=group, person=await town.face(ana)),
    ]
    visitors.leave(bea, group, "b")
    assert await visitors.enter(ana, group, "d") == ()


async def test_who_is_not_in_it_does_not_visit(town: Town) -> None:
    ana, bea = town.actors[:2]
    group = await town.group(ana)
    with town.refuses(NotFound, "not_found"):
        await town.core.visitors.enter(bea, group, "b")


@pytest.mark.parametrize("is_hidden", [True, False])
async def test_who_hides_goes_and_who_shows_comes(town: Town, is_hidden: bool) -> None:
    ana, bea = town.actors[:2]
    group = await town.group(ana, bea)
    visitors = town.core.visitors
    await town.core.accounts.set_profile(ana, hidden=not is_hidden)
    await visitors.enter(ana, group, "a")
    town.heard()
    for _ in range(2):
        visitors.hear([VisibilityChanged(account_id=ana.account_id, hidden=is_hidden)])
    change = VisitorWent if is_hidden else VisitorCame
    face = await town.face(ana)
    assert town.heard() == [change(conversation_id=group, person=face)]
    assert await visitors.enter(bea, group, "b") == (() if is_hidden else (face,))
    town.heard()
    visitors.leave(ana, group, "a")
    went = [VisitorWent(conversation_id=group, person=face)]
    assert town.heard() == ([] if is_hidden else went)


async def test_who_is_blocked_is_not_seen_to_look(town: Town) -> None:
    ana, bea = town.actors[:2]
    chat = await town.private(ana, bea)
    await town.core.contacts.block(ana, bea.account_id)
    town.heard()
    await town.core.visitors.enter(bea, chat, "b")
    assert await town.core.visitors.enter(ana, chat, "a") == ()
    for hidden in (True, False):
        town.core.visitors.hear([VisibilityChanged(account_id=bea.account_id, hidden=hidden)])
    assert town.heard() == [VisitorCame(conversation_id=chat, person=await town.face(ana))]


class Nodes:
    """Two nodes that mirror their visitors in one roster; `now_s` is its clock."""

    def __init__(self, town: Town) -> None:
        self.now_s = 0.0
        self.roster = MemoryRoster(lambda: self.now_s)
        self.told: list[Event] = []
        self.one, self.other = [
            Visitors(town.storage, self.roster, self.told.extend) for _ in range(2)
        ]

    async def are_mirrored(self, group: UUID, count: int) -> None:
        """Wait until so many are in the roster."""

        async def mirrored() -> bool | None:
            return len(await self.roster.present([group])) == count or None

        await until_found(mirrored, within_s=5, what=f"{count} visitors in the roster")


@asynccontextmanager
async def _running(*nodes: Visitors) -> AsyncIterator[None]:
    tasks = [asyncio.create_task(each.run()) for each in nodes]
    yield
    await ended(*tasks)


@pytest.fixture
async def nodes(town: Town) -> AsyncIterator[Nodes]:
    """Return two nodes at work."""
    nodes = Nodes(town)
    async with _running(nodes.one, nodes.other):
        yield nodes


async def test_visitors_of_one_node_are_seen_on_another(town: Town, nodes: Nodes) -> None:
    ana, bea, caro = town.actors[:3]
    group = await town.group(ana, bea, caro)
    await nodes.one.enter(ana, group, "a")
    await nodes.are_mirrored(group, 1)
    assert await nodes.other.enter(bea, group, "b") == (await town.face(ana),)
    assert await nodes.other.enter(ana, group, "c") == (await town.face(bea),)
    assert [type(event) for event in nodes.told] == [VisitorCame, VisitorCame]
    await nodes.are_mirrored(group, 3)
    nodes.one.leave(ana, group, "a")
    nodes.other.leave(bea, group, "b")
    await nodes.are_mirrored(group, 1)
    assert await nodes.one.enter(caro, group, "d") == (await town.face(ana),)


async def test_who_went_on_one_node_and_is_here_is_said_to_be(town: Town, nodes: Nodes) -> None:
    ana = town.actors[0]
    group = await town.group(ana)
    await nodes.one.enter(ana, group, "a")
    face = await town.face(ana)
    nodes.told.clear()
    nodes.one.hear([VisitorWent(conversation_id=group, person=face)])
    nodes.other.hear([VisitorWent(conversation_id=group, person=face)])
    assert nodes.told == [VisitorCame(conversation_id=group, person=face)]


async def test_the_visitors_of_a_dead_node_go_when_their_time_is_over(
    town: Town, nodes: Nodes
) -> None:
    ana, bea = town.actors[:2]
    group = await town.group(ana, bea)
    await nodes.one.enter(ana, group, "a")
    await nodes.are_mirrored(group, 1)
    nodes.told.clear()
    await nodes.other.renew()
    assert nodes.told == []
    nodes.now_s += TTL_S + 1
    await nodes.other.renew()
    assert nodes.told == [VisitorWent(conversation_id=group, person=await town.face(ana))]
    assert await nodes.other.enter(bea, group, "b") == ()


async def test_who_stays_is_seen_elsewhere_however_many_come_and_go(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    renew_s = 0.1
    monkeypatch.setattr("tertulia.core.visitors.RENEW_S", renew_s)
    ana, bea, caro = town.actors[:3]
    group = await town.group(ana, bea, caro)
    nodes = Nodes(town)
    async with _running(nodes.one, nodes.other):
        await nodes.one.enter(ana, group, "a")
        for _ in range(12):
            await nodes.one.enter(bea, group, "b")
            nodes.one.leave(bea, group, "b")
            await asyncio.sleep(renew_s / 2)
            nodes.now_s += TTL_S / 6
        face = await town.face(ana)
        assert face in await nodes.other.enter(caro, group, "c")
    assert VisitorWent(conversation_id=group, person=face) not in nodes.told


async def test_a_renewal_does_not_bring_back_who_goes_meanwhile(town: Town) -> None:
    ana, bea = town.actors[:2]
    group = await town.group(ana, bea)
    roster = SlowRoster()
    visitors = Visitors(town.storage, roster, lambda _: None)
    async with _running(visitors):
        await visitors.enter(ana, group, "a")
        await visitors.enter(bea, group, "b")
        await until(lambda: len(roster.held()) == 2, within_s=5, what="both are in the roster")
        roster.hold_next()
        renewing = asyncio.create_task(visitors.renew())
        await roster.is_held.wait()
        visitors.leave(ana, group, "a")
        # Long enough for the going to be told, were it not to wait for its turn.
        await asyncio.sleep(0.05)
        roster.may_go.set()
        await renewing
        await until(lambda: len(roster.held()) == 1, within_s=5, what="who went is gone")
