"""What the servers of the tests stand on: the embedded defaults, or PostgreSQL and Redis.

`pytest --engines=servers` has all of them stand on the latter.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol

from sqlalchemy import make_url

from tests.services import PostgresCluster, RedisServer


class Engines(Protocol):
    """Where servers get what they stand on; it is told by settings."""

    @contextmanager
    def open(
        self, folder: Path, original: Mapping[str, str] | None = None
    ) -> Iterator[dict[str, str]]:
        """Yield the settings of a database while it lives: an empty one, or another's copy."""
        ...

    def dump(self, settings: Mapping[str, str]) -> bytes:
        """Return all that a database holds."""
        ...


class Embedded:
    """SQLite, and nothing beside the process."""

    @contextmanager
    def open(
        self, folder: Path, original: Mapping[str, str] | None = None
    ) -> Iterator[dict[str, str]]:
        """Yield settings that name a file in the folder."""
        path = folder / "tertulia.db"
        if original is not None:
            shutil.copyfile(_name_of(original), path)
        yield {"VAR_DIR": str(folder), "DATABASE_URL": f"sqlite+aiosqlite:///{path}"}

    def dump(self, settings: Mapping[str, str]) -> bytes:
        """Return the file, and its log."""
        path = Path(_name_of(settings))
        return b"".join(each.read_bytes() for each in path.parent.glob(f"{path.name}*"))


class Servers:
    """PostgreSQL, and a Redis that forgets everything before anybody uses it."""

    def __init__(self, postgres: PostgresCluster, redis: RedisServer) -> None:
        self._postgres = postgres
        self._redis = redis

    @contextmanager
    def open(
        self, folder: Path, original: Mapping[str, str] | None = None
    ) -> Iterator[dict[str, str]]:
        """Yield settings that name a database of its own."""
        template = "template0" if original is None else _name_of(original)
        name = self._postgres.create_database(template)
        self._redis.empty()
        yield {
            "VAR_DIR": str(folder),
            "DATABASE_URL": self._postgres.url(name),
            "REDIS_URL": self._redis.url,
        }
        self._postgres.drop_database(name)

    def dump(self, settings: Mapping[str, str]) -> bytes:
        """Return every row of the database."""
        return self._postgres.dump(_name_of(settings))


def _name_of(settings: Mapping[str, str]) -> str:
    return make_url(settings["DATABASE_URL"]).database or ""
