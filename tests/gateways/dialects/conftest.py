"""The conversation that all dialects share."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from tests.gateways.conftest import OpenTown, Town
from tests.gateways.dialects.twins import Twins, open_twins
from tests.gateways.dialects.voices import Place
from tests.services import RedisServer


@pytest.fixture
async def place(open_town: OpenTown) -> AsyncIterator[Place]:
    """Return a room of a town in which one may speak as fast as one can."""
    async with open_town(PUSHES_PER_S="100000", PUSH_BURST="100000") as town:
        yield await room_in(town)


@pytest.fixture
def redis() -> Iterator[RedisServer]:
    """Return a Redis that the test may end and start again."""
    server = RedisServer()
    yield server
    server.stop()


@pytest.fixture
async def twins(tmp_path: Path, postgres_url: str, redis: RedisServer) -> AsyncIterator[Twins]:
    """Return two nodes."""
    async with open_twins(tmp_path, postgres_url, redis) as twins:
        yield twins


async def room_in(town: Town) -> Place:
    """Open a room of Ana and Bea."""
    room_id = await town.start_room(town.ana, town.bea)
    room = await town.call(town.ana, "GET", f"/api/conversations/{room_id}")
    numbers = {each.id: (await town.call(each, "GET", "/api/me"))["number"] for each in town.people}
    return Place(town, room_id, room["number"], numbers)
