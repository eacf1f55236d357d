"""The outbox on both databases."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import TYPE_CHECKING

from tests import examples as eg

if TYPE_CHECKING:
    from tertulia.core.letters import WaitingLetter
    from tests.storage.conftest import Shelf

LATER = eg.moment(minutes=1)


async def _claim(shelf: Shelf, limit: int = 10) -> tuple[WaitingLetter, ...]:
    async with shelf.storage.begin() as work:
        return await work.letters.claim(eg.NOON, LATER, limit)


async def test_what_is_due_is_claimed_with_its_try_counted_and_then_waits(shelf: Shelf) -> None:
    due, early = eg.waiting_letter(), eg.waiting_letter(due_at=eg.moment(minutes=0.5))
    async with shelf.storage.begin() as work:
        await work.letters.add(due)
        await work.letters.add(early)
    assert await _claim(shelf) == (replace(due, tries=1, due_at=LATER),)
    assert await _claim(shelf) == ()
    async with shelf.storage.begin() as work:
        again = await work.letters.claim(LATER, eg.moment(minutes=2), 10)
    assert {letter.id: letter.tries for letter in again} == {due.id: 2, early.id: 1}


async def test_those_who_claim_at_once_get_different_letters(shelf: Shelf) -> None:
    letters = [eg.waiting_letter() for _ in range(12)]
    async with shelf.storage.begin() as work:
        for letter in letters:
            await work.letters.add(letter)
    claims = await asyncio.gather(*[_claim(shelf, 4) for _ in range(4)])
    claimed = [letter.id for claim in claims for letter in claim]
    # A claim that meets another one under way may get fewer, but no letter goes to two.
    assert len(claimed) == len(set(claimed))
    rest = [letter.id for letter in await _claim(shelf, 12)]
    assert sorted([*claimed, *rest]) == sorted(letter.id for letter in letters)


async def test_a_letter_waits_as_told_and_goes_when_it_is_dropped(shelf: Shelf) -> None:
    letter = eg.waiting_letter()
    async with shelf.storage.begin() as work:
        await work.letters.add(letter)
        await work.letters.put_off(letter.id, LATER)
    assert await _claim(shelf) == ()
    async with shelf.storage.begin() as work:
        await work.letters.drop(letter.id)
        assert await work.letters.claim(LATER, eg.moment(minutes=2), 10) == ()
