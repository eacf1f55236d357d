"""A server that reads at length from a replica, while that is there and while it is not."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import text

from tertulia.storage.engine import open_database
from tests.e2e.people import Person, register
from tests.e2e.server_process import ServerProcess, run_beside
from tests.services import PostgresCluster, PostgresReplica

if TYPE_CHECKING:
    from pathlib import Path

    from tests.e2e.forge import Forge

pytestmark = pytest.mark.timeout(120)

ASKING, READING, OURS = 1, 1, 1
"""Connections to the replica of a server with one person, and of the test that counts them."""


@pytest.fixture
def primary() -> Iterator[PostgresCluster]:
    """Return a PostgreSQL that loses nothing."""
    cluster = PostgresCluster(is_durable=True)
    yield cluster
    cluster.stop()


@pytest.fixture
async def server(
    tmp_path: Path, primary: PostgresCluster, replica: PostgresReplica, forge: Forge
) -> AsyncIterator[ServerProcess]:
    """Return a server over both."""
    urls = {
        "DATABASE_URL": primary.url("postgres"),
        "READ_DATABASE_URL": replica.url("postgres"),
    }
    server = ServerProcess(tmp_path, urls, forge=forge)
    await server.start()
    yield server
    await server.stop()


async def test_one_reads_on_while_the_replica_is_away(
    server: ServerProcess, replica: PostgresReplica
) -> None:
    ana = await register(server.url, "ana")
    room = await ana.post(
        "/api/conversations", {"kind": "room", "alias": "Plaza", "topic": "general"}
    )
    for number in range(10):
        await _say(ana, room, f"message {number}")
        assert await _said(ana, room) == [f"message {at}" for at in range(number + 1)]
    assert await _connections(replica) == ASKING + READING + OURS
    assert "the replica has all" in await _doctor(server)

    replica.halt()
    await _say(ana, room, "message 10")
    assert await _said(ana, room) == [f"message {at}" for at in range(11)]
    assert "it is not asked" in await _doctor(server)


async def _say(person: Person, room: dict[str, Any], content: str) -> None:
    await person.post(f"/api/conversations/{room['id']}/messages", {"content": content})


async def _said(person: Person, room: dict[str, Any]) -> list[str]:
    page = await person.get(f"/api/messages?conversation_id={room['id']}&page_size=100")
    return [each["content"] for each in sorted(page["items"], key=lambda each: each["seq"])]


async def _connections(server: PostgresCluster) -> int:
    ours = text("SELECT count(*) FROM pg_stat_activity WHERE application_name = 'tertulia'")
    database = open_database(server.url("postgres"), pool_size=1)
    async with database.reader() as connection:
        found = await connection.scalar(ours)
    await database.close()
    return int(found)


async def _doctor(server: ServerProcess) -> str:
    _, printed = await run_beside(server, "doctor")
    return printed
