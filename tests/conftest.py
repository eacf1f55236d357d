"""What tests of every room may ask for: a database, an empty Redis, Janus, a browser's path."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from scripts.system_programs import CHROMIUM
from tests.e2e.forge import Forge
from tests.engines import Embedded, Engines, Servers
from tests.janus_server import JanusServer
from tests.services import PostgresCluster, PostgresReplica, RedisServer
from tests.turn_server import TurnServer

# How long an example takes says nothing on a machine that runs other tests at the same time.
settings.register_profile("tertulia", deadline=None)
settings.load_profile("tertulia")


def pytest_addoption(parser: pytest.Parser) -> None:
    """Let it be said what the servers stand on."""
    parser.addoption("--engines", choices=("embedded", "servers"), default="embedded")


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


@pytest.fixture
def replica(primary: PostgresCluster) -> Iterator[PostgresReplica]:
    """Return a replica that has just been made of the PostgreSQL that a module calls its own."""
    replica = PostgresReplica(primary)
    yield replica
    replica.stop()


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
def engines(request: pytest.FixtureRequest) -> Engines:
    """Return where the servers of the tests get what they stand on."""
    if request.config.getoption("--engines") == "embedded":
        return Embedded()
    return Servers(
        request.getfixturevalue("postgres_cluster"), request.getfixturevalue("redis_server")
    )


@pytest.fixture
def ground(engines: Engines, tmp_path: Path) -> Iterator[dict[str, str]]:
    """Return the settings of what a server of this test stands on."""
    with engines.open(tmp_path) as settings:
        yield settings


@pytest.fixture(scope="session")
def forge() -> Iterator[Forge]:
    """Return what makes the servers of this test process."""
    forge = Forge()
    yield forge
    forge.close()


@pytest.fixture(scope="session")
def chromium_path() -> Path:
    """Return where Chromium is. Raises FileNotFoundError."""
    path = CHROMIUM.path()
    if path is None:
        raise FileNotFoundError("Chromium is not installed; make test installs it")
    return path


@pytest.fixture(scope="session")
def turn_server() -> Iterator[TurnServer]:
    """Return a coturn of this test process alone."""
    server = TurnServer()
    yield server
    server.stop()


@pytest.fixture(scope="session")
def janus_server() -> Iterator[JanusServer]:
    """Return a Janus of this test process alone."""
    server = JanusServer()
    yield server
    server.stop()
