"""Authenticator apps and recovery codes on both databases."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tertulia.core.proofs import Authenticator
from tests import examples as eg

if TYPE_CHECKING:
    from tests.storage.conftest import Shelf


async def test_an_app_takes_the_place_of_the_one_before(shelf: Shelf) -> None:
    ana = await shelf.account()
    first = Authenticator(account_id=ana.id, sealed_secret="one", confirmed_at=None)
    second = Authenticator(
        account_id=ana.id, sealed_secret="two", confirmed_at=eg.NOON, last_step=7
    )
    async with shelf.storage.begin() as work:
        assert await work.second_steps.authenticator(ana.id) is None
        for app in (first, second):
            await work.second_steps.put_authenticator(app)
            assert await work.second_steps.authenticator(ana.id) == app
        assert await work.second_steps.drop_authenticator(ana.id)
        assert not await work.second_steps.drop_authenticator(ana.id)


async def test_no_step_is_used_twice_or_after_a_later_one(shelf: Shelf) -> None:
    ana = await shelf.account()
    app = Authenticator(account_id=ana.id, sealed_secret="one", confirmed_at=eg.NOON)
    async with shelf.storage.begin() as work:
        await work.second_steps.put_authenticator(app)
        used = [await work.second_steps.use_step(ana.id, step) for step in (5, 5, 4, 6)]
    assert used == [True, False, False, True]


async def test_a_recovery_code_is_used_once_by_its_owner(shelf: Shelf) -> None:
    ana, bea = await shelf.accounts(2)
    async with shelf.storage.begin() as work:
        await work.second_steps.replace_codes(ana.id, [b"old"])
        await work.second_steps.replace_codes(ana.id, [b"one", b"two"])
        assert not await work.second_steps.use_code(ana.id, b"old")
        assert not await work.second_steps.use_code(bea.id, b"one")
        assert await work.second_steps.codes_left(ana.id) == 2
        assert await work.second_steps.use_code(ana.id, b"one")
        assert not await work.second_steps.use_code(ana.id, b"one")
        assert await work.second_steps.codes_left(ana.id) == 1
        await work.second_steps.replace_codes(ana.id, [])
        assert await work.second_steps.codes_left(ana.id) == 0
