"""Conversations: how they begin, what they are called, and how they end."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import pytest

from tertulia.core.errors import Forbidden, Invalid, NotFound, Refusal
from tertulia.core.events import ConversationChanged, ConversationEnded, ConversationStarted
from tertulia.core.ids import new_id
from tertulia.core.model import Chat, Kind, Member, Role
from tertulia.core.policy import MAX_GROUP_MEMBERS

if TYPE_CHECKING:
    from tests.core.town import Town


def unique_name() -> str:
    """Return a short name that no room has."""
    return f"room-{new_id().hex[-12:]}"


async def members(town: Town, chat: Chat) -> tuple[Member, ...]:
    """Return who is in a conversation."""
    async with town.storage.read() as work:
        return await work.members.present(chat.conversation.id)


async def test_a_private_chat_comes_into_both_lists(town: Town) -> None:
    ana, bea = town.actors[:2]
    chat = await town.core.conversations.start_private(ana, bea.account_id)
    conversation = chat.conversation
    assert (conversation.kind, conversation.encrypted) == (Kind.PRIVATE, False)
    assert (conversation.alias, conversation.name) == (None, None)
    assert (conversation.topic, conversation.description) == (None, None)
    assert (conversation.head_seq, conversation.member_count) == (1, 2)
    assert conversation.number > 0
    assert (chat.unread, chat.last_message, chat.others_read_seq) == (0, None, 0)
    assert chat.peer == await town.account(bea)
    assert {member.role for member in await members(town, chat)} == {Role.MEMBER}
    both = (ana.account_id, bea.account_id)
    assert town.heard() == [
        ConversationStarted(conversation=conversation, account_ids=both, member_ids=both)
    ]
    mirrored = await town.core.conversations.get(bea, conversation.id)
    assert mirrored.peer == await town.account(ana)


async def test_two_people_have_one_private_chat_for_ever(town: Town) -> None:
    ana, bea, caro = town.actors[:3]
    assert await town.core.conversations.between(ana, bea.account_id) is None
    chat = await town.private(ana, bea)
    for one, other in ((ana, bea), (bea, ana)):
        again = await town.core.conversations.start_private(one, other.account_id)
        assert again == await town.core.conversations.get(one, chat)
        assert await town.core.conversations.between(one, other.account_id) == chat
    assert town.heard() == []
    assert await town.core.conversations.between(caro, ana.account_id) is None
    assert await town.core.conversations.between(ana, ana.account_id) is None
    assert await town.core.conversations.between(ana, new_id()) is None


async def test_two_who_begin_a_private_chat_at_the_same_time_get_the_same_one(
    town: Town,
) -> None:
    for _ in range(5):
        ana, bea = await town.settle("ana", "bea")
        start = town.core.conversations.start_private
        chats = await asyncio.gather(*[start(ana, bea.account_id), start(bea, ana.account_id)] * 2)
        assert len({chat.conversation.id for chat in chats}) == 1
        assert [type(event) for event in town.heard()] == [ConversationStarted]


async def test_a_private_chat_is_with_somebody_else_who_exists(town: Town) -> None:
    ana = town.actors[0]
    with town.refuses(Invalid, "invalid", "user_ids"):
        await town.core.conversations.start_private(ana, ana.account_id)
    with town.refuses(Invalid, "not_found", "user_ids"):
        await town.core.conversations.start_private(ana, new_id())


async def test_a_group_belongs_to_its_founder(town: Town) -> None:
    ana, bea, caro = town.actors[:3]
    asked = [bea.account_id, ana.account_id, caro.account_id, bea.account_id]
    chat = await town.core.conversations.start_group(ana, "  Peña \t de Ana ", asked)
    conversation = chat.conversation
    assert (conversation.kind, conversation.alias) == (Kind.GROUP, "Peña de Ana")
    assert (conversation.name, conversation.topic) == (None, None)
    assert (conversation.head_seq, conversation.member_count) == (1, 3)
    assert (chat.member.role, chat.peer) == (Role.OWNER, None)
    assert {member.account_id: member.role for member in await members(town, chat)} == {
        ana.account_id: Role.OWNER,
        bea.account_id: Role.MEMBER,
        caro.account_id: Role.MEMBER,
    }
    everyone = (ana.account_id, bea.account_id, caro.account_id)
    assert town.heard() == [
        ConversationStarted(conversation=conversation, account_ids=everyone, member_ids=everyone)
    ]


async def test_a_group_may_begin_with_its_founder_alone_and_is_bounded(town: Town) -> None:
    ana = town.actors[0]
    chat = await town.core.conversations.start_group(ana, "Me", [])
    assert chat.conversation.member_count == 1
    town.heard()
    with town.refuses(Invalid, "too_long", "user_ids"):
        await town.core.conversations.start_group(
            ana, "All", [new_id() for _ in range(MAX_GROUP_MEMBERS)]
        )
    with town.refuses(Invalid, "not_found", "user_ids"):
        await town.core.conversations.start_group(ana, "All", [*town.ids, new_id()])


async def test_a_room_belongs_to_its_founder_and_has_a_short_name(town: Town) -> None:
    ana = town.actors[0]
    chat = await town.core.conversations.start_room(
        ana, " Sunday  Matinée ", "general", None, " films\nand more "
    )
    conversation = chat.conversation
    assert (conversation.kind, conversation.alias) == (Kind.ROOM, "Sunday Matinée")
    assert (conversation.topic, conversation.description) == ("general", "films\nand more")
    assert conversation.name is not None
    assert conversation.name.startswith("sunday-matinee-")
    assert (conversation.head_seq, conversation.member_count) == (1, 1)
    assert (chat.member.role, chat.others_read_seq, chat.peer) == (Role.OWNER, 0, None)
    assert town.heard() == [
        ConversationStarted(
            conversation=conversation,
            account_ids=(ana.account_id,),
            member_ids=(ana.account_id,),
        )
    ]


@pytest.mark.parametrize("alias", ["Plaza", "映画", "!"])
async def test_rooms_of_one_full_name_get_short_names_of_their_own(town: Town, alias: str) -> None:
    start = town.core.conversations.start_room
    names = {
        (await start(town.actors[0], alias, "general", name, None)).conversation.name
        for name in (None, None, "")
    }
    assert len(names) == 3
    assert None not in names


async def test_a_short_name_belongs_to_one_room_until_that_is_deleted(town: Town) -> None:
    ana, bea = town.actors[:2]
    name = unique_name()
    start = town.core.conversations.start_room
    first = await start(ana, "One", "general", name.upper(), None)
    assert first.conversation.name == name
    town.heard()
    with town.refuses(Invalid, "taken", "name"):
        await start(bea, "Two", "general", name, None)
    second = await start(bea, "Two", "general", None, None)
    town.heard()
    with town.refuses(Invalid, "taken", "name"):
        await town.core.conversations.change(bea, second.conversation.id, name=name)
    await town.core.conversations.delete(ana, first.conversation.id)
    chat = await town.core.conversations.change(bea, second.conversation.id, name=name)
    assert chat.conversation.name == name


async def test_of_two_rooms_that_want_one_short_name_at_the_same_time_one_gets_it(
    town: Town,
) -> None:
    name = unique_name()
    outcomes = await asyncio.gather(
        *[
            town.core.conversations.start_room(actor, "Plaza", "general", name, None)
            for actor in town.actors
        ],
        return_exceptions=True,
    )
    refused = [outcome for outcome in outcomes if isinstance(outcome, Refusal)]
    assert [(refusal.code, refusal.attr) for refusal in refused] == [("taken", "name")] * 3
    assert [type(event) for event in town.heard()] == [ConversationStarted]


@pytest.mark.parametrize(
    ("wrong", "code", "attr"),
    [
        ({"alias": " "}, "required", "alias"),
        ({"alias": "x" * 101}, "too_long", "alias"),
        ({"alias": "a\x00"}, "invalid", "alias"),
        ({"topic": "nonsense"}, "invalid", "topic"),
        ({"topic": ""}, "invalid", "topic"),
        ({"name": "a b"}, "invalid", "name"),
        ({"name": "x" * 51}, "invalid", "name"),
        ({"description": "x" * 501}, "too_long", "description"),
        ({"description": "a\x00"}, "invalid", "description"),
    ],
)
async def test_what_a_room_is_called_and_about_has_bounds(
    town: Town, wrong: dict[str, Any], code: str, attr: str
) -> None:
    ana = town.actors[0]
    given: dict[str, Any] = {
        "alias": "Plaza",
        "topic": "general",
        "name": None,
        "description": None,
    }
    with town.refuses(Invalid, code, attr):
        await town.core.conversations.start_room(ana, **(given | wrong))
    room = await town.room(ana)
    with town.refuses(Invalid, code, attr):
        await town.core.conversations.change(ana, room, **wrong)
    assert await town.head(room) == 1


async def test_a_conversation_that_one_is_not_in_is_as_if_it_were_not(town: Town) -> None:
    ana, bea, stranger = town.actors[:3]
    core = town.core
    details = set()
    for conversation_id in (
        await town.private(ana, bea),
        await town.group(ana, bea),
        await town.room(ana, bea),
        new_id(),
    ):
        for attempt in (
            core.conversations.get(stranger, conversation_id),
            core.conversations.change(stranger, conversation_id, alias="Ours"),
            core.conversations.delete(stranger, conversation_id),
            core.members.leave(stranger, conversation_id),
            core.members.add(stranger, conversation_id, [stranger.account_id]),
            core.members.remove(stranger, conversation_id, ana.account_id),
            core.members.set_role(stranger, conversation_id, ana.account_id, Role.ADMIN),
            core.members.page(stranger, conversation_id, None, 10),
            core.openings.open(stranger, conversation_id),
            core.openings.changes(stranger, conversation_id, 0),
            core.openings.history(stranger, conversation_id, None, 10, "desc"),
            core.receipts.read(stranger, conversation_id, 10**6),
            core.typists.start(stranger, conversation_id),
            core.messages.send(stranger, conversation_id, "Hello"),
        ):
            with pytest.raises(Refusal) as refused:
                await attempt
            refusal = refused.value
            details.add((type(refusal), refusal.code, refusal.detail, refusal.attr))
    assert details == {(NotFound, "not_found", "There is no such conversation.", None)}
    assert town.heard() == []


@pytest.mark.parametrize("kind", [Kind.GROUP, Kind.ROOM])
async def test_the_owner_changes_what_a_conversation_is_called_and_everyone_hears_it(
    town: Town, kind: Kind
) -> None:
    ana, bea = town.actors[:2]
    conversation_id = await town.conversation(kind, ana, bea)
    head = await town.head(conversation_id)
    chat = await town.core.conversations.change(
        ana, conversation_id, alias=" Patio ", description="\nquiet\n"
    )
    changed = chat.conversation
    assert (changed.alias, changed.description) == ("Patio", "quiet")
    assert changed.head_seq == head + 1
    assert changed.updated_at > changed.inserted_at
    assert town.heard() == [
        ConversationChanged(conversation_id=conversation_id, seq=head + 1, conversation=changed)
    ]
    assert (await town.core.conversations.get(bea, conversation_id)).conversation == changed
    again = await town.core.conversations.change(ana, conversation_id, alias="Patio")
    assert (again.conversation, town.heard()) == (changed, [])
    cleared = await town.core.conversations.change(ana, conversation_id, description=" ")
    assert (cleared.conversation.alias, cleared.conversation.description) == ("Patio", None)


async def test_a_room_moves_to_another_topic_and_short_name(town: Town) -> None:
    ana = town.actors[0]
    room = await town.room(ana)
    name, topic = unique_name(), town.core.conversations.topics[-1]
    chat = await town.core.conversations.change(ana, room, name=name.upper(), topic=topic)
    assert (chat.conversation.name, chat.conversation.topic) == (name, topic)
    assert [type(event) for event in town.heard()] == [ConversationChanged]


async def test_what_only_rooms_have_is_not_given_to_a_group(town: Town) -> None:
    ana = town.actors[0]
    group = await town.group(ana)
    with town.refuses(Invalid, "invalid", "name"):
        await town.core.conversations.change(ana, group, name="plaza", alias="Plaza")
    with town.refuses(Invalid, "invalid", "topic"):
        await town.core.conversations.change(ana, group, topic="general")
    assert await town.head(group) == 1


async def test_changes_made_at_the_same_time_are_all_kept(town: Town) -> None:
    ana, bea = town.actors[:2]
    room = await town.room(ana)
    head = await town.head(room)
    await asyncio.gather(
        town.core.conversations.change(ana, room, alias="Patio"),
        town.core.conversations.change(ana, room, description="quiet"),
        town.core.members.join(bea, room),
        town.core.messages.send(ana, room, "Hello"),
    )
    conversation = (await town.core.conversations.get(ana, room)).conversation
    assert (conversation.alias, conversation.description) == ("Patio", "quiet")
    assert (conversation.member_count, conversation.head_seq) == (2, head + 4)


@pytest.mark.parametrize("kind", [Kind.GROUP, Kind.ROOM])
async def test_a_deleted_conversation_ends_for_everyone_who_was_in_it(
    town: Town, kind: Kind
) -> None:
    ana, bea, caro = town.actors[:3]
    conversation_id = await town.conversation(kind, ana, bea, caro)
    await town.core.members.leave(caro, conversation_id)
    town.heard()
    with town.refuses(Forbidden, "permission_denied"):
        await town.core.conversations.delete(bea, conversation_id)
    await town.core.conversations.delete(ana, conversation_id)
    (ended,) = town.heard()
    assert isinstance(ended, ConversationEnded)
    assert (ended.conversation_id, ended.reason) == (conversation_id, "deleted")
    assert set(ended.account_ids) == {ana.account_id, bea.account_id}
    for actor in (ana, bea):
        assert (await town.core.conversations.page(actor, None, 10)).items == ()
        for attempt in (
            town.core.conversations.get(actor, conversation_id),
            town.core.conversations.delete(actor, conversation_id),
            town.core.members.leave(actor, conversation_id),
        ):
            with town.refuses(NotFound, "not_found"):
                await attempt


async def test_a_private_chat_is_neither_changed_nor_deleted(town: Town) -> None:
    ana, bea = town.actors[:2]
    chat = await town.private(ana, bea)
    for attempt in (
        town.core.conversations.change(ana, chat, alias="Us"),
        town.core.conversations.change(ana, chat),
        town.core.conversations.delete(ana, chat),
    ):
        with town.refuses(Forbidden, "private_conversation"):
            await attempt
