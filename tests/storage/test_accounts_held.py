"""Whoever is held stays as they are until others are done with them, on both databases."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import TYPE_CHECKING

from tests import examples as eg

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from tertulia.core.model import Account
    from tertulia.core.ports import Work
    from tests.storage.conftest import Shelf

A_MOMENT_S = 0.2


async def _meanwhile(
    shelf: Shelf,
    first: Callable[[Work], Awaitable[object]],
    then: Callable[[Work], Awaitable[None]],
) -> bool:
    """Do one thing in each of two works, and tell whether the second waited for the first's end."""
    has_begun = asyncio.Event()

    async def second() -> None:
        await has_begun.wait()
        async with shelf.storage.begin() as work:
            await then(work)

    task = asyncio.create_task(second())
    async with shelf.storage.begin() as work:
        await first(work)
        has_begun.set()
        done, _ = await asyncio.wait([task], timeout=A_MOMENT_S)
    await task
    return not done


async def test_nobody_is_locked_whole_while_they_are_held(shelf: Shelf) -> None:
    ana = await shelf.account()

    async def lock(work: Work) -> None:
        await work.accounts.locked_whole(ana.id)

    assert await _meanwhile(shelf, lambda work: work.accounts.held([ana.id]), lock)
    assert await _meanwhile(shelf, lambda work: work.accounts.locked_whole(ana.id), lock)


async def test_who_waits_to_hold_somebody_finds_what_became_of_them(shelf: Shelf) -> None:
    ana = await shelf.account()
    found: list[Account] = []

    async def delete(work: Work) -> None:
        held = await work.accounts.locked_whole(ana.id)
        await work.accounts.update(replace(held, deleted_at=eg.NOON))

    async def hold(work: Work) -> None:
        found.extend(await work.accounts.held([ana.id]))

    assert await _meanwhile(shelf, delete, hold)
    assert found == [replace(ana, deleted_at=eg.NOON)]


async def test_a_row_that_refers_to_somebody_waits_while_they_are_locked_whole(
    shelf: Shelf,
) -> None:
    ana = await shelf.account()

    async def sign_in(work: Work) -> None:
        await work.sessions.add(eg.session(ana.id))

    assert await _meanwhile(shelf, lambda work: work.accounts.locked_whole(ana.id), sign_in)


async def test_those_held_are_those_that_exist_each_once(shelf: Shelf) -> None:
    people = await shelf.accounts(3)
    ids = [person.id for person in people]
    async with shelf.storage.begin() as work:
        assert await work.accounts.held([*reversed(ids), *ids, eg.account().id]) == tuple(people)
        assert await work.accounts.held([]) == ()
