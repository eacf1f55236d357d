"""Keeping people out of groups and rooms, and telling them why."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tertulia.core.errors import Conflict, Forbidden, Invalid, NotFound
from tertulia.core.events import ConversationEnded, MemberLeft
from tertulia.core.ids import new_id
from tertulia.core.model import Kind, Role
from tests.core.test_at_once import outcomes
from tests.core.town import everything

if TYPE_CHECKING:
    from uuid import UUID

    from tertulia.core.model import Page
    from tertulia.core.moderation import Ban
    from tests.core.town import Town


async def banned(town: Town, who: int, conversation_id: UUID) -> list[UUID]:
    """Return who is kept out, as somebody sees it."""

    async def page(token: str | None, size: int) -> Page[Ban]:
        return (await town.core.bans.page(town.actors[who], conversation_id, token, size)).bans

    return [ban.account_id for ban in await everything(page, 2)]


@pytest.mark.parametrize("kind", [Kind.GROUP, Kind.ROOM])
async def test_who_is_banned_is_taken_out_in_the_same_moment_and_told_why(
    town: Town, kind: Kind
) -> None:
    ana, bea, caro, _ = town.actors
    conversation_id = await town.conversation(kind, ana, bea, caro)
    head = await town.head(conversation_id)
    await town.core.bans.ban(ana, conversation_id, bea.account_id, "  Spoilers  ")
    left, ended = town.heard()
    assert isinstance(left, MemberLeft)
    assert (left.seq, left.removed, left.member_count) == (head + 1, True, 2)
    assert left.member.account_id == bea.account_id
    assert ended == ConversationEnded(
        conversation_id=conversation_id,
        account_ids=(bea.account_id,),
        reason="banned",
        note="Spoilers",
    )
    assert bea.account_id not in await town.roles(conversation_id)
    found = await town.core.bans.page(ana, conversation_id, None, 10)
    (ban,) = found.bans.items
    assert (ban.account_id, ban.banned_by, ban.reason) == (
        bea.account_id,
        ana.account_id,
        "Spoilers",
    )
    assert {person.id for person in found.people} == {ana.account_id, bea.account_id}
    with town.refuses(NotFound, "not_found"):
        await town.core.conversations.get(bea, conversation_id)


@pytest.mark.parametrize("kind", [Kind.GROUP, Kind.ROOM])
async def test_who_is_banned_comes_back_in_no_way_until_the_ban_is_lifted(
    town: Town, kind: Kind
) -> None:
    ana, bea = town.actors[:2]
    conversation_id = await town.conversation(kind, ana, bea)
    link = await town.core.invites.by_link(ana, conversation_id)
    token = link.url.rpartition("/")[2]
    await town.core.bans.ban(ana, conversation_id, bea.account_id)
    town.heard()
    if kind is Kind.ROOM:
        with town.refuses(Forbidden, "banned"):
            await town.core.members.join(bea, conversation_id)
    with town.refuses(Forbidden, "banned"):
        await town.core.members.add(ana, conversation_id, [bea.account_id])
    with town.refuses(Forbidden, "banned"):
        await town.core.invites.take(bea, token)
    name = (await town.account(bea)).username
    assert name
    with town.refuses(Forbidden, "banned"):
        await town.core.invites.by_username(ana, conversation_id, name)
    await town.core.bans.lift(ana, conversation_id, bea.account_id)
    assert bea.account_id not in await town.roles(conversation_id)
    await town.core.invites.take(bea, token)
    assert bea.account_id in await town.roles(conversation_id)


async def test_somebody_is_kept_out_who_has_never_been_in(town: Town) -> None:
    ana, bea = town.actors[:2]
    room = await town.room(ana)
    await town.core.bans.ban(ana, room, bea.account_id)
    assert town.heard() == []
    with town.refuses(Forbidden, "banned"):
        await town.core.members.join(bea, room)


async def test_banning_again_changes_nothing(town: Town) -> None:
    ana, bea, caro, _ = town.actors
    room = await town.room(ana, caro)
    await town.promote(ana, room, caro)
    await town.core.bans.ban(ana, room, bea.account_id, "First")
    await town.core.bans.ban(caro, room, bea.account_id, "Second")
    (ban,) = (await town.core.bans.page(ana, room, None, 10)).bans.items
    assert (ban.banned_by, ban.reason) == (ana.account_id, "First")
    trail = await town.core.audit.page(ana, room, None, 10)
    assert [entry.act for entry in trail.entries.items].count("member_banned") == 1  # type: ignore[arg-type]


async def test_bans_are_listed_the_latest_first_to_those_who_look_after_it(town: Town) -> None:
    ana, bea, caro, _ = town.actors
    room = await town.room(ana, bea, caro)
    await town.promote(ana, room, bea)
    outsiders = await town.settle("eva", "fran", "gil")
    for outsider in outsiders:
        await town.core.bans.ban(bea, room, outsider.account_id)
    expected = [outsider.account_id for outsider in reversed(outsiders)]
    assert sorted(await banned(town, 0, room)) == sorted(expected)
    assert await banned(town, 1, room) == await banned(town, 0, room)
    with town.refuses(Forbidden, "permission_denied"):
        await banned(town, 2, room)
    with town.refuses(NotFound, "not_found"):
        await banned(town, 3, room)


async def test_nobody_bans_or_lifts_what_is_not_there(town: Town) -> None:
    ana, bea = town.actors[:2]
    group = await town.group(ana, bea)
    with town.refuses(Invalid, "not_found", "user_id"):
        await town.core.bans.ban(ana, group, new_id())
    with town.refuses(Conflict, "use_leave"):
        await town.core.bans.ban(ana, group, ana.account_id)
    with town.refuses(NotFound, "not_found"):
        await town.core.bans.lift(ana, group, bea.account_id)
    with town.refuses(Invalid, "too_long", "reason"):
        await town.core.bans.ban(ana, group, bea.account_id, "x" * 201)
    private = await town.private(ana, bea)
    with town.refuses(Forbidden, "private_conversation"):
        await town.core.bans.ban(ana, private, bea.account_id)


async def test_a_ban_holds_in_one_conversation_alone(town: Town) -> None:
    ana, bea = town.actors[:2]
    one, other = await town.room(ana), await town.room(ana)
    await town.core.bans.ban(ana, one, bea.account_id)
    await town.core.members.join(bea, other)
    assert bea.account_id in await town.roles(other)


async def test_whoever_walks_in_while_being_banned_is_out_in_the_end(town: Town) -> None:
    ana, bea = town.actors[:2]
    for _ in range(8):
        room = await town.room(ana)
        _, joined = await outcomes(
            town.core.bans.ban(ana, room, bea.account_id), town.core.members.join(bea, room)
        )
        assert await town.roles(room) == {ana.account_id: Role.OWNER}, joined


async def test_the_reason_for_a_removal_is_told_to_that_person_alone(town: Town) -> None:
    ana, bea = town.actors[:2]
    group = await town.group(ana, bea)
    await town.core.members.remove(ana, group, bea.account_id, reason="Too loud")
    left, ended = town.heard()
    assert "Too loud" not in repr(left)
    assert ended == ConversationEnded(
        conversation_id=group, account_ids=(bea.account_id,), reason="removed", note="Too loud"
    )
