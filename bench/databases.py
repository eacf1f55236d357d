"""Databases that are made for one run and removed after it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Literal

from tests.services import PostgresCluster

Kind = Literal["SQLite", "PostgreSQL"]


@contextmanager
def fresh_database(kind: Kind) -> Iterator[str]:
    """Yield the address of a database that is made for this run and removed after it."""
    if kind == "SQLite":
        with TemporaryDirectory(prefix="tertulia-bench-") as folder:
            yield f"sqlite+aiosqlite:///{Path(folder) / 'bench.db'}"
        return
    cluster = PostgresCluster(is_durable=True)
    try:
        yield cluster.url(cluster.create_database())
    finally:
        cluster.stop()
