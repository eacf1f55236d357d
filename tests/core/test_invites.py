"""Letting people in by a link."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from tertulia.core.errors import Conflict, Forbidden, Invalid, NotFound, RateLimited
from tertulia.core.events import ConversationStarted, MembersJoined
from tertulia.core.invites import MAX_LIVING
from tertulia.core.model import Kind
from tertulia.core.policy import MAX_GROUP_MEMBERS
from tests.core.door import SITE, no_token
from tests.core.inviting import ADDRESS, invites_at, made, uses
from tests.core.test_at_once import outcomes

if TYPE_CHECKING:
    from tests.core.door import Door


@pytest.mark.parametrize("kind", [Kind.GROUP, Kind.ROOM])
async def test_whoever_has_a_link_sees_what_it_leads_to_and_comes_in(
    door: Door, kind: Kind
) -> None:
    town, invites = door.town, invites_at(door)
    ana, bea, caro, _ = town.actors
    conversation_id = await town.conversation(kind, ana, caro)
    token = await made(invites, ana, conversation_id)
    for actor in (None, bea):
        shown = await invites.look(actor, token, ADDRESS)
        assert shown.conversation.id == conversation_id
        assert (shown.inviter.id, shown.is_member) == (ana.account_id, False)
    chat = await invites.take(bea, token)
    assert (chat.conversation.id, chat.conversation.member_count) == (conversation_id, 3)
    assert [type(event) for event in town.heard()] == [MembersJoined, ConversationStarted]
    assert (await invites.look(bea, token, ADDRESS)).is_member
    assert await uses(invites, ana, conversation_id) == [1]


async def test_who_is_in_already_uses_nothing_up(door: Door) -> None:
    town, invites = door.town, invites_at(door)
    ana, bea = town.actors[:2]
    group = await town.group(ana, bea)
    token = await made(invites, ana, group, max_uses=1)
    for actor in (ana, bea, bea):
        assert (await invites.take(actor, token)).conversation.id == group
    assert town.heard() == []
    assert await uses(invites, ana, group) == [0]


async def test_asking_again_after_the_last_use_finds_oneself_inside(door: Door) -> None:
    town, invites = door.town, invites_at(door)
    ana, bea, caro, _ = town.actors
    group = await town.group(ana)
    token = await made(invites, ana, group, max_uses=1)
    for _ in range(2):
        assert (await invites.take(bea, token)).conversation.member_count == 2
    with town.refuses(NotFound, "invite_gone"):
        await invites.take(caro, token)


@pytest.mark.parametrize("max_uses", [1, 3])
async def test_no_more_come_in_than_a_link_has_uses_even_at_the_same_moment(
    door: Door, max_uses: int
) -> None:
    town, invites = door.town, invites_at(door)
    ana = town.actors[0]
    room = await town.room(ana)
    token = await made(invites, ana, room, max_uses=max_uses)
    crowd = await town.settle(*(f"guest{index}" for index in range(8)))
    taken = await outcomes(*(invites.take(guest, token) for guest in crowd))
    assert taken.count("invite_gone") == len(crowd) - max_uses
    assert len(await town.roles(room)) == 1 + max_uses
    assert await uses(invites, ana, room) == []
    with town.refuses(NotFound, "invite_gone"):
        await invites.look(None, token, ADDRESS)


async def test_one_person_at_the_same_moment_comes_in_once(door: Door) -> None:
    town, invites = door.town, invites_at(door)
    ana, bea = town.actors[:2]
    room = await town.room(ana)
    token = await made(invites, ana, room, max_uses=5)
    await asyncio.gather(*(invites.take(bea, token) for _ in range(5)))
    assert await uses(invites, ana, room) == [1]


async def test_a_link_runs_out(door: Door) -> None:
    town, invites = door.town, invites_at(door)
    ana, bea = town.actors[:2]
    group = await town.group(ana)
    token = await made(invites, ana, group, expires_in_s=60)
    door.clock.advance(timedelta(seconds=59))
    assert await invites.look(None, token, ADDRESS)
    door.clock.advance(timedelta(seconds=1))
    for attempt in (invites.look(None, token, ADDRESS), invites.take(bea, token)):
        with pytest.raises(NotFound) as caught:
            await attempt
        assert caught.value.code == "invite_gone"
    assert await invites.living(ana, group) == ()


async def test_a_link_is_revoked_once_and_lets_nobody_in(door: Door) -> None:
    town, invites = door.town, invites_at(door)
    ana, bea = town.actors[:2]
    group = await town.group(ana)
    token = await made(invites, ana, group)
    (link,) = await invites.living(ana, group)
    assert link.url == f"{SITE}/invite/{token}"
    await invites.revoke(ana, group, link.invite.id)
    assert await invites.living(ana, group) == ()
    with town.refuses(NotFound, "invite_gone"):
        await invites.take(bea, token)
    other = await town.group(ana)
    for conversation_id in (group, other):
        with town.refuses(NotFound, "not_found"):
            await invites.revoke(ana, conversation_id, link.invite.id)


async def test_the_database_alone_does_not_tell_a_token(door: Door) -> None:
    town, invites = door.town, invites_at(door)
    ana = town.actors[0]
    token = await made(invites, ana, await town.group(ana))
    async with town.storage.read() as work:
        conversation_id = (await work.members.joined(ana.account_id, 1))[0]
        (stored,) = await work.invites.living(conversation_id, door.clock())
    assert token not in repr(stored)
    assert len(token) >= 43


@no_token
async def test_what_is_no_token_leads_nowhere(door: Door, token: str) -> None:
    invites = invites_at(door)
    with door.town.refuses(NotFound, "invite_gone"):
        await invites.look(None, token, ADDRESS)
    with door.town.refuses(NotFound, "invite_gone"):
        await invites.take(door.town.actors[0], token)


async def test_the_links_into_what_was_deleted_lead_nowhere(door: Door) -> None:
    town, invites = door.town, invites_at(door)
    ana, bea = town.actors[:2]
    group = await town.group(ana)
    token = await made(invites, ana, group)
    await town.core.conversations.delete(ana, group)
    town.heard()
    with town.refuses(NotFound, "invite_gone"):
        await invites.take(bea, token)
    with town.refuses(NotFound, "invite_gone"):
        await invites.look(bea, token, ADDRESS)


async def test_members_of_a_group_make_links_and_see_their_own(door: Door) -> None:
    town, invites = door.town, invites_at(door)
    ana, bea, caro, dani = town.actors
    group = await town.group(ana, bea, caro)
    await town.promote(ana, group, caro)
    for actor in (ana, bea):
        await made(invites, actor, group)
    mine = await invites.living(bea, group)
    assert [link.creator.id for link in mine] == [bea.account_id]
    for actor in (ana, caro):
        seen = [link.creator.id for link in await invites.living(actor, group)]
        assert seen == [bea.account_id, ana.account_id]
    with town.refuses(NotFound, "not_found"):
        await invites.living(dani, group)
    (own, others) = await invites.living(ana, group)
    with town.refuses(Forbidden, "permission_denied"):
        await invites.revoke(bea, group, others.invite.id)
    await invites.revoke(bea, group, own.invite.id)
    await invites.revoke(caro, group, others.invite.id)


@pytest.mark.parametrize("is_banned", [False, True])
async def test_the_links_of_whoever_is_shown_out_are_revoked(door: Door, is_banned: bool) -> None:
    town, invites = door.town, invites_at(door)
    ana, bea, caro, _ = town.actors
    group = await town.group(ana, bea)
    kept, gone = await made(invites, ana, group), await made(invites, bea, group)
    if is_banned:
        await town.core.bans.ban(ana, group, bea.account_id)
    else:
        await town.core.members.remove(ana, group, bea.account_id)
    town.heard()
    with town.refuses(NotFound, "invite_gone"):
        await invites.take(caro, gone)
    await invites.take(caro, kept)


async def test_the_links_of_whoever_leaves_go_on_letting_people_in(door: Door) -> None:
    town, invites = door.town, invites_at(door)
    ana, bea, caro, _ = town.actors
    group = await town.group(ana, bea)
    token = await made(invites, bea, group)
    await town.core.members.leave(bea, group)
    await invites.take(caro, token)


async def test_whom_the_inviter_has_blocked_does_not_come_in_by_their_link(door: Door) -> None:
    town, invites = door.town, invites_at(door)
    ana, bea = town.actors[:2]
    group = await town.group(ana)
    token = await made(invites, ana, group)
    await town.core.contacts.block(ana, bea.account_id)
    with town.refuses(Forbidden, "blocked"):
        await invites.take(bea, token)


async def test_a_group_that_is_full_lets_nobody_in(door: Door) -> None:
    town, invites = door.town, invites_at(door)
    ana, bea = town.actors[:2]
    group = await town.group(ana)
    token = await made(invites, ana, group)
    async with town.storage.begin() as work:
        held = await work.conversations.locked(group)
        assert held
        await work.conversations.update(replace(held, member_count=MAX_GROUP_MEMBERS))
    with town.refuses(Conflict, "group_full"):
        await invites.take(bea, token)
    with town.refuses(Conflict, "group_full"):
        await invites.by_link(ana, group)


@pytest.mark.parametrize(
    ("bounds", "attr"),
    [
        ({"max_uses": 0}, "max_uses"),
        ({"max_uses": -1}, "max_uses"),
        ({"max_uses": 10**30}, "max_uses"),
        ({"expires_in_s": 0}, "expires_in_s"),
        ({"expires_in_s": 10**30}, "expires_in_s"),
    ],
)
async def test_a_link_has_bounds_that_make_sense(
    door: Door, bounds: dict[str, int], attr: str
) -> None:
    ana = door.town.actors[0]
    group = await door.town.group(ana)
    with door.town.refuses(Invalid, "invalid", attr):
        await invites_at(door).by_link(ana, group, **bounds)


async def test_so_many_links_hold_at_once(door: Door) -> None:
    town, invites = door.town, invites_at(door)
    ana = town.actors[0]
    group = await town.group(ana)
    for _ in range(MAX_LIVING):
        await invites.by_link(ana, group)
    with town.refuses(Conflict, "too_many_invites"):
        await invites.by_link(ana, group)
    (latest, *_) = await invites.living(ana, group)
    await invites.revoke(ana, group, latest.invite.id)
    await invites.by_link(ana, group)


async def test_whoever_tries_many_links_is_slowed_down(door: Door) -> None:
    invites = invites_at(door, limits_scale=1)
    for _ in range(120):
        with pytest.raises(NotFound):
            await invites.look(None, "guess", ADDRESS)
    with pytest.raises(RateLimited):
        await invites.look(None, "guess", ADDRESS)
    with pytest.raises(NotFound):
        await invites.look(None, "guess", "192.0.2.8")
