"""The session store on both databases."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from tertulia.core.ids import new_id
from tests import examples as eg

if TYPE_CHECKING:
    from tertulia.core.model import Session
    from tests.storage.conftest import Shelf


async def _session(shelf: Shelf) -> Session:
    session = eg.session((await shelf.account()).id)
    async with shelf.storage.begin() as work:
        await work.sessions.add(session)
    return session


async def test_a_session_comes_back_as_it_was_stored(shelf: Shelf) -> None:
    session = await _session(shelf)
    async with shelf.storage.read() as work:
        assert await work.sessions.get(session.id) == session
        assert await work.sessions.get(new_id()) is None


async def test_it_has_a_holder_until_it_ends(shelf: Shelf) -> None:
    session = await _session(shelf)
    async with shelf.storage.read() as work:
        assert await work.sessions.holder(session.id) == (session.account_id, session.last_used_at)
        assert await work.sessions.holder(new_id()) is None
    async with shelf.storage.begin() as work:
        await work.sessions.end(session.id, eg.moment(minutes=1))
    async with shelf.storage.read() as work:
        assert await work.sessions.holder(session.id) is None


async def test_its_use_is_noted(shelf: Shelf) -> None:
    session = await _session(shelf)
    async with shelf.storage.begin() as work:
        await work.sessions.touch(session.id, eg.moment(minutes=1))
    async with shelf.storage.read() as work:
        used = await work.sessions.get(session.id)

    assert used == replace(session, last_used_at=eg.moment(minutes=1))


async def test_a_session_ends_once(shelf: Shelf) -> None:
    session = await _session(shelf)
    async with shelf.storage.begin() as work:
        assert await work.sessions.end(session.id, eg.moment(minutes=1))
        assert not await work.sessions.end(session.id, eg.moment(minutes=2))
    async with shelf.storage.read() as work:
        ended = await work.sessions.get(session.id)

    assert ended == replace(session, ended_at=eg.moment(minutes=1))


async def test_ending_all_ends_the_living_ones_of_one_account(shelf: Shelf) -> None:
    ended, living, of_another = [await _session(shelf) for _ in range(3)]
    second = eg.session(living.account_id)
    async with shelf.storage.begin() as work:
        await work.sessions.add(second)
        await work.sessions.end(ended.id, eg.NOON)
        assert set(await work.sessions.end_all(living.account_id, eg.NOON)) == {
            living.id,
            second.id,
        }
        assert await work.sessions.end_all(living.account_id, eg.NOON) == ()
    async with shelf.storage.read() as work:
        assert await work.sessions.get(of_another.id) == of_another


async def test_a_refresh_token_is_spent_once(shelf: Shelf) -> None:
    token = eg.refresh_token((await _session(shelf)).id)
    async with shelf.storage.begin() as work:
        await work.sessions.add_token(token)
        assert await work.sessions.token(token.digest) == token
        assert await work.sessions.spend(token.digest, eg.moment(minutes=1))
        assert not await work.sessions.spend(token.digest, eg.moment(minutes=2))
    async with shelf.storage.read() as work:
        spent = await work.sessions.token(token.digest)

    assert spent == replace(token, spent_at=eg.moment(minutes=1))


async def test_an_unknown_refresh_token_is_neither_found_nor_spent(shelf: Shelf) -> None:
    async with shelf.storage.begin() as work:
        assert await work.sessions.token(b"?" * 32) is None
        assert not await work.sessions.spend(b"?" * 32, eg.NOON)


async def test_what_is_scrubbed_has_no_name_no_address_and_no_token(shelf: Shelf) -> None:
    living, of_another = await _session(shelf), await _session(shelf)
    ended = eg.session(living.account_id)
    tokens = {each.id: eg.refresh_token(each.id) for each in (living, ended, of_another)}
    async with shelf.storage.begin() as work:
        await work.sessions.add(ended)
        await work.sessions.end(ended.id, eg.NOON)
        for token in tokens.values():
            await work.sessions.add_token(token)
        await work.sessions.scrub(living.account_id)
    async with shelf.storage.read() as work:
        assert await work.sessions.get(living.id) == replace(living, name="", address="")
        scrubbed = await work.sessions.get(ended.id)
        assert scrubbed == replace(ended, name="", address="", ended_at=eg.NOON)
        assert await work.sessions.get(of_another.id) == of_another
        left = [await work.sessions.token(token.digest) for token in tokens.values()]
        assert left == [None, None, tokens[of_another.id]]
