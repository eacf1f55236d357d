"""One-time tokens on both databases."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from tertulia.core.proofs import OneTimeToken, Purpose
from tests import examples as eg

if TYPE_CHECKING:
    from tests.storage.conftest import Shelf

CONFIRM = Purpose.CONFIRM_EMAIL


async def _stored(shelf: Shelf, token: OneTimeToken) -> OneTimeToken:
    async with shelf.storage.begin() as work:
        await work.one_time_tokens.add(token)
    return token


async def test_a_token_comes_back_as_it_was_stored_for_its_purpose_alone(shelf: Shelf) -> None:
    token = await _stored(shelf, eg.one_time_token((await shelf.account()).id, detail="a@b.c"))
    async with shelf.storage.read() as work:
        assert await work.one_time_tokens.get(CONFIRM, token.digest) == token
        assert await work.one_time_tokens.get(Purpose.RESET_PASSWORD, token.digest) is None


async def test_of_several_who_take_a_token_one_gets_it(shelf: Shelf) -> None:
    token = await _stored(shelf, eg.one_time_token())

    async def take() -> OneTimeToken | None:
        async with shelf.storage.begin() as work:
            return await work.one_time_tokens.take(CONFIRM, token.digest)

    taken = await asyncio.gather(*[take() for _ in range(5)])
    assert [found for found in taken if found] == [token]


async def test_tries_are_counted(shelf: Shelf) -> None:
    token = await _stored(shelf, eg.one_time_token())
    for tries in (1, 2):
        async with shelf.storage.begin() as work:
            assert await work.one_time_tokens.count_try(token.digest) == tries
    async with shelf.storage.begin() as work:
        assert await work.one_time_tokens.count_try(b"unknown") == 0


async def test_an_accounts_tokens_are_revoked_by_purpose_or_all(shelf: Shelf) -> None:
    ana, bea = await shelf.accounts(2)
    tokens = [
        await _stored(shelf, eg.one_time_token(account_id, purpose=purpose))
        for account_id in (ana.id, bea.id)
        for purpose in (CONFIRM, Purpose.RESET_PASSWORD)
    ]

    async def left() -> list[OneTimeToken]:
        async with shelf.storage.read() as work:
            found = [await work.one_time_tokens.get(t.purpose, t.digest) for t in tokens]
        return [token for token in found if token]

    async with shelf.storage.begin() as work:
        await work.one_time_tokens.revoke(ana.id, [CONFIRM])
    assert await left() == tokens[1:]
    async with shelf.storage.begin() as work:
        await work.one_time_tokens.revoke(ana.id)
    assert await left() == tokens[2:]


async def test_what_expired_is_swept_away(shelf: Shelf) -> None:
    old = await _stored(shelf, eg.one_time_token(expires_at=eg.moment(minutes=1)))
    fresh = await _stored(shelf, eg.one_time_token(expires_at=eg.moment(minutes=2)))
    async with shelf.storage.begin() as work:
        await work.one_time_tokens.sweep(eg.moment(minutes=1))
    async with shelf.storage.read() as work:
        assert await work.one_time_tokens.get(CONFIRM, old.digest) is None
        assert await work.one_time_tokens.get(CONFIRM, fresh.digest) == fresh
