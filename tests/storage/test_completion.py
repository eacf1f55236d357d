"""Finishing what was begun, however often its caller is cancelled."""

from __future__ import annotations

import asyncio

import pytest

from tertulia.storage.completion import completed


class FailedError(Exception):
    """What the act ends with in these tests."""


async def test_it_gives_the_result_and_the_error_of_the_act() -> None:
    async def succeed() -> str:
        return "done"

    async def fail() -> None:
        raise FailedError

    assert await completed(succeed()) == "done"
    with pytest.raises(FailedError):
        await completed(fail())


@pytest.mark.parametrize("fails", [False, True], ids=["succeeding", "failing"])
async def test_cancelled_twice_it_still_ends_the_act_and_then_is_cancelled(*, fails: bool) -> None:
    may_end, has_ended = asyncio.Event(), asyncio.Event()

    async def act() -> None:
        await may_end.wait()
        has_ended.set()
        if fails:
            raise FailedError

    caller = asyncio.create_task(completed(act()))
    for _ in range(2):
        await asyncio.sleep(0)
        caller.cancel()
    await asyncio.sleep(0)
    assert not caller.done()

    may_end.set()
    with pytest.raises(asyncio.CancelledError):
        await caller
    assert has_ended.is_set()
