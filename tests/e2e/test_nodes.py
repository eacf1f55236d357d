"""Two server processes of one town, one of which dies without a word."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from scripts.stamp import ROOT
from tests.e2e.forge import Forge
from tests.e2e.people import Channel, Person, register
from tests.e2e.server_process import ServerProcess, at_work
from tests.services import RedisServer
from tests.waiting import until

PATIENCE_S = 15.0

pytestmark = pytest.mark.timeout(120)

Told = list[tuple[str, dict[str, Any]]]


@pytest.fixture
def redis() -> Iterator[RedisServer]:
    """Return a Redis of this test alone."""
    server = RedisServer()
    yield server
    server.stop()


@pytest.fixture
async def nodes(
    tmp_path: Path, postgres_url: str, redis: RedisServer, forge: Forge
) -> AsyncIterator[tuple[ServerProcess, ServerProcess]]:
    """Return two nodes at work."""
    settings = {
        "PYTHONPATH": str(ROOT),
        "DATABASE_URL": postgres_url,
        "REDIS_URL": redis.url,
        "SWEEP_S": "1",
        "POOL_SIZE": "5",
        "LOG_LEVEL": "warning",
    }
    one, other = (
        ServerProcess(tmp_path, settings, module="tests.e2e.hasty_server", forge=forge)
        for _ in range(2)
    )
    async with at_work(one, other):
        yield one, other


@asynccontextmanager
async def listening(person: Person, topic: str) -> AsyncIterator[tuple[Channel, Told]]:
    """Join a topic and write down what is told there."""
    channel = await Channel.join(person, topic, {})
    told: Told = []
    task = asyncio.create_task(channel.listen(lambda event, said: told.append((event, said))))
    try:
        yield channel, told
    finally:
        await channel.close()
        await task


async def test_a_node_that_dies_is_missed_and_what_it_acknowledged_is_heard(
    nodes: tuple[ServerProcess, ServerProcess],
) -> None:
    dying, other = nodes
    ana, bea = await register(dying.url, "ana"), await register(other.url, "bea")
    room = await bea.post(
        "/api/conversations", {"kind": "group", "alias": "Us", "user_ids": [ana.id]}
    )
    topic = f"conversation:{room['id']}"
    async with (
        listening(bea, "system:general") as (_, town),
        listening(bea, topic) as (_, chat),
        listening(ana, topic) as (mouth, _),
        listening(ana, "system:general"),
    ):
        await until(lambda: _came(town, ana), within_s=PATIENCE_S, what="Ana came")
        for number in range(20):
            reply = await mouth.push(
                "send_message", {"content": str(number), "client_ref": str(number)}
            )
            assert reply["status"] == "ok", reply
        await dying.kill()
        await until(lambda: len(_texts(chat)) >= 20, within_s=PATIENCE_S, what="all was heard")
        assert _texts(chat) == [str(number) for number in range(20)]
        await until(lambda: _went(town, ana), within_s=PATIENCE_S, what="Ana went")
    async with listening(bea, "system:general") as (_, town):
        await until(lambda: bool(town), within_s=PATIENCE_S, what="the town was seen")
        event, online = town[0]
        assert event == "presence_state"
        assert ana.id not in online


def _came(told: Told, person: Person) -> bool:
    states = [said for event, said in told if event == "presence_state"]
    joins = [said["joins"] for event, said in told if event == "presence_diff"]
    return any(person.id in each for each in (*states, *joins))


def _went(told: Told, person: Person) -> bool:
    return any(person.id in said["leaves"] for event, said in told if event == "presence_diff")


def _texts(told: Told) -> list[str]:
    return [said["message"]["content"] for event, said in told if event == "new_message"]
