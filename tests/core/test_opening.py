"""Opening a conversation, paging back through it, and catching up after an absence."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from tertulia.core.errors import Invalid, NotFound
from tertulia.core.ids import new_id
from tertulia.core.model import HistoryOrder, Kind
from tertulia.core.opening import MAX_CHANGED_ROWS, OPENING_PAGE_SIZE, Openings
from tertulia.core.policy import MAX_GROUP_MEMBERS, MAX_NEWCOMERS
from tests.core.sealing import ring
from tests.core.town import everything
from tests.replica import catch_up, fresh_replica

if TYPE_CHECKING:
    from uuid import UUID

    from tertulia.core.message import Message
    from tertulia.core.model import Account, Actor, History, Page
    from tests.core.town import Town


def addresses(people: tuple[Account, ...]) -> dict[UUID, bool]:
    """Return of whom the e-mail address is shown."""
    return {person.id: person.email is not None for person in people}


async def talk(town: Town, conversation_id: UUID, length: int, *people: Actor) -> list[Message]:
    """Let people talk in turns and return their messages."""
    return [
        await town.core.messages.send(people[index % len(people)], conversation_id, f"{index}")
        for index in range(length)
    ]


async def test_opening_shows_the_latest_page_and_leads_to_the_older_ones(town: Town) -> None:
    ana, bea = town.actors[:2]
    group = await town.group(ana, bea)
    talked = await talk(town, group, OPENING_PAGE_SIZE + 5, ana, bea)
    snapshot = await town.core.openings.open(ana, group)
    assert snapshot.chat == await town.core.conversations.get(ana, group)
    assert list(snapshot.history.items) == talked[: -OPENING_PAGE_SIZE - 1 : -1]
    older = await town.core.openings.history(ana, group, snapshot.history.token, 50, "desc")
    assert list(older.messages.items) == talked[4::-1]
    assert older.messages.token is None


async def test_opening_a_quiet_conversation_shows_an_empty_page(town: Town) -> None:
    ana, bea = town.actors[:2]
    snapshot = await town.core.openings.open(ana, await town.private(ana, bea))
    assert (snapshot.history.items, snapshot.history.token) == ((), None)
    assert addresses(snapshot.people) == {ana.account_id: True, bea.account_id: True}


async def test_a_group_shows_all_its_people_and_those_who_wrote_and_left(town: Town) -> None:
    ana, bea, caro, dani = town.actors
    group = await town.group(ana, bea, caro, dani)
    talked = await talk(town, group, 2, caro, dani)
    for actor in (caro, dani):
        await town.core.members.leave(actor, group)
    await town.private(ana, dani)
    expected = {
        ana.account_id: True,
        bea.account_id: True,
        caro.account_id: False,
        dani.account_id: True,
    }
    snapshot = await town.core.openings.open(ana, group)
    assert addresses(snapshot.people) == expected
    assert {member.account_id for member in snapshot.reads} == {ana.account_id, bea.account_id}
    changes = await town.core.openings.changes(ana, group, talked[0].seq - 1)
    assert addresses(changes.people) == expected
    history = await town.core.openings.history(ana, group, None, 10, "desc")
    assert addresses(history.people) == {caro.account_id: False, dani.account_id: True}


async def test_a_room_shows_oneself_and_those_who_wrote(town: Town) -> None:
    ana, bea, caro, dani = town.actors
    room = await town.room(ana, bea, caro, dani)
    talked = await talk(town, room, 2, bea, caro)
    await town.group(dani, caro)
    expected = {bea.account_id: False, caro.account_id: True, dani.account_id: True}
    snapshot = await town.core.openings.open(dani, room)
    assert addresses(snapshot.people) == expected
    assert snapshot.reads == (snapshot.chat.member,)
    changes = await town.core.openings.changes(dani, room, talked[0].seq - 1)
    assert addresses(changes.people) == expected
    assert changes.reads == snapshot.reads
    history = await town.core.openings.history(dani, room, None, 10, "desc")
    assert addresses(history.people) == {bea.account_id: False, caro.account_id: True}


@pytest.mark.parametrize("order", ["asc", "desc"])
async def test_paging_through_history_shows_each_message_once_whatever_happens_meanwhile(
    town: Town, order: HistoryOrder
) -> None:
    ana, bea = town.actors[:2]
    group = await town.group(ana, bea)
    talked = await talk(town, group, 7, ana, bea)
    for size in (1, 3, 7, 8):
        shown = await everything(_messages(town, ana, group, order), size)
        assert shown == (talked if order == "asc" else talked[::-1])

    ids: list[UUID] = []
    token: str | None = None
    for turn in range(4):
        page = await _messages(town, ana, group, order)(token, 2)
        ids.extend(message.id for message in page.items)
        token = page.token
        # Places in history do not move: not for what is deleted, edited or said meanwhile.
        await town.core.messages.delete(ana, talked[2 * turn].id)
        await town.core.messages.edit(bea, talked[1].id, f"edited {turn}")
        await town.core.messages.send(bea, group, f"later {turn}")
    expected = [message.id for message in talked]
    assert ids[:7] == (expected if order == "asc" else expected[::-1])


async def test_history_keeps_the_place_of_what_was_deleted(town: Town) -> None:
    ana = town.actors[0]
    group = await town.group(ana)
    first, second, third = await talk(town, group, 3, ana)
    deleted = await town.core.messages.delete(ana, second.id)
    assert await town.history(ana, group) == [first, deleted, third]


async def test_changes_are_what_changed_since_and_no_more(town: Town) -> None:
    ana, bea, caro = town.actors[:3]
    group = await town.group(ana, bea)
    first, second, third = await talk(town, group, 3, ana)
    await town.core.members.add(ana, group, [caro.account_id])
    edited = await town.core.messages.edit(ana, first.id, "edited")
    await town.core.members.leave(bea, group)
    deleted = await town.core.messages.delete(ana, third.id)
    head = deleted.changed_seq
    ask = town.core.openings.changes

    changes = await ask(ana, group, 0)
    assert (changes.since, changes.seq, changes.complete) == (0, head, True)
    assert changes.messages == (second, edited, deleted)
    assert [member.account_id for member in changes.members] == [
        ana.account_id,
        caro.account_id,
        bea.account_id,
    ]
    assert [member.left_at is None for member in changes.members] == [True, True, False]

    changes = await ask(ana, group, edited.changed_seq)
    assert changes.messages == (deleted,)
    assert [member.account_id for member in changes.members] == [bea.account_id]

    changes = await ask(ana, group, head)
    assert (changes.messages, changes.members) == ((), ())
    assert (changes.seq, changes.complete) == (head, True)
    assert changes.chat == await town.core.conversations.get(ana, group)


async def test_a_copy_from_the_future_is_told_where_the_head_is(town: Town) -> None:
    ana = town.actors[0]
    group = await town.group(ana)
    (sent,) = await talk(town, group, 1, ana)
    for since in (sent.seq + 1, 2**63, 10**30):
        changes = await town.core.openings.changes(ana, group, since)
        assert (changes.since, changes.seq, changes.complete) == (since, sent.seq, True)
        assert (changes.messages, changes.members) == ((), ())


async def test_a_seq_is_not_negative(town: Town) -> None:
    ana = town.actors[0]
    group = await town.group(ana)
    with town.refuses(Invalid, "invalid", "since"):
        await town.core.openings.changes(ana, group, -1)


@pytest.mark.parametrize("kind", Kind)
async def test_a_stranger_opens_nothing(town: Town, kind: Kind) -> None:
    ana, bea, stranger = town.actors[:3]
    for conversation_id in (await town.conversation(kind, ana, bea), new_id()):
        for attempt in (
            town.core.openings.open(stranger, conversation_id),
            town.core.openings.changes(stranger, conversation_id, 0),
            town.core.openings.history(stranger, conversation_id, None, 10, "desc"),
        ):
            with town.refuses(NotFound, "not_found"):
                await attempt


@pytest.mark.parametrize("max_changed_rows", [1, 2, 3, 100])
async def test_many_changes_come_in_several_answers_that_miss_nothing(
    town: Town, max_changed_rows: int
) -> None:
    ana, bea, caro, dani = town.actors
    openings = Openings(town.storage, ring(), max_changed_rows=max_changed_rows)
    core = replace(town.core, openings=openings)
    room = await town.room(ana)
    copies = [await fresh_replica(core, ana, room)]
    for actor in (bea, caro, dani):
        await core.members.join(actor, room)
        copies.append(await fresh_replica(core, ana, room))
    first, *_ = await talk(town, room, 5, bea, caro)
    copies.append(await fresh_replica(core, ana, room))
    await core.messages.edit(bea, first.id, "edited")
    await core.members.leave(caro, room)
    await core.members.join(caro, room)
    await core.conversations.change(ana, room, alias="Patio")
    fresh = await fresh_replica(core, ana, room)
    for copy in copies:
        await catch_up(core, ana, room, copy)
        assert copy.seen() == fresh.seen()

    since, answers = 1, 0
    while True:
        changes = await openings.changes(ana, room, since)
        assert len(changes.messages) <= max_changed_rows
        assert len(changes.members) <= max_changed_rows
        assert all(since < row.changed_seq <= changes.seq for row in changes.messages)
        assert all(since < row.changed_seq <= changes.seq for row in changes.members)
        answers += 1
        if changes.complete:
            break
        assert changes.seq > since
        since = changes.seq
    assert (answers == 1) is (max_changed_rows == 100)


async def test_as_many_as_one_change_may_bring_in_fit_into_one_answer(town: Town) -> None:
    assert max(MAX_NEWCOMERS, MAX_GROUP_MEMBERS) <= MAX_CHANGED_ROWS
    ana = town.actors[0]
    crowd = await town.settle(*[f"c{index}" for index in range(MAX_NEWCOMERS)])
    room = await town.room(ana)
    copy = await fresh_replica(town.core, ana, room)
    await town.core.members.add(ana, room, [actor.account_id for actor in crowd])
    await catch_up(town.core, ana, room, copy)
    assert len(copy.members) == MAX_NEWCOMERS + 1
    changes = await town.core.openings.changes(ana, room, 0)
    assert (changes.seq, changes.complete) == (1, False)


def _messages(
    town: Town, reader: Actor, conversation_id: UUID, order: HistoryOrder
) -> Callable[[str | None, int], Awaitable[Page[Message]]]:
    async def page(token: str | None, size: int) -> Page[Message]:
        found: History = await town.core.openings.history(
            reader, conversation_id, token, size, order
        )
        return found.messages

    return page
