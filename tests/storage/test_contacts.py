"""Contacts and blocks on both databases."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests import examples as eg

if TYPE_CHECKING:
    from tests.storage.conftest import Shelf


async def test_contacts_are_kept_once_the_latest_first(shelf: Shelf) -> None:
    ana, bea, caro = await shelf.accounts(3)
    async with shelf.storage.begin() as work:
        for minutes, other in enumerate((bea, caro, bea)):
            await work.relations.add_contact(ana.id, other.id, eg.moment(minutes))
        assert await work.relations.contacts(ana.id) == (caro.id, bea.id)
        assert await work.relations.contacts(bea.id) == ()
        assert await work.relations.drop_contact(ana.id, bea.id)
        assert not await work.relations.drop_contact(ana.id, bea.id)
        assert await work.relations.contacts(ana.id) == (caro.id,)


async def test_a_block_is_known_from_both_sides(shelf: Shelf) -> None:
    ana, bea, caro = await shelf.accounts(3)
    async with shelf.storage.begin() as work:
        assert await work.relations.block(ana.id, bea.id, eg.NOON)
        assert not await work.relations.block(ana.id, bea.id, eg.NOON)
        assert await work.relations.blocked(ana.id) == (bea.id,)
        people = [ana.id, caro.id]
        assert await work.relations.blockers_of(bea.id, people) == {ana.id}
        assert await work.relations.blockers_of(caro.id, people) == frozenset()
        assert await work.relations.blockers_of(bea.id, []) == frozenset()
        assert await work.relations.unblock(ana.id, bea.id)
        assert not await work.relations.unblock(ana.id, bea.id)
        assert await work.relations.blockers_of(bea.id, people) == frozenset()


async def test_a_person_who_goes_is_forgotten_from_both_sides(shelf: Shelf) -> None:
    ana, bea, caro = await shelf.accounts(3)
    async with shelf.storage.begin() as work:
        for one, other in ((ana, bea), (bea, ana), (bea, caro)):
            await work.relations.add_contact(one.id, other.id, eg.NOON)
            await work.relations.block(one.id, other.id, eg.NOON)
        await work.relations.drop_all(ana.id)
        assert await work.relations.contacts(ana.id) == ()
        assert await work.relations.contacts(bea.id) == (caro.id,)
        assert await work.relations.blocked(bea.id) == (caro.id,)
