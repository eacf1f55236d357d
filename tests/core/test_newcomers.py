"""Bringing people into a conversation."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tertulia.core.errors import Conflict, Forbidden, Invalid, NotFound
from tertulia.core.events import ConversationChanged, ConversationStarted, MembersJoined
from tertulia.core.ids import new_id
from tertulia.core.model import Kind, Role
from tertulia.core.policy import MAX_GROUP_MEMBERS, MAX_NEWCOMERS

if TYPE_CHECKING:
    from tests.core.town import Town


async def test_any_member_of_a_group_brings_people_in(town: Town) -> None:
    ana, bea, caro, dani = town.actors
    group = await town.group(ana, bea)
    asked = [dani.account_id, bea.account_id, caro.account_id, dani.account_id]
    pairs = await town.core.members.add(bea, group, asked)
    assert [member.account_id for member, _ in pairs] == [dani.account_id, caro.account_id]
    assert all(person.email is not None for _, person in pairs)
    chat = await town.core.conversations.get(ana, group)
    joined, started = town.heard()
    assert joined == MembersJoined(
        conversation_id=group,
        seq=2,
        kind=Kind.GROUP,
        members=tuple(member for member, _ in pairs),
        people=tuple(person for _, person in pairs),
        member_count=4,
    )
    assert isinstance(started, ConversationStarted)
    assert started.conversation == chat.conversation
    assert started.account_ids == started.member_ids
    assert set(started.member_ids) == set(town.ids)
    assert len(started.member_ids) == 4


async def test_in_a_room_owner_and_admins_bring_people_in(town: Town) -> None:
    ana, bea, caro, dani = town.actors
    room = await town.room(ana, bea)
    with town.refuses(Forbidden, "permission_denied"):
        await town.core.members.add(bea, room, [caro.account_id])
    await town.promote(ana, room, bea)
    for actor, newcomer in ((bea, caro), (ana, dani)):
        ((member, person),) = await town.core.members.add(actor, room, [newcomer.account_id])
        assert (member.account_id, person.email) == (newcomer.account_id, None)
        started = town.heard()[-1]
        assert isinstance(started, ConversationStarted)
        assert started.member_ids == (newcomer.account_id,)


async def test_bringing_in_who_is_there_changes_nothing(town: Town) -> None:
    ana, bea = town.actors[:2]
    group = await town.group(ana, bea)
    for asked in ([], [bea.account_id], [ana.account_id, bea.account_id]):
        assert await town.core.members.add(ana, group, asked) == ()
    assert (town.heard(), await town.head(group)) == ([], 1)


async def test_all_are_brought_in_or_nobody(town: Town) -> None:
    ana, bea = town.actors[:2]
    group = await town.group(ana)
    with town.refuses(Invalid, "not_found", "user_ids"):
        await town.core.members.add(ana, group, [bea.account_id, new_id()])
    with town.refuses(Invalid, "too_long", "user_ids"):
        await town.core.members.add(ana, group, [new_id() for _ in range(MAX_NEWCOMERS + 1)])
    assert await town.roles(group) == {ana.account_id: Role.OWNER}
    assert await town.head(group) == 1


async def test_nobody_is_brought_into_a_private_chat_or_by_a_stranger(town: Town) -> None:
    ana, bea, caro, dani = town.actors
    with town.refuses(Forbidden, "private_conversation"):
        await town.core.members.add(ana, await town.private(ana, bea), [caro.account_id])
    for conversation_id in (await town.group(ana), await town.room(ana), new_id()):
        with town.refuses(NotFound, "not_found"):
            await town.core.members.add(caro, conversation_id, [dani.account_id])


async def test_a_group_is_full_at_some_point(town: Town) -> None:
    ana, bea, caro, dani = town.actors
    crowd = await town.settle(*[f"c{index}" for index in range(MAX_GROUP_MEMBERS - 3)])
    group = await town.group(ana, bea, *crowd)
    with town.refuses(Conflict, "group_full"):
        await town.core.members.add(ana, group, [caro.account_id, dani.account_id])
    await town.core.members.add(ana, group, [caro.account_id])
    with town.refuses(Conflict, "group_full"):
        await town.core.members.add(bea, group, [dani.account_id])
    assert await town.core.members.add(bea, group, [caro.account_id]) == ()
    await town.core.members.leave(caro, group)
    await town.core.members.add(bea, group, [dani.account_id])


async def test_people_and_a_new_name_come_together_or_not_at_all(town: Town) -> None:
    ana, bea, caro, dani = town.actors
    group = await town.group(ana, bea)
    with town.refuses(Forbidden, "permission_denied"):
        await town.core.members.add(bea, group, [caro.account_id], alias="Ours")
    with town.refuses(Invalid, "required", "alias"):
        await town.core.members.add(ana, group, [caro.account_id], alias=" ")
    with town.refuses(Invalid, "not_found", "user_ids"):
        await town.core.members.add(ana, group, [new_id()], alias="Ours")
    assert await town.head(group) == 1
    await town.core.members.add(ana, group, [caro.account_id], alias=" Ours ")
    changed, joined, started = town.heard()
    assert isinstance(changed, ConversationChanged)
    assert (changed.seq, changed.conversation.alias) == (2, "Ours")
    assert isinstance(joined, MembersJoined)
    assert (joined.seq, joined.member_count) == (3, 3)
    assert isinstance(started, ConversationStarted)
    assert (started.conversation.alias, started.conversation.head_seq) == ("Ours", 3)
    await town.core.members.add(ana, group, [dani.account_id], alias="Ours")
    assert [type(event) for event in town.heard()] == [MembersJoined, ConversationStarted]
    assert await town.core.members.add(ana, group, [], alias="Everyone's") == ()
    assert [type(event) for event in town.heard()] == [ConversationChanged]
