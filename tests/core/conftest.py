"""Databases of both kinds, migrated once, and a town of four over each for every test."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tertulia.composition import open_core
from tertulia.settings import Settings, read_settings
from tertulia.storage.engine import open_database
from tertulia.storage.migrations import migrate
from tertulia.storage.stores import SqlStorage
from tests.core.desk import Desk, open_desk
from tests.core.diary import Diary, open_diary
from tests.core.door import Door, open_door
from tests.core.ears import Ears, open_ears
from tests.core.sealed_places import forgotten_columns
from tests.core.town import Town
from tests.core.uploads import HandedIn
from tests.core.vouching import Vouched, open_vouched

if TYPE_CHECKING:
    from tertulia.core.events import Event
    from tests.services import PostgresCluster

NAMES = ("ana", "bea", "caro", "dani")


@pytest.fixture(scope="session", params=["sqlite", "postgres"])
def settings(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Settings]:
    """Return the settings of a server over a migrated database of either kind.

    What the vault sealed in all the tests together has to lie where `tertulia vault rotate` finds
    it.
    """
    folder = tmp_path_factory.mktemp("town")
    settings = read_settings(
        {
            "DATABASE_URL": _database_url(request, folder),
            "VAR_DIR": str(folder),
            "SECRET_KEY_BASE": "k" * 64,
            "APP_JWT_SECRET": "j" * 64,
            "VAULT_KEY": "v" * 64,
            "VAPID_PRIVATE_KEY": "cHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHA",
            "LIMITS_SCALE": "1000",
        }
    )
    asyncio.run(migrate(settings.database_url))
    yield settings
    assert asyncio.run(forgotten_columns(settings.database_url)) == []


@pytest.fixture
async def town(settings: Settings) -> AsyncIterator[Town]:
    """Return a town of four, who have nothing to do with one another yet."""
    published: list[Event] = []
    database = open_database(settings.database_url, pool_size=settings.pool_size)
    try:
        async with open_core(settings, database, published.extend) as core:
            town = Town(core, SqlStorage(database, published.extend), published)
            await town.settle(*NAMES)
            yield town
    finally:
        await database.close()


@pytest.fixture(scope="session")
def uploads(settings: Settings) -> HandedIn:
    """Return the table of uploads."""
    return HandedIn(settings)


@pytest.fixture
async def door(town: Town) -> AsyncIterator[Door]:
    """Return the door of a town, where no letter waits of tests before."""
    with open_door(town) as door:
        await door.deliver()
        door.letters.forget()
        yield door


@pytest.fixture
def vouched(door: Door) -> Vouched:
    """Return the door of a town that takes the word of two providers."""
    return open_vouched(door)


@pytest.fixture
async def desk(town: Town, tmp_path: Path) -> AsyncIterator[Desk]:
    """Return where the people of a town hand in pictures and ask for copies."""
    async with open_desk(town, tmp_path / "blobs") as desk:
        yield desk


@pytest.fixture
async def diary(town: Town) -> AsyncIterator[Diary]:
    """Return what the people of a town have waiting, which is nothing yet."""
    async with open_diary(town) as diary:
        yield diary


@pytest.fixture
async def ears(town: Town, settings: Settings) -> AsyncIterator[Ears]:
    """Return what pushes to the people of a town."""
    async with open_ears(town, settings) as ears:
        yield ears


def _database_url(request: pytest.FixtureRequest, folder: Path) -> str:
    if request.param == "sqlite":
        return f"sqlite+aiosqlite:///{folder / 'town.db'}"
    cluster: PostgresCluster = request.getfixturevalue("postgres_cluster")
    return cluster.url(cluster.create_database())
