"""The member store on both databases."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from tertulia.core.errors import NotFound
from tertulia.core.model import Kind, Role
from tests import examples as eg

if TYPE_CHECKING:
    from tertulia.core.model import Account, Conversation
    from tests.storage.conftest import Shelf


async def _circle(shelf: Shelf, size: int) -> tuple[Conversation, list[Account]]:
    people = await shelf.accounts(size)
    return await shelf.conversation(*people), people


async def test_a_member_comes_back_as_stored(shelf: Shelf) -> None:
    circle, (ana,) = await _circle(shelf, 1)
    bea = await shelf.account()
    member = eg.member(
        circle.id, bea.id, role=Role.ADMIN, joined_at=eg.moment(2), read_at=eg.moment(3)
    )
    async with shelf.storage.begin() as work:
        await work.members.add([member])
        await work.members.add([])
    async with shelf.storage.read() as work:
        assert await work.members.get(circle.id, bea.id) == member
        assert await work.members.get(circle.id, ana.id) == eg.member(circle.id, ana.id)


async def test_only_the_living_are_members(shelf: Shelf) -> None:
    circle, (ana, bea) = await _circle(shelf, 2)
    gone = await shelf.part(circle, bea)
    async with shelf.storage.read() as work:
        with pytest.raises(NotFound):
            await work.members.get(circle.id, bea.id)
        assert [row.account_id for row in await work.members.present(circle.id)] == [ana.id]
        assert await work.members.among(circle.id, [bea.id]) == ()
        assert await work.members.page(circle.id, after=None, limit=9) == (
            eg.member(circle.id, ana.id),
        )
        assert await work.members.changed_since(circle.id, 1, 9) == (gone,)


async def test_somebody_who_had_left_comes_back_in_the_same_row(shelf: Shelf) -> None:
    circle, (ana, bea) = await _circle(shelf, 2)
    await shelf.part(circle, bea)
    again = eg.member(
        circle.id, bea.id, joined_seq=3, changed_seq=3, read_seq=3, joined_at=eg.moment(9)
    )
    async with shelf.storage.begin() as work:
        await work.members.add([again])
    async with shelf.storage.read() as work:
        assert await work.members.get(circle.id, bea.id) == again
        assert await work.members.changed_since(circle.id, 0, 9) == (
            eg.member(circle.id, ana.id),
            again,
        )


async def test_members_are_paged_in_order_of_joining(shelf: Shelf) -> None:
    circle, founders = await _circle(shelf, 3)
    late = (await shelf.account()).id
    async with shelf.storage.begin() as work:
        await work.members.add([eg.member(circle.id, late, joined_seq=2, changed_seq=2)])
    order = [*sorted(person.id for person in founders), late]

    async with shelf.storage.read() as work:
        assert [row.account_id for row in await work.members.present(circle.id)] == order
        first = await work.members.page(circle.id, after=None, limit=2)
        key = (first[-1].joined_seq, first[-1].account_id)
        second = await work.members.page(circle.id, after=key, limit=2)

    assert [row.account_id for row in (*first, *second)] == order


async def test_some_people_are_asked_for_by_name(shelf: Shelf) -> None:
    circle, (ana, bea, _) = await _circle(shelf, 3)
    stranger = await shelf.account()
    async with shelf.storage.read() as work:
        asked = [stranger.id, bea.id, ana.id, bea.id]
        found = await work.members.among(circle.id, asked)
        assert [row.account_id for row in found] == sorted([ana.id, bea.id])
        assert await work.members.among(circle.id, []) == ()


async def test_the_longest_of_a_role_joined_first_and_is_still_there(shelf: Shelf) -> None:
    circle, (ana, bea, caro) = await _circle(shelf, 3)
    async with shelf.storage.begin() as work:
        for person, seq in ((ana, 4), (bea, 3), (caro, 2)):
            await work.members.add([eg.member(circle.id, person.id, joined_seq=seq)])
        await work.members.update(eg.member(circle.id, ana.id, role=Role.ADMIN))
    await shelf.part(circle, caro)
    async with shelf.storage.read() as work:
        admin, member, owner = [
            await work.members.longest(circle.id, role)
            for role in (Role.ADMIN, Role.MEMBER, Role.OWNER)
        ]
    assert admin is not None
    assert member is not None
    assert (admin.account_id, member.account_id, owner) == (ana.id, bea.id, None)


async def test_who_is_there_comes_beside_their_accounts(shelf: Shelf) -> None:
    circle, (ana, bea, caro) = await _circle(shelf, 3)
    await shelf.part(circle, bea)
    async with shelf.storage.read() as work:
        present = await work.members.present(circle.id)
        people = await work.members.people(circle.id)

    assert people == tuple(zip(present, (ana, caro), strict=True))


async def test_an_update_stores_role_change_and_leaving(shelf: Shelf) -> None:
    circle, (ana,) = await _circle(shelf, 1)
    changed = eg.member(circle.id, ana.id, role=Role.OWNER, changed_seq=4)
    async with shelf.storage.begin() as work:
        await work.members.update(replace(changed, read_seq=99, joined_seq=99))
    async with shelf.storage.read() as work:
        assert await work.members.get(circle.id, ana.id) == changed


async def test_a_read_pointer_only_moves_forward(shelf: Shelf) -> None:
    circle, (ana, bea) = await _circle(shelf, 2)
    async with shelf.storage.begin() as work:
        assert await work.members.read(circle.id, ana.id, 5, eg.moment(1))
        assert not await work.members.read(circle.id, ana.id, 5, eg.moment(2))
        assert not await work.members.read(circle.id, ana.id, 4, eg.moment(3))
    await shelf.part(circle, bea)
    async with shelf.storage.begin() as work:
        assert not await work.members.read(circle.id, bea.id, 5, eg.moment(4))
    async with shelf.storage.read() as work:
        assert await work.members.get(circle.id, ana.id) == eg.member(
            circle.id, ana.id, read_seq=5, read_at=eg.moment(1)
        )


async def test_changes_come_in_their_order_up_to_a_limit(shelf: Shelf) -> None:
    circle, (ana, bea, caro) = await _circle(shelf, 3)
    async with shelf.storage.begin() as work:
        for seq, person in ((4, bea), (2, caro), (3, ana)):
            await work.members.update(eg.member(circle.id, person.id, changed_seq=seq))
    async with shelf.storage.read() as work:
        changed = await work.members.changed_since(circle.id, 2, 9)
        first = await work.members.changed_since(circle.id, 0, 2)

    assert [row.account_id for row in changed] == [ana.id, bea.id]
    assert [row.account_id for row in first] == [caro.id, ana.id]


async def test_the_groups_and_rooms_of_a_person_come_in_order_of_their_making(
    shelf: Shelf,
) -> None:
    ana, bea = await shelf.accounts(2)
    await shelf.conversation(ana, bea, kind=Kind.PRIVATE)
    left, first, deleted = [await shelf.conversation(ana, bea) for _ in range(3)]
    room = await shelf.conversation(ana, kind=Kind.ROOM)
    await shelf.conversation(bea)
    await shelf.part(left, ana)
    async with shelf.storage.begin() as work:
        await work.conversations.delete(deleted.id, eg.NOON)
    async with shelf.storage.read() as work:
        assert await work.members.joined(ana.id, 9) == (first.id, room.id)
        assert await work.members.joined(ana.id, 1) == (first.id,)
