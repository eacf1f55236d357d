"""Tasks end although a cancellation was forgotten on the way."""

from __future__ import annotations

import asyncio
from contextlib import suppress

from tertulia.ending import ended


async def test_what_forgets_a_cancellation_ends_all_the_same() -> None:
    forgotten = 0

    async def run() -> None:
        nonlocal forgotten
        while True:
            try:
                await asyncio.sleep(60)
            except asyncio.CancelledError:
                if forgotten:
                    raise
                forgotten += 1

    async with asyncio.timeout(10):
        task = asyncio.create_task(run())
        await asyncio.sleep(0)
        await ended(task)
    assert task.cancelled()
    assert forgotten == 1


async def test_what_had_failed_or_was_done_before_is_left_as_it_is() -> None:
    async def fail() -> None:
        raise ValueError("before")

    async def finish() -> int:
        return 7

    failed, done = asyncio.create_task(fail()), asyncio.create_task(finish())
    with suppress(ValueError):
        await asyncio.gather(failed, done)
    await ended(failed, done)
    assert isinstance(failed.exception(), ValueError)
    assert done.result() == 7
