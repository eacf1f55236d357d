"""How far people have read, and what is unread."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tertulia.core.errors import Invalid, NotFound
from tertulia.core.events import ConversationRead
from tertulia.core.ids import new_id
from tertulia.core.model import Kind

if TYPE_CHECKING:
    from tests.core.town import Town


@pytest.mark.parametrize("kind", Kind)
async def test_reading_moves_the_pointer_to_the_head_and_takes_no_seq(
    town: Town, kind: Kind
) -> None:
    ana, bea = town.actors[:2]
    conversation_id = await town.conversation(kind, ana, bea)
    for body in ("one", "two"):
        await town.core.messages.send(bea, conversation_id, body)
    town.heard()
    head = await town.head(conversation_id)
    chat = await town.core.receipts.read(ana, conversation_id)
    assert (chat.member.read_seq, chat.unread, chat.conversation.head_seq) == (head, 0, head)
    assert chat.member.read_at is not None
    assert chat == await town.core.conversations.get(ana, conversation_id)
    assert town.heard() == [
        ConversationRead(
            conversation_id=conversation_id,
            kind=kind,
            account_id=ana.account_id,
            read_seq=head,
            read_at=chat.member.read_at,
        )
    ]
    assert await town.head(conversation_id) == head


async def test_a_pointer_never_goes_back(town: Town) -> None:
    ana, bea = town.actors[:2]
    chat_id = await town.private(ana, bea)
    sent = [await town.core.messages.send(bea, chat_id, f"{index}") for index in range(4)]
    town.heard()
    read = await town.core.receipts.read(ana, chat_id, sent[2].seq)
    assert (read.member.read_seq, read.unread) == (sent[2].seq, 1)
    town.heard()
    for seq in (sent[2].seq, sent[1].seq, 1, 0):
        assert await town.core.receipts.read(ana, chat_id, seq) == read
    assert town.heard() == []


async def test_one_reads_no_further_than_there_is_and_not_less_than_nothing(town: Town) -> None:
    ana, bea = town.actors[:2]
    chat_id = await town.private(ana, bea)
    for seq in (2, 2**63, 10**30, -1):
        with town.refuses(Invalid, "invalid", "seq"):
            await town.core.receipts.read(ana, chat_id, seq)


async def test_only_members_read(town: Town) -> None:
    ana, bea, stranger = town.actors[:3]
    group = await town.group(ana, bea)
    await town.core.members.remove(ana, group, bea.account_id)
    town.heard()
    for actor in (bea, stranger):
        for conversation_id in (group, new_id()):
            for seq in (None, 1, 10**30):
                with town.refuses(NotFound, "not_found"):
                    await town.core.receipts.read(actor, conversation_id, seq)


async def test_pointers_moved_at_the_same_time_end_at_the_furthest(town: Town) -> None:
    ana, bea = town.actors[:2]
    chat_id = await town.private(ana, bea)
    for index in range(5):
        await town.core.messages.send(bea, chat_id, f"{index}")
    town.heard()
    await asyncio.gather(
        *[town.core.receipts.read(ana, chat_id, seq) for seq in (3, 6, 2, 5, 4, 6)]
    )
    assert (await town.core.conversations.get(ana, chat_id)).member.read_seq == 6
    moves = [event.read_seq for event in town.heard() if isinstance(event, ConversationRead)]
    assert moves.count(6) == 1
    assert len(moves) == len(set(moves))


async def test_one_sees_how_far_the_others_have_read_but_not_in_rooms(town: Town) -> None:
    ana, bea, caro = town.actors[:3]
    for kind, others in ((Kind.PRIVATE, [bea]), (Kind.GROUP, [bea, caro]), (Kind.ROOM, [bea])):
        conversation_id = await town.conversation(kind, ana, *others)
        sent = [
            await town.core.messages.send(ana, conversation_id, f"{index}") for index in range(3)
        ]
        for actor, message in zip(others, sent, strict=False):
            await town.core.receipts.read(actor, conversation_id, message.seq)
        furthest = 0 if kind is Kind.ROOM else sent[len(others) - 1].seq
        chat = await town.core.conversations.get(ana, conversation_id)
        assert chat.others_read_seq == furthest
        snapshot = await town.core.openings.open(ana, conversation_id)
        shown = {member.account_id: member.read_seq for member in snapshot.reads}
        assert set(shown) == (
            {ana.account_id}
            if kind is Kind.ROOM
            else {actor.account_id for actor in (ana, *others)}
        )
        changes = await town.core.openings.changes(ana, conversation_id, sent[-1].seq)
        assert changes.reads == snapshot.reads


async def test_unread_are_the_living_messages_of_others_past_the_pointer(town: Town) -> None:
    ana, bea = town.actors[:2]
    group = await town.group(ana, bea)
    first = await town.core.messages.send(bea, group, "one")
    second = await town.core.messages.send(bea, group, "two")
    assert await town.unread(ana, group) == 2
    assert await town.unread(bea, group) == 0
    # One's own messages are not unread, and sending does not read what came before.
    await town.core.messages.send(ana, group, "three")
    assert (await town.unread(ana, group), await town.unread(bea, group)) == (2, 1)
    # What changes stays where it is.
    await town.core.messages.edit(bea, first.id, "one!")
    await town.core.conversations.change(ana, group, alias="Patio")
    assert await town.unread(ana, group) == 2
    await town.core.messages.delete(bea, second.id)
    assert await town.unread(ana, group) == 1
    await town.core.receipts.read(ana, group, first.seq)
    assert await town.unread(ana, group) == 0
    # What was read stays read, edited or not.
    await town.core.messages.edit(bea, first.id, "one?")
    assert await town.unread(ana, group) == 0
    await town.core.messages.send(bea, group, "four")
    (listed,) = (await town.core.conversations.page(ana, None, 10)).items
    assert listed.unread == 1


async def test_nothing_from_before_somebody_came_is_unread_to_them(town: Town) -> None:
    ana, bea = town.actors[:2]
    room = await town.room(ana)
    await town.core.messages.send(ana, room, "before")
    assert (await town.core.members.join(bea, room)).unread == 0
    await town.core.messages.send(ana, room, "while there")
    assert await town.unread(bea, room) == 1
    await town.core.members.leave(bea, room)
    await town.core.messages.send(ana, room, "while away")
    assert (await town.core.members.join(bea, room)).unread == 0
    await town.core.messages.send(ana, room, "after")
    assert await town.unread(bea, room) == 1


author = st.integers(0, 1)
step = st.one_of(
    st.tuples(st.just("send"), author),
    st.tuples(st.just("delete"), st.integers(0, 20)),
    st.tuples(st.just("edit"), st.integers(0, 20)),
    st.tuples(st.just("read"), st.integers(0, 20)),
)


@settings(
    max_examples=20,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(steps=st.lists(step, max_size=20))
async def test_the_count_is_what_one_would_count_by_hand(
    town: Town, steps: list[tuple[str, int]]
) -> None:
    people = await town.settle("ana", "bea")
    reader = people[0]
    chat_id = await town.private(*people)
    read_seq = 1
    for name, number in steps:
        history = await town.history(reader, chat_id)
        if name == "send":
            await town.core.messages.send(people[number], chat_id, f"{len(history)}")
        elif name == "read":
            seq = number % (await town.head(chat_id) + 1)
            await town.core.receipts.read(reader, chat_id, seq)
            read_seq = max(read_seq, seq)
        elif history:
            message = history[number % len(history)]
            owner = people[message.sender_id == people[1].account_id]
            if name == "delete":
                await town.core.messages.delete(owner, message.id)
            elif message.body is not None:
                await town.core.messages.edit(owner, message.id, message.body + "!")
    by_hand = [
        message
        for message in await town.history(reader, chat_id)
        if message.sender_id != reader.account_id
        and message.seq > read_seq
        and message.deleted_at is None
    ]
    chat = await town.core.conversations.get(reader, chat_id)
    assert (chat.unread, chat.member.read_seq) == (len(by_hand), read_seq)
