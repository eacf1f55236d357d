"""Codes for telephones on both databases."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from tests import examples as eg

if TYPE_CHECKING:
    from tests.storage.conftest import Shelf


async def test_a_new_code_takes_the_place_of_the_one_before(shelf: Shelf) -> None:
    first = eg.phone_code(digest=b"first")
    second = eg.phone_code(digest=b"second")
    async with shelf.storage.begin() as work:
        await work.phone_codes.put(first)
        assert await work.phone_codes.try_one(first.phone, None) == replace(first, tries=1)
        await work.phone_codes.put(second)
        assert await work.phone_codes.try_one(first.phone, None) == replace(second, tries=1)
        assert await work.phone_codes.try_one(first.phone, None) == replace(second, tries=2)


async def test_codes_of_different_askers_do_not_meet(shelf: Shelf) -> None:
    ana = await shelf.account()
    to_sign_in, to_add = eg.phone_code(), eg.phone_code(asker=ana.id, digest=b"other")
    async with shelf.storage.begin() as work:
        await work.phone_codes.put(to_sign_in)
        await work.phone_codes.put(to_add)
        assert await work.phone_codes.drop(to_sign_in.phone, None)
        assert not await work.phone_codes.drop(to_sign_in.phone, None)
        assert await work.phone_codes.try_one(to_sign_in.phone, None) is None
        assert await work.phone_codes.try_one(to_add.phone, ana.id) == replace(to_add, tries=1)


async def test_an_askers_codes_are_taken_back_together_and_nobody_elses(shelf: Shelf) -> None:
    ana, bea = await shelf.accounts(2)
    hers = [eg.phone_code(asker=ana.id, phone=eg.phone_number()) for _ in range(2)]
    others = [replace(hers[0], asker=bea.id), replace(hers[0], asker=None)]
    async with shelf.storage.begin() as work:
        for code in (*hers, *others):
            await work.phone_codes.put(code)
        await work.phone_codes.revoke(ana.id)
        assert [await work.phone_codes.try_one(code.phone, ana.id) for code in hers] == [None] * 2
        for code in others:
            assert await work.phone_codes.try_one(code.phone, code.asker)


async def test_what_expired_is_swept_away(shelf: Shelf) -> None:
    code = eg.phone_code(expires_at=eg.moment(minutes=5))
    async with shelf.storage.begin() as work:
        await work.phone_codes.put(code)
        await work.phone_codes.sweep(eg.moment(minutes=4))
        assert await work.phone_codes.try_one(code.phone, None)
        await work.phone_codes.sweep(eg.moment(minutes=5))
        assert await work.phone_codes.try_one(code.phone, None) is None
