"""Coming into a conversation, being brought in, leaving, being removed, and roles."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tertulia.core.errors import Conflict, Forbidden, Invalid, NotFound
from tertulia.core.events import (
    ConversationChanged,
    ConversationEnded,
    ConversationStarted,
    MemberChanged,
    MemberLeft,
    MembersJoined,
)
from tertulia.core.ids import new_id
from tertulia.core.model import Kind, Member, Role
from tertulia.core.policy import MAX_GROUP_MEMBERS, MAX_NEWCOMERS
from tests.core.town import everything

if TYPE_CHECKING:
    from uuid import UUID

    from tertulia.core.model import Actor
    from tests.core.town import Town


async def roles(town: Town, conversation_id: UUID) -> dict[UUID, Role]:
    """Return who is in a conversation, in order of joining, and as what."""
    async with town.storage.read() as work:
        present = await work.members.present(conversation_id)
    return {member.account_id: member.role for member in present}


async def promote(town: Town, owner: Actor, conversation_id: UUID, *admins: Actor) -> None:
    """Make people admins, and leave no event of it."""
    for admin in admins:
        await town.core.members.set_role(owner, conversation_id, admin.account_id, Role.ADMIN)
    town.heard()


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
    assert await roles(town, group) == {ana.account_id: Role.OWNER}
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
    for actor in (bea, caro, dani):
        await _bring(town, ana, conversation_id, actor)
    await promote(town, ana, conversation_id, dani, caro)
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
    assert await roles(town, conversation_id) == {
        bea.account_id: Role.MEMBER,
        caro.account_id: Role.OWNER,
        dani.account_id: Role.ADMIN,
    }


async def test_without_admins_the_owner_hands_over_to_the_member_who_was_there_longest(
    town: Town,
) -> None:
    ana, bea, caro, dani = town.actors
    group = await town.group(ana)
    for actor in (bea, caro, dani):
        await _bring(town, ana, group, actor)
    # Whoever comes back has not been there longest any more.
    await town.core.members.leave(bea, group)
    await _bring(town, ana, group, bea)
    await town.core.members.leave(ana, group)
    assert await roles(town, group) == {
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
    assert await roles(town, room) == {}
    assert (await town.core.members.join(caro, room)).member.role is Role.OWNER
    assert (await town.core.members.join(ana, room)).member.role is Role.MEMBER
    await town.core.conversations.change(caro, room, alias="Caro's")
    with town.refuses(Forbidden, "permission_denied"):
        await town.core.conversations.change(ana, room, alias="Ana's")


async def test_who_comes_back_begins_anew(town: Town) -> None:
    ana, bea = town.actors[:2]
    room = await town.room(ana, bea)
    await promote(town, ana, room, bea)
    await town.core.members.leave(bea, room)
    await town.core.messages.send(ana, room, "while you were away")
    head = await town.head(room)
    chat = await town.core.members.join(bea, room)
    member = chat.member
    assert (member.role, member.left_at, member.read_at) == (Role.MEMBER, None, None)
    assert (member.joined_seq, member.changed_seq, member.read_seq) == (head + 1,) * 3
    assert (chat.unread, chat.conversation.member_count) == (0, 2)
    assert await roles(town, room) == {ana.account_id: Role.OWNER, bea.account_id: Role.MEMBER}


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
    assert started.account_ids == (dani.account_id, caro.account_id)
    assert set(started.member_ids) == set(town.ids)
    assert len(started.member_ids) == 4


async def test_in_a_room_owner_and_admins_bring_people_in(town: Town) -> None:
    ana, bea, caro, dani = town.actors
    room = await town.room(ana, bea)
    with town.refuses(Forbidden, "permission_denied"):
        await town.core.members.add(bea, room, [caro.account_id])
    await promote(town, ana, room, bea)
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
    assert await roles(town, group) == {ana.account_id: Role.OWNER}
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


@pytest.mark.parametrize("kind", [Kind.GROUP, Kind.ROOM])
async def test_who_is_removed_is_heard_leaving_and_comes_back_only_by_being_brought_in(
    town: Town, kind: Kind
) -> None:
    ana, bea = town.actors[:2]
    conversation_id = await town.conversation(kind, ana, bea)
    head = await town.head(conversation_id)
    await town.core.members.remove(ana, conversation_id, bea.account_id)
    left, ended = town.heard()
    assert isinstance(left, MemberLeft)
    assert (left.seq, left.removed, left.member_count) == (head + 1, True, 1)
    assert (left.member.account_id, left.member.changed_seq) == (bea.account_id, head + 1)
    assert ended == ConversationEnded(
        conversation_id=conversation_id, account_ids=(bea.account_id,), reason="removed"
    )
    with town.refuses(NotFound, "not_found"):
        await town.core.conversations.get(bea, conversation_id)
    ((member, _),) = await town.core.members.add(ana, conversation_id, [bea.account_id])
    assert member.joined_seq == head + 2


async def test_removing_needs_somebody_who_is_there_and_not_oneself(town: Town) -> None:
    ana, bea, caro, _ = town.actors
    group = await town.group(ana, bea)
    for stranger in (caro.account_id, new_id()):
        with town.refuses(NotFound, "not_found"):
            await town.core.members.remove(ana, group, stranger)
    for actor in (ana, bea, caro):
        with town.refuses(Conflict, "use_leave"):
            await town.core.members.remove(actor, group, actor.account_id)
    for conversation_id in (group, new_id()):
        with town.refuses(NotFound, "not_found"):
            await town.core.members.remove(caro, conversation_id, bea.account_id)
    with town.refuses(Forbidden, "private_conversation"):
        await town.core.members.remove(ana, await town.private(ana, bea), bea.account_id)


@pytest.mark.parametrize("kind", [Kind.GROUP, Kind.ROOM])
async def test_the_owner_makes_and_unmakes_admins(town: Town, kind: Kind) -> None:
    ana, bea = town.actors[:2]
    conversation_id = await town.conversation(kind, ana, bea)
    head = await town.head(conversation_id)
    for seq, role in ((head + 1, Role.ADMIN), (head + 2, Role.MEMBER)):
        member, person = await town.core.members.set_role(
            ana, conversation_id, bea.account_id, role
        )
        assert (member.role, member.changed_seq) == (role, seq)
        assert (person.id, person.email is None) == (bea.account_id, kind is Kind.ROOM)
        assert town.heard() == [
            MemberChanged(conversation_id=conversation_id, seq=seq, member=member, person=person)
        ]


async def test_ownership_is_not_given_by_a_role(town: Town) -> None:
    ana, bea, caro, dani = town.actors
    group = await town.group(ana, bea, caro)
    await promote(town, ana, group, bea)
    with town.refuses(Invalid, "invalid", "role"):
        await town.core.members.set_role(ana, group, bea.account_id, Role.OWNER)
    with town.refuses(Conflict, "owner"):
        await town.core.members.set_role(ana, group, ana.account_id, Role.MEMBER)
    for actor in (bea, caro):
        with town.refuses(Forbidden, "permission_denied"):
            await town.core.members.set_role(actor, group, caro.account_id, Role.ADMIN)
    with town.refuses(NotFound, "not_found"):
        await town.core.members.set_role(ana, group, dani.account_id, Role.ADMIN)
    for conversation_id in (group, new_id()):
        with town.refuses(NotFound, "not_found"):
            await town.core.members.set_role(dani, conversation_id, bea.account_id, Role.MEMBER)
    with town.refuses(Forbidden, "private_conversation"):
        await town.core.members.set_role(
            ana, await town.private(ana, bea), bea.account_id, Role.ADMIN
        )


async def test_members_are_paged_in_order_of_joining_each_once(town: Town) -> None:
    ana, bea, caro, dani = town.actors
    group = await town.group(ana, bea)
    for actor in (dani, caro):
        await _bring(town, ana, group, actor)
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


async def _bring(town: Town, host: Actor, conversation_id: UUID, guest: Actor) -> None:
    await town.core.members.add(host, conversation_id, [guest.account_id])
