"""Two nodes of one town: one PostgreSQL and one Redis between them."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from tertulia.composition import open_core
from tertulia.server import open_app
from tertulia.storage.engine import open_database
from tertulia.storage.migrations import migrate
from tests.gateways.conftest import NAMES, Person, Town, registered, served, settings_in
from tests.gateways.dialects.voices import Place
from tests.services import RedisServer


@dataclass(frozen=True)
class Twins:
    """One room as it is reached by each of the nodes, and the Redis between them."""

    one: Place
    other: Place
    redis: RedisServer

    @property
    def people(self) -> tuple[Person, ...]:
        """Everyone, of whom Ana and Bea are in the room."""
        return self.one.town.people


@asynccontextmanager
async def open_twins(folder: Path, database_url: str, redis: RedisServer) -> AsyncIterator[Twins]:
    """Found a town and serve it by two nodes."""
    texts = {
        "DATABASE_URL": database_url,
        "REDIS_URL": redis.url,
        "SWEEP_S": "1",
        "POOL_SIZE": "5",
        "PUSHES_PER_S": "100000",
        "PUSH_BURST": "100000",
    }
    settings = settings_in(folder, **texts)
    await migrate(settings.database_url)
    database = open_database(settings.database_url, pool_size=2)
    async with open_core(settings, database, lambda _: None) as core:
        people = [await registered(core, name) for name in NAMES]
    await database.close()
    async with AsyncExitStack() as closing:
        towns = []
        for _ in range(2):
            app = await closing.enter_async_context(open_app(settings))
            url = await closing.enter_async_context(served(app, settings))
            towns.append(Town(url, *people))
        one, other = towns
        room_id = await one.start_room(one.ana, one.bea)
        room = await one.call(one.ana, "GET", f"/api/conversations/{room_id}")
        numbers = {each.id: (await one.call(each, "GET", "/api/me"))["number"] for each in people}
        yield Twins(
            Place(one, room_id, room["number"], numbers),
            Place(other, room_id, room["number"], numbers),
            redis,
        )
