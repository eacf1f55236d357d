"""A small town: the core over a real database, some people, and a record of what was announced."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from pathlib import Path
from uuid import UUID

import pytest

from tertulia.core.chat import ChatCore
from tertulia.core.events import Event
from tertulia.core.model import Actor
from tertulia.core.signin import Device
from tertulia.server import open_core
from tertulia.settings import read_settings
from tertulia.storage.engine import open_database
from tertulia.storage.migrations import migrate

DEVICE = Device(name="Test", address="127.0.0.1")
NAMES = ("ana", "bea", "caro", "dani")


@dataclass
class Town:
    """The core, four people who are signed in, and every event since the start."""

    core: ChatCore
    actors: list[Actor] = field(default_factory=list)
    published: list[Event] = field(default_factory=list)

    @property
    def ids(self) -> list[UUID]:
        """Whose accounts they are."""
        return [actor.account_id for actor in self.actors]


@pytest.fixture(params=["sqlite", "postgres"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Return the address of an empty database of either kind."""
    if request.param == "sqlite":
        return f"sqlite+aiosqlite:///{tmp_path / 'town.db'}"
    url: str = request.getfixturevalue("postgres_url")
    return url


@pytest.fixture
async def town(database_url: str, tmp_path: Path) -> AsyncIterator[Town]:
    """Return a town of four."""
    settings = read_settings(
        {
            "DATABASE_URL": database_url,
            "VAR_DIR": str(tmp_path),
            "SECRET_KEY_BASE": "k" * 64,
            "APP_JWT_SECRET": "j" * 64,
            "VAULT_KEY": "v" * 64,
        }
    )
    await migrate(settings.database_url)
    published: list[Event] = []
    database = open_database(settings.database_url, pool_size=settings.pool_size)
    async with AsyncExitStack() as closing:
        closing.push_async_callback(database.close)
        core = await closing.enter_async_context(open_core(settings, database, published.extend))
        town = Town(core, published=published)
        for name in NAMES:
            signed_in = await core.signin.register(
                f"{name}@example.org", "correct horse battery", name.title(), name, DEVICE
            )
            town.actors.append(signed_in.actor)
        yield town
