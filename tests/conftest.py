"""What tests of every room may ask for: a fresh database, an empty Redis, a browser's path."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from scripts.system_programs import CHROMIUM
from tests.services import PostgresCluster, RedisServer

# How long an example takes says nothing on a machine that runs other tests at the same time.
settings.register_profile("tertulia", deadline=None)
settings.load_profile("tertulia")


@pytest.fixture(scope="session")
def postgres_cluster() -> Iterator[PostgresCluster]:
    """Return a PostgreSQL of this test process alone."""
    cluster = PostgresCluster()
    yield cluster
    cluster.stop()


@pytest.fixture
def postgres_url(postgres_cluster: PostgresCluster) -> Iterator[str]:
    """Return the ``postgresql+asyncpg://`` address of a database that is empty."""
    name = postgres_cluster.create_database()
    yield postgres_cluster.url(name)
    postgres_cluster.drop_database(name)


@pytest.fixture(scope="session")
def redis_server() -> Iterator[RedisServer]:
    """Return a Redis of this test process alone."""
    server = RedisServer()
    yield server
    server.stop()


@pytest.fixture
def redis_url(redis_server: RedisServer) -> str:
    """Return the ``unix://`` address of a Redis that is empty."""
    redis_server.empty()
    return redis_server.url


@pytest.fixture(scope="session")
def chromium_path() -> Path:
    """Return where Chromium is. Raises FileNotFoundError."""
    path = CHROMIUM.path()
    if path is None:
        raise FileNotFoundError("Chromium is not installed; make test installs it")
    return path
