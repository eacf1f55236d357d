"""Passkeys on both databases."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from tertulia.core.errors import Conflict
from tests import examples as eg

if TYPE_CHECKING:
    from tests.storage.conftest import Shelf


async def test_they_come_back_in_order_of_adding(shelf: Shelf) -> None:
    ana, bea = await shelf.accounts(2)
    first = eg.passkey(ana.id, transports=("internal", "hybrid"))
    second = eg.passkey(ana.id, inserted_at=eg.moment(minutes=1))
    async with shelf.storage.begin() as work:
        await work.passkeys.add(second)
        await work.passkeys.add(first)
        await work.passkeys.add(eg.passkey(bea.id))
    async with shelf.storage.read() as work:
        assert await work.passkeys.of(ana.id) == (first, second)
        assert await work.passkeys.get(second.id) == second
        assert await work.passkeys.get(b"unknown") is None


async def test_one_belongs_to_one_account_only(shelf: Shelf) -> None:
    ana, bea = await shelf.accounts(2)
    passkey = eg.passkey(ana.id)
    async with shelf.storage.begin() as work:
        await work.passkeys.add(passkey)
    with pytest.raises(Conflict) as refused:
        async with shelf.storage.begin() as work:
            await work.passkeys.add(eg.passkey(bea.id, id=passkey.id))
    assert refused.value.code == "passkey_taken"


async def test_its_use_and_its_name_are_noted(shelf: Shelf) -> None:
    ana, bea = await shelf.accounts(2)
    passkey = eg.passkey(ana.id)
    at = eg.moment(minutes=9)
    async with shelf.storage.begin() as work:
        await work.passkeys.add(passkey)
        await work.passkeys.used(passkey.id, 4, at)
        assert not await work.passkeys.rename(bea.id, passkey.id, "Mine")
        assert await work.passkeys.rename(ana.id, passkey.id, "Phone")
        assert await work.passkeys.get(passkey.id) == replace(
            passkey, sign_count=4, last_used_at=at, name="Phone"
        )


async def test_one_is_dropped_by_its_owner_alone(shelf: Shelf) -> None:
    ana, bea = await shelf.accounts(2)
    passkey = eg.passkey(ana.id)
    async with shelf.storage.begin() as work:
        await work.passkeys.add(passkey)
        assert not await work.passkeys.drop(bea.id, passkey.id)
        assert await work.passkeys.drop(ana.id, passkey.id)
        assert await work.passkeys.of(ana.id) == ()
