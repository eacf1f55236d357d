"""Letting people in by their username, or by their telephone number, of which nothing is told."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from tertulia.core.errors import Forbidden, Invalid, NotFound, RateLimited, Refusal
from tertulia.core.letters import LetterKind
from tests import examples as eg
from tests.core.inviting import invites_at, with_phone

if TYPE_CHECKING:
    from tests.core.door import Door


async def test_somebody_is_brought_in_by_their_username(door: Door) -> None:
    town, invites = door.town, invites_at(door)
    ana, bea = town.actors[:2]
    group = await town.group(ana)
    name = (await town.account(bea)).username
    assert name
    member, person = await invites.by_username(ana, group, f" @{name.upper()} ")
    assert (member.account_id, person.id) == (bea.account_id, bea.account_id)
    assert bea.account_id in await town.roles(group)
    town.heard()
    again, _ = await invites.by_username(ana, group, name)
    assert (again.account_id, town.heard()) == (bea.account_id, [])
    with town.refuses(Invalid, "not_found", "username"):
        await invites.by_username(ana, group, "nobody_at_all")


async def test_whom_somebody_has_blocked_brings_them_in_by_no_way(door: Door) -> None:
    town, invites = door.town, invites_at(door)
    ana, bea = town.actors[:2]
    group = await town.group(ana)
    number, name = await with_phone(town, bea), (await town.account(bea)).username
    assert name
    await town.core.contacts.block(bea, ana.account_id)
    with town.refuses(Forbidden, "blocked"):
        await invites.by_username(ana, group, name)
    with town.refuses(Forbidden, "blocked"):
        await town.core.members.add(ana, group, [bea.account_id])
    await invites.by_phone(ana, group, number)
    assert list(await town.roles(group)) == [ana.account_id]
    assert town.heard() == []


async def test_a_number_with_an_account_brings_that_person_in(door: Door) -> None:
    town, invites = door.town, invites_at(door)
    ana, bea = town.actors[:2]
    group = await town.group(ana)
    number = await with_phone(town, bea)
    for _ in range(2):
        await invites.by_phone(ana, group, number)
    assert list(await town.roles(group)) == [ana.account_id, bea.account_id]
    assert await invites.living(ana, group) == ()


async def test_a_number_without_one_gets_a_link_that_works_once_within_a_week(door: Door) -> None:
    town, invites = door.town, invites_at(door)
    ana, bea, caro, _ = town.actors
    group, number = await town.group(ana), eg.phone_number()
    await invites.by_phone(ana, group, number)
    letter = await door.letter(LetterKind.INVITATION)
    assert (letter.channel, letter.to) == ("sms", number)
    assert letter.words == {"name": (await town.account(ana)).display_name, "conversation": "Peña"}
    assert letter.path
    token = letter.path.removeprefix("/invite/")
    (link,) = await invites.living(ana, group)
    assert (link.invite.max_uses, link.invite.expires_at) == (
        1,
        door.clock() + timedelta(days=7),
    )
    await invites.take(bea, token)
    with town.refuses(NotFound, "invite_gone"):
        await invites.take(caro, token)


async def test_a_number_that_is_kept_out_is_answered_as_any_other(door: Door) -> None:
    town, invites = door.town, invites_at(door)
    ana, bea = town.actors[:2]
    group = await town.group(ana)
    number = await with_phone(town, bea)
    await town.core.bans.ban(ana, group, bea.account_id)
    await invites.by_phone(ana, group, number)
    assert list(await town.roles(group)) == [ana.account_id]


async def test_outsiders_learn_of_nobody_whom_they_would_invite(door: Door) -> None:
    town, invites = door.town, invites_at(door)
    ana, bea, caro, _ = town.actors
    group, room = await town.group(ana), await town.room(ana, bea)
    number, name = await with_phone(town, caro), (await town.account(caro)).username
    assert name
    for known in (number, eg.phone_number()):
        with town.refuses(NotFound, "not_found"):
            await invites.by_phone(bea, group, known)
        with town.refuses(Forbidden, "permission_denied"):
            await invites.by_phone(bea, room, known)
    for known in (name, "nobody_at_all"):
        with town.refuses(NotFound, "not_found"):
            await invites.by_username(bea, group, known)
        with town.refuses(Forbidden, "permission_denied"):
            await invites.by_username(bea, room, known)
    private = await town.private(ana, bea)
    with town.refuses(Forbidden, "private_conversation"):
        await invites.by_link(ana, private)
    with town.refuses(Forbidden, "private_conversation"):
        await invites.living(ana, private)


async def test_one_number_and_one_inviter_are_written_to_and_write_so_often(door: Door) -> None:
    invites = invites_at(door, limits_scale=1)
    ana = door.town.actors[0]
    group, number = await door.town.group(ana), eg.phone_number()
    for _ in range(3):
        await invites.by_phone(ana, group, number)
    with pytest.raises(RateLimited):
        await invites.by_phone(ana, group, number)
    refusals: list[Refusal] = []
    while not refusals:
        try:
            await invites.by_link(ana, group)
        except RateLimited as refusal:
            refusals.append(refusal)
    assert len(await invites.living(ana, group)) <= 60
