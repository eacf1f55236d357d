"""What several people do at the same moment in one conversation."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any, get_args

from tertulia.core.errors import Conflict, Refusal
from tertulia.core.events import (
    ConversationEnded,
    LastingChange,
    MemberChanged,
    MembersJoined,
    MessageEdited,
    MessageSent,
)
from tertulia.core.message import Message
from tertulia.core.model import Kind, Role
from tertulia.core.policy import MAX_GROUP_MEMBERS

if TYPE_CHECKING:
    from collections.abc import Awaitable

    from tertulia.core.events import Event
    from tests.core.town import Town


def lasting(events: list[Event]) -> list[LastingChange]:
    """Return the lasting changes among events in order of their seq."""
    changes = [event for event in events if isinstance(event, get_args(LastingChange))]
    return sorted(changes, key=lambda change: change.seq)


async def outcomes(*attempts: Awaitable[Any]) -> list[Any]:
    """Make attempts at once; return what each gave, or the code of its refusal."""
    made = await asyncio.gather(*attempts, return_exceptions=True)
    for outcome in made:
        if isinstance(outcome, BaseException) and not isinstance(outcome, Refusal):
            raise outcome
    return [outcome.code if isinstance(outcome, Refusal) else outcome for outcome in made]


async def test_what_is_sent_at_the_same_time_gets_seqs_without_a_hole(town: Town) -> None:
    ana, bea = town.actors[:2]
    conversation_id = await town.group(ana, bea)
    sent = await asyncio.gather(
        *[
            town.core.messages.send(actor, conversation_id, f"{index}")
            for index in range(20)
            for actor in (ana, bea)
        ]
    )
    assert sorted(message.seq for message in sent) == list(range(2, 42))
    heard = [event for event in town.heard() if isinstance(event, MessageSent)]
    assert [event.seq for event in heard] == list(range(2, 42))
    assert await town.history(ana, conversation_id) == [event.message for event in heard]


async def test_edits_at_the_same_time_follow_one_another(town: Town) -> None:
    ana = town.actors[0]
    conversation_id = await town.group(ana)
    sent = await town.core.messages.send(ana, conversation_id, "zero")
    town.heard()
    edits = await asyncio.gather(
        *[town.core.messages.edit(ana, sent.id, f"{index}") for index in range(8)]
    )
    assert sorted(edited.changed_seq for edited in edits) == list(range(3, 11))
    last = max(edits, key=lambda edited: edited.changed_seq)
    assert await town.history(ana, conversation_id) == [last]
    assert sorted(event.seq for event in town.heard() if isinstance(event, MessageEdited)) == list(
        range(3, 11)
    )


async def test_an_edit_does_not_bring_a_deleted_body_back(town: Town) -> None:
    ana = town.actors[0]
    conversation_id = await town.group(ana)
    for _ in range(5):
        sent = await town.core.messages.send(ana, conversation_id, "one")
        edited, deleted = await asyncio.gather(
            town.core.messages.edit(ana, sent.id, "two"),
            town.core.messages.delete(ana, sent.id),
            return_exceptions=True,
        )
        assert isinstance(deleted, Message)
        assert isinstance(edited, Message | Conflict)
        assert (await town.history(ana, conversation_id))[-1].body is None


async def test_a_deletion_by_several_is_one_change(town: Town) -> None:
    ana = town.actors[0]
    conversation_id = await town.group(ana)
    sent = await town.core.messages.send(ana, conversation_id, "one")
    town.heard()
    deleted = await asyncio.gather(*[town.core.messages.delete(ana, sent.id) for _ in range(4)])
    assert len(set(deleted)) == 1
    assert len(town.heard()) == 1


async def test_nothing_lands_from_somebody_who_was_removed_before(town: Town) -> None:
    ana, bea = town.actors[:2]
    for _ in range(5):
        conversation_id = await town.group(ana, bea)
        *sends, _ = await asyncio.gather(
            *[town.core.messages.send(bea, conversation_id, f"{index}") for index in range(5)],
            town.core.members.remove(ana, conversation_id, bea.account_id),
            return_exceptions=True,
        )
        async with town.storage.read() as work:
            (gone,) = await work.members.changed_since(conversation_id, 1, 10)
        for outcome in sends:
            if isinstance(outcome, Message):
                assert outcome.seq < gone.changed_seq
            else:
                assert isinstance(outcome, Refusal)
                assert outcome.code == "not_found"


async def test_many_walk_into_a_room_one_after_the_other(town: Town) -> None:
    ana, *others = town.actors
    room = await town.room(ana)
    await asyncio.gather(*[town.core.members.join(actor, room) for actor in others * 2])
    joins = [event for event in lasting(town.heard()) if isinstance(event, MembersJoined)]
    assert [(event.seq, event.member_count) for event in joins] == [(2, 2), (3, 3), (4, 4)]
    assert set(await town.roles(room)) == set(town.ids)


async def test_of_those_who_walk_into_an_abandoned_room_one_becomes_its_owner(
    town: Town,
) -> None:
    ana, *others = town.actors
    for _ in range(3):
        room = await town.room(ana)
        await town.core.members.leave(ana, room)
        await asyncio.gather(*[town.core.members.join(actor, room) for actor in others])
        roles = list((await town.roles(room)).values())
        assert sorted(roles) == [Role.MEMBER, Role.MEMBER, Role.OWNER]
        assert roles[0] is Role.OWNER


async def test_somebody_who_is_brought_in_by_several_comes_in_once(town: Town) -> None:
    ana, bea, caro = town.actors[:3]
    group = await town.group(ana, bea)
    added = await asyncio.gather(
        *[town.core.members.add(actor, group, [caro.account_id]) for actor in (ana, bea, ana)]
    )
    assert sorted(map(len, added)) == [0, 0, 1]
    assert [event.seq for event in lasting(town.heard())] == [2]
    assert (await town.core.conversations.get(ana, group)).conversation.member_count == 3


async def test_somebody_who_is_removed_by_several_goes_once(town: Town) -> None:
    ana, bea, caro = town.actors[:3]
    group = await town.group(ana, bea, caro)
    await town.promote(ana, group, bea)
    made = await outcomes(
        *[town.core.members.remove(actor, group, caro.account_id) for actor in (ana, bea, ana)],
        town.core.members.leave(caro, group),
    )
    assert sorted(map(str, made)) == ["None", "not_found", "not_found", "not_found"]
    assert len(lasting(town.heard())) == 1
    assert (await town.core.conversations.get(ana, group)).conversation.member_count == 2


async def test_a_group_that_everyone_leaves_at_once_ends_once_and_always_had_one_owner(
    town: Town,
) -> None:
    for _ in range(3):
        ana, *others = town.actors
        group = await town.group(ana, *others)
        await asyncio.gather(*[town.core.members.leave(actor, group) for actor in town.actors])
        events = town.heard()
        changes = lasting(events)
        assert [change.seq for change in changes] == list(range(2, len(changes) + 2))
        heirs = [change for change in changes if isinstance(change, MemberChanged)]
        assert {change.member.role for change in heirs} <= {Role.OWNER}
        assert [
            event.account_ids
            for event in events
            if isinstance(event, ConversationEnded) and event.reason == "deleted"
        ] == [(_last_to_leave(events, town),)]


async def test_a_room_keeps_an_owner_while_people_come_and_go(town: Town) -> None:
    ana, *others = town.actors
    for _ in range(3):
        room = await town.conversation(Kind.ROOM, ana)
        await asyncio.gather(
            town.core.members.leave(ana, room),
            *[town.core.members.join(actor, room) for actor in others],
        )
        roles = list((await town.roles(room)).values())
        assert roles.count(Role.OWNER) == 1
        assert len(roles) == 3


async def test_a_group_never_has_more_members_than_it_may(town: Town) -> None:
    ana, *others = town.actors
    crowd = await town.settle(*[f"c{index}" for index in range(MAX_GROUP_MEMBERS - 2)])
    group = await town.group(ana, *crowd)
    made = await outcomes(
        *[town.core.members.add(ana, group, [actor.account_id]) for actor in others]
    )
    assert made.count("group_full") == len(others) - 1
    chat = await town.core.conversations.get(ana, group)
    assert chat.conversation.member_count == MAX_GROUP_MEMBERS == len(await town.roles(group))


def _last_to_leave(events: list[Event], town: Town) -> Any:
    left = {
        event.account_ids[0]
        for event in events
        if isinstance(event, ConversationEnded) and event.reason == "left"
    }
    (last,) = set(town.ids) - left
    return last
