"""Finishing what was begun although the caller has been cancelled."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Coroutine

    from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

T = TypeVar("T")


async def completed(act: Coroutine[Any, Any, T]) -> T:
    """Await `act` to its end; a cancellation that comes meanwhile is raised after it."""
    task = asyncio.create_task(act)
    cancellation: asyncio.CancelledError | None = None
    while not task.done():
        try:
            await asyncio.wait([task])
        except asyncio.CancelledError as error:
            cancellation = error
    if cancellation is not None:
        raise cancellation from _failure(task)
    return task.result()


@asynccontextmanager
async def lent(engine: AsyncEngine) -> AsyncIterator[AsyncConnection]:
    """Lend a connection, and have it back whole whatever happens to the borrower.

    What comes back after the engine was disposed of is closed: nobody would ask its pool for it.
    """
    pool = engine.pool
    connection = await engine.connect()
    try:
        yield connection
    finally:
        await completed(_taken_back(connection, has_place=engine.pool is pool))


async def _taken_back(connection: AsyncConnection, *, has_place: bool) -> None:
    if not has_place:
        await connection.invalidate()
    await connection.close()


def _failure(task: asyncio.Task[Any]) -> BaseException | None:
    return None if task.cancelled() else task.exception()
