"""Removing people, making and unmaking admins, and handing over."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from tertulia.core.clock import utc_now
from tertulia.core.errors import Conflict, Forbidden, Invalid, NotFound
from tertulia.core.events import ConversationEnded, MemberChanged, MemberLeft
from tertulia.core.ids import new_id
from tertulia.core.model import Kind, Role
from tertulia.core.moderation import Act

if TYPE_CHECKING:
    from tests.core.town import Town


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


@pytest.mark.parametrize("kind", [Kind.GROUP, Kind.ROOM])
@pytest.mark.parametrize("before", [Role.MEMBER, Role.ADMIN])
async def test_the_owner_hands_over_and_stays_as_an_admin(
    town: Town, kind: Kind, before: Role
) -> None:
    ana, bea = town.actors[:2]
    conversation_id = await town.conversation(kind, ana, bea)
    if before is Role.ADMIN:
        await town.promote(ana, conversation_id, bea)
    town.heard()
    head = await town.head(conversation_id)
    member, _ = await town.core.members.set_role(ana, conversation_id, bea.account_id, Role.OWNER)
    assert member.role is Role.OWNER
    told = [each for each in town.heard() if isinstance(each, MemberChanged)]
    assert [(each.seq, each.member.account_id, each.member.role) for each in told] == [
        (head + 1, ana.account_id, Role.ADMIN),
        (head + 2, bea.account_id, Role.OWNER),
    ]
    latest = (await town.core.audit.page(ana, conversation_id, None, 1)).entries.items[0]
    assert (latest.act, latest.target_id) == (Act.OWNERSHIP_HANDED_OVER, bea.account_id)
    with town.refuses(Forbidden, "permission_denied"):
        await town.core.members.set_role(ana, conversation_id, ana.account_id, Role.OWNER)


async def test_whoever_owns_it_can_be_made_the_owner_without_a_change(town: Town) -> None:
    ana, bea = town.actors[:2]
    group = await town.group(ana, bea)
    town.heard()
    member, _ = await town.core.members.set_role(ana, group, ana.account_id, Role.OWNER)
    assert (member.role, town.heard()) == (Role.OWNER, [])


async def test_nothing_is_handed_over_to_an_account_that_is_gone(town: Town) -> None:
    ana, bea = town.actors[:2]
    group = await town.group(ana, bea)
    async with town.storage.begin() as work:
        account = await work.accounts.locked(bea.account_id)
        await work.accounts.update(replace(account, deleted_at=utc_now()))
    with town.refuses(Invalid, "not_found", "user_id"):
        await town.core.members.set_role(ana, group, bea.account_id, Role.OWNER)
    assert (await town.roles(group))[ana.account_id] is Role.OWNER


async def test_roles_are_the_owners_to_give(town: Town) -> None:
    ana, bea, caro, dani = town.actors
    group = await town.group(ana, bea, caro)
    await town.promote(ana, group, bea)
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
