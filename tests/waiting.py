"""Waiting for what another process or task will bring about, bounded in time."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

T = TypeVar("T")

_STEP_S = 0.02


async def until(holds: Callable[[], bool], *, within_s: float, what: str) -> None:
    """Return as soon as `holds()`; fail, naming `what`, when it does not within the time."""
    for _ in range(round(within_s / _STEP_S)):
        if holds():
            return
        await asyncio.sleep(_STEP_S)
    raise AssertionError(f"not within {within_s} s: {what}")


async def until_found(look: Callable[[], Awaitable[T | None]], *, within_s: float, what: str) -> T:
    """Return what `look` finds as soon as it finds something; fail, naming `what`, otherwise."""
    deadline_s = asyncio.get_running_loop().time() + within_s
    while asyncio.get_running_loop().time() < deadline_s:
        found = await look()
        if found is not None:
            return found
        await asyncio.sleep(_STEP_S)
    raise AssertionError(f"not within {within_s} s: {what}")
