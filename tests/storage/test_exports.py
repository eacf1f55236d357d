"""Copies of people's data, as rows, on both databases."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from tertulia.core.ids import new_id
from tertulia.core.model import Export
from tests import examples as eg

if TYPE_CHECKING:
    from tests.storage.conftest import Shelf


async def test_an_export_is_followed_from_asking_to_its_end(shelf: Shelf) -> None:
    ana = await shelf.account()
    asked = Export(id=new_id(), account_id=ana.id, inserted_at=eg.NOON)
    under_way = replace(asked, done=1, total=3)
    ready = replace(
        under_way, done=3, blob="key", size=9, ready_at=eg.NOON, expires_at=eg.moment(minutes=5)
    )
    async with shelf.storage.begin() as work:
        assert await work.exports.latest(ana.id) is None
        await work.exports.add(asked)
        assert await work.exports.waiting() == (asked,)
        for export in (under_way, ready):
            await work.exports.update(export)
            assert await work.exports.latest(ana.id) == export
        assert await work.exports.waiting() == ()
        assert await work.exports.expired(eg.moment(minutes=4)) == ()
        assert await work.exports.expired(eg.moment(minutes=5)) == (ready,)
        await work.exports.drop(ready.id)
        assert await work.exports.latest(ana.id) is None


async def test_a_failed_one_waits_no_longer_and_the_latest_is_told(shelf: Shelf) -> None:
    ana = await shelf.account()
    failed = Export(id=new_id(), account_id=ana.id, inserted_at=eg.NOON, failed_at=eg.NOON)
    latest = Export(id=new_id(), account_id=ana.id, inserted_at=eg.NOON)
    async with shelf.storage.begin() as work:
        await work.exports.add(failed)
        await work.exports.add(latest)
        assert await work.exports.waiting() == (latest,)
        assert await work.exports.latest(ana.id) == latest


async def test_those_of_a_deleted_account_are_over_and_wait_for_nothing(shelf: Shelf) -> None:
    ana = await shelf.account()
    waiting = Export(id=new_id(), account_id=ana.id, inserted_at=eg.NOON)
    async with shelf.storage.begin() as work:
        await work.exports.add(waiting)
        assert waiting in await work.exports.waiting()
        assert waiting not in await work.exports.expired(eg.NOON)
        await work.accounts.update(replace(ana, deleted_at=eg.NOON))
        assert waiting not in await work.exports.waiting()
        assert waiting in await work.exports.expired(eg.NOON)
