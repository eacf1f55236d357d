"""Who is typing."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest

from tertulia.core.errors import NotFound
from tertulia.core.ids import new_id
from tertulia.core.model import Kind
from tertulia.core.presence_events import TypingStarted, TypingStopped
from tertulia.core.typists import Typists
from tertulia.realtime.roster_memory import MemoryRoster

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tertulia.core.events import Event
    from tests.core.town import Town


@pytest.mark.parametrize("kind", Kind)
async def test_typing_is_announced_when_it_begins_and_when_it_ends(town: Town, kind: Kind) -> None:
    ana, bea = town.actors[:2]
    typists = town.core.typists
    conversation_id = await town.conversation(kind, ana, bea)
    for actor in (ana, bea, ana):
        await typists.start(actor, conversation_id)
    assert set(await typists.typing_in(conversation_id)) == {ana.account_id, bea.account_id}
    assert town.heard() == [
        TypingStarted(conversation_id=conversation_id, person=await town.face(ana)),
        TypingStarted(conversation_id=conversation_id, person=await town.face(bea)),
    ]
    for _ in range(2):
        await typists.stop(ana, conversation_id)
    assert await typists.typing_in(conversation_id) == (bea.account_id,)
    assert town.heard() == [
        TypingStopped(conversation_id=conversation_id, person=await town.face(ana))
    ]


async def test_one_types_in_each_conversation_by_itself(town: Town) -> None:
    ana, bea = town.actors[:2]
    typists = town.core.typists
    one, other = await town.group(ana), await town.private(ana, bea)
    await typists.start(ana, one)
    assert (await typists.typing_in(one), await typists.typing_in(other)) == ((ana.account_id,), ())
    await typists.stop(ana, other)
    assert await typists.typing_in(one) == (ana.account_id,)
    assert [type(event) for event in town.heard()] == [TypingStarted]


async def test_a_stranger_is_not_seen_typing(town: Town) -> None:
    ana, bea, stranger = town.actors[:3]
    for conversation_id in (
        await town.private(ana, bea),
        await town.group(ana),
        await town.room(ana),
        new_id(),
    ):
        with town.refuses(NotFound, "not_found"):
            await town.core.typists.start(stranger, conversation_id)
        await town.core.typists.stop(stranger, conversation_id)
        assert await town.core.typists.typing_in(conversation_id) == ()
    assert town.heard() == []


async def test_who_was_removed_is_seen_typing_no_more(town: Town) -> None:
    ana, bea = town.actors[:2]
    group = await town.group(ana, bea)
    await town.core.typists.start(bea, group)
    await town.core.members.remove(ana, group, bea.account_id)
    town.heard()
    with pytest.raises(NotFound):
        await town.core.typists.start(bea, group)
    assert await town.core.typists.typing_in(group) == ()
    assert town.heard() == [TypingStopped(conversation_id=group, person=await town.face(bea))]


async def test_several_devices_of_one_person_are_one_typist(town: Town) -> None:
    ana = town.actors[0]
    group = await town.group(ana)
    await asyncio.gather(*[town.core.typists.start(ana, group) for _ in range(4)])
    assert await town.core.typists.typing_in(group) == (ana.account_id,)
    assert [type(event) for event in town.heard()] == [TypingStarted]


async def test_who_falls_silent_has_stopped(town: Town) -> None:
    ana = town.actors[0]
    group = await town.group(ana)
    stopped = asyncio.Event()
    heard: list[Event] = []

    def publish(events: Sequence[Event]) -> None:
        heard.extend(events)
        if any(isinstance(event, TypingStopped) for event in events):
            stopped.set()

    typists = Typists(town.storage, MemoryRoster(), publish, silence_s=0.01)
    await typists.start(ana, group)
    await stopped.wait()
    assert heard == [
        TypingStarted(conversation_id=group, person=await town.face(ana)),
        TypingStopped(conversation_id=group, person=await town.face(ana)),
    ]
    assert await typists.typing_in(group) == ()


async def test_a_node_that_stops_forgets_its_typists_without_a_word(town: Town) -> None:
    ana = town.actors[0]
    group = await town.group(ana)
    await town.core.typists.start(ana, group)
    town.heard()
    town.core.typists.close()
    assert town.heard() == []


async def test_who_types_on_one_node_is_seen_on_another(town: Town) -> None:
    ana = town.actors[0]
    group = await town.group(ana)
    roster = MemoryRoster()
    one, other = [Typists(town.storage, roster, lambda _: None) for _ in range(2)]
    await one.start(ana, group)
    assert await other.typing_in(group) == (ana.account_id,)
    await one.stop(ana, group)
    assert await other.typing_in(group) == ()
    one.close()
