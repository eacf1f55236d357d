"""Walking into a room, leaving, who owns what is left, and the list of members."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tertulia.core.errors import Forbidden, NotFound
from tertulia.core.events import (
    ConversationEnded,
    ConversationStarted,
    MemberChanged,
    MemberLeft,
    MembersJoined,
)
from tertulia.core.ids import new_id
from tertulia.core.model import Kind, Member, Role
from tests.core.town import everything

if TYPE_CHECKING:
    from tests.core.town import Town


async def test_anyone_walks_into_a_room_and_the_room_hears_it_without_an_address(
    town: Town,
) -> None:
    ana, bea = town.actors[:2]
    room = await town.room(ana)
    chat = await town.core.members.join(bea, room)
    member = chat.member
    assert (member.account_id, member.role) == (bea.account_id, Role.MEMBER)
    assert (member.joined_seq, member.changed_seq, member.read_seq) == (2, 2, 2)
    assert (chat.conversation.head_seq, chat.conversation.member_count) == (2, 2)
    (seen,) = await town.core.accounts.people(ana, [bea.account_id])
    assert seen.email is None
    assert town.heard() == [
        MembersJoined(
            conversation_id=room,
            seq=2,
            kind=Kind.ROOM,
            members=(member,),
            people=(seen,),
            member_count=2,
        ),
        ConversationStarted(
            conversation=chat.conversation,
            account_ids=(bea.account_id,),
            member_ids=(bea.account_id,),
        ),
    ]


async def test_whoever_is_in_a_room_walks_in_without_a_sound(town: Town) -> None:
    ana, bea = town.actors[:2]
    room = await town.room(ana, bea)
    for actor in (ana, bea):
        chat = await town.core.members.join(actor, room)
        assert chat == await town.core.conversations.get(actor, room)
    assert town.heard() == []


async def test_only_rooms_are_walked_into_and_the_others_do_not_show_that_they_exist(
    town: Town,
) -> None:
    ana, bea, caro = town.actors[:3]
    closed = await town.room(ana)
    await town.core.conversations.delete(ana, closed)
    details = set()
    for conversation_id in (
        await town.private(ana, bea),
        await town.group(ana, bea),
        closed,
        new_id(),
    ):
        for actor in (ana, caro):
            with pytest.raises(NotFound) as refused:
                await town.core.members.join(actor, conversation_id)
            details.add((refused.value.code, refused.value.detail))
    assert len(details) == 1


async def test_who_leaves_is_heard_leaving_and_gone_from_the_list(town: Town) -> None:
    ana, bea = town.actors[:2]
    group = await town.group(ana, bea)
    before = (await town.core.conversations.get(bea, group)).member
    await town.core.members.leave(bea, group)
    left, ended = town.heard()
    assert isinstance(left, MemberLeft)
    assert left.member.left_at is not None
    assert left == MemberLeft(
        conversation_id=group,
        seq=2,
        member=Member(
            conversation_id=group,
            account_id=bea.account_id,
            role=Role.MEMBER,
            joined_at=before.joined_at,
            joined_seq=1,
            changed_seq=2,
            read_seq=1,
            left_at=left.member.left_at,
        ),
        removed=False,
        member_count=1,
    )
    assert ended == ConversationEnded(
        conversation_id=group, account_ids=(bea.account_id,), reason="left"
    )
    assert await town.roles(group) == {ana.account_id: Role.OWNER}
    for attempt in (
        town.core.members.leave(bea, group),
        town.core.conversations.get(bea, group),
    ):
        with town.refuses(NotFound, "not_found"):
            await attempt
    assert (await town.core.conversations.page(bea, None, 10)).items == ()


async def test_nobody_leaves_a_private_chat(town: Town) -> None:
    ana, bea = town.actors[:2]
    chat = await town.private(ana, bea)
    with town.refuses(Forbidden, "private_conversation"):
        await town.core.members.leave(ana, chat)


@pytest.mark.parametrize("kind", [Kind.GROUP, Kind.ROOM])
async def test_the_owner_hands_over_to_the_admin_who_was_there_longest(
    town: Town, kind: Kind
) -> None:
    ana, bea, caro, dani = town.actors
    conversation_id = await town.conversation(kind, ana)
    await town.bring(ana, conversation_id, bea, caro, dani)
    await town.promote(ana, conversation_id, dani, caro)
    head = await town.head(conversation_id)
    await town.core.members.leave(ana, conversation_id)
    changed, left, _ = town.heard()
    assert isinstance(changed, MemberChanged)
    assert (changed.seq, changed.member.account_id) == (head + 1, caro.account_id)
    assert (changed.member.role, changed.member.changed_seq) == (Role.OWNER, head + 1)
    assert (changed.person.id, changed.person.email is None) == (
        caro.account_id,
        kind is Kind.ROOM,
    )
    assert isinstance(left, MemberLeft)
    assert (left.seq, left.member.account_id) == (head + 2, ana.account_id)
    assert await town.roles(conversation_id) == {
        bea.account_id: Role.MEMBER,
        caro.account_id: Role.OWNER,
        dani.account_id: Role.ADMIN,
    }


async def test_without_admins_the_owner_hands_over_to_the_member_who_was_there_longest(
    town: Town,
) -> None:
    ana, bea, caro, dani = town.actors
    group = await town.group(ana)
    await town.bring(ana, group, bea, caro, dani)
    # Whoever comes back has not been there longest any more.
    await town.core.members.leave(bea, group)
    await town.bring(ana, group, bea)
    await town.core.members.leave(ana, group)
    assert await town.roles(group) == {
        caro.account_id: Role.OWNER,
        dani.account_id: Role.MEMBER,
        bea.account_id: Role.MEMBER,
    }


async def test_a_group_ends_with_its_last_member(town: Town) -> None:
    ana, bea = town.actors[:2]
    group = await town.group(ana, bea)
    await town.core.members.leave(ana, group)
    town.heard()
    await town.core.members.leave(bea, group)
    assert town.heard() == [
        ConversationEnded(conversation_id=group, account_ids=(bea.account_id,), reason="deleted")
    ]
    for actor in (ana, bea):
        with town.refuses(NotFound, "not_found"):
            await town.core.conversations.get(actor, group)


async def test_an_abandoned_room_stays_open_and_whoever_walks_in_first_owns_it(
    town: Town,
) -> None:
    ana, bea, caro = town.actors[:3]
    room = await town.room(ana, bea)
    for actor in (ana, bea):
        await town.core.members.leave(actor, room)
    left = town.heard()[-2]
    assert isinstance(left, MemberLeft)
    assert left.member_count == 0
    assert await town.roles(room) == {}
    assert (await town.core.members.join(caro, room)).member.role is Role.OWNER
    assert (await town.core.members.join(ana, room)).member.role is Role.MEMBER
    await town.core.conversations.change(caro, room, alias="Caro's")
    with town.refuses(Forbidden, "permission_denied"):
        await town.core.conversations.change(ana, room, alias="Ana's")


async def test_who_comes_back_begins_anew(town: Town) -> None:
    ana, bea = town.actors[:2]
    room = await town.room(ana, bea)
    await town.promote(ana, room, bea)
    await town.core.members.leave(bea, room)
    await town.core.messages.send(ana, room, "while you were away")
    head = await town.head(room)
    chat = await town.core.members.join(bea, room)
    member = chat.member
    assert (member.role, member.left_at, member.read_at) == (Role.MEMBER, None, None)
    assert (member.joined_seq, member.changed_seq, member.read_seq) == (head + 1,) * 3
    assert (chat.unread, chat.conversation.member_count) == (0, 2)
    assert await town.roles(room) == {ana.account_id: Role.OWNER, bea.account_id: Role.MEMBER}


async def test_members_are_paged_in_order_of_joining_each_once(town: Town) -> None:
    ana, bea, caro, dani = town.actors
    group = await town.group(ana, bea)
    await town.bring(ana, group, dani, caro)
    crowd = await town.settle("eva", "fina", "gala")
    await town.core.members.add(ana, group, [actor.account_id for actor in crowd])
    await town.core.members.leave(bea, group)
    order = [
        ana.account_id,
        dani.account_id,
        caro.account_id,
        *sorted(actor.account_id for actor in crowd),
    ]
    for size in (1, 2, 5, 6, 7):
        pairs = await everything(
            lambda token, size: town.core.members.page(dani, group, token, size), size
        )
        assert [member.account_id for member, _ in pairs] == order
        assert [person.id for _, person in pairs] == order


async def test_a_list_of_members_shows_the_addresses_that_its_reader_may_see(town: Town) -> None:
    ana, bea, caro = town.actors[:3]
    room = await town.room(ana, bea, caro)
    await town.private(bea, caro)
    page = await town.core.members.page(bea, room, None, 10)
    assert {person.id: person.email is not None for _, person in page.items} == {
        ana.account_id: False,
        bea.account_id: True,
        caro.account_id: True,
    }


async def test_a_stranger_sees_no_list_of_members(town: Town) -> None:
    ana, bea, caro = town.actors[:3]
    for conversation_id in (
        await town.private(ana, bea),
        await town.group(ana),
        await town.room(ana),
        new_id(),
    ):
        with town.refuses(NotFound, "not_found"):
            await town.core.members.page(caro, conversation_id, None, 10)
