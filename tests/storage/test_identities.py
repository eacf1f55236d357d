"""Accounts at providers on both databases."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tertulia.core.errors import Conflict
from tests import examples as eg

if TYPE_CHECKING:
    from tests.storage.conftest import Shelf


async def test_they_come_back_in_order_of_linking(shelf: Shelf) -> None:
    ana = await shelf.account()
    later = eg.identity(ana.id, provider="google", inserted_at=eg.moment(minutes=2))
    first = eg.identity(ana.id, provider="work", inserted_at=eg.moment(minutes=1), email=None)
    async with shelf.storage.begin() as work:
        await work.identities.add(later)
        await work.identities.add(first)
    async with shelf.storage.read() as work:
        assert await work.identities.of(ana.id) == (first, later)
        assert await work.identities.find("work", first.subject) == first
        assert await work.identities.find("google", first.subject) is None


async def test_one_stands_for_one_account_only(shelf: Shelf) -> None:
    ana, bea = await shelf.accounts(2)
    identity = eg.identity(ana.id)
    async with shelf.storage.begin() as work:
        await work.identities.add(identity)
    with pytest.raises(Conflict) as refused:
        async with shelf.storage.begin() as work:
            await work.identities.add(eg.identity(bea.id, subject=identity.subject))
    assert refused.value.code == "identity_taken"


async def test_one_is_dropped_by_its_owner_alone(shelf: Shelf) -> None:
    ana, bea = await shelf.accounts(2)
    async with shelf.storage.begin() as work:
        await work.identities.add(eg.identity(ana.id))
        assert not await work.identities.drop(bea.id, "google")
        assert await work.identities.drop(ana.id, "google")
        assert not await work.identities.drop(ana.id, "google")
        assert await work.identities.of(ana.id) == ()
