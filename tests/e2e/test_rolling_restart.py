"""Two nodes are restarted one after the other, and nobody who talks meanwhile loses anything."""

from __future__ import annotations

import asyncio
import time
from contextlib import AsyncExitStack
from typing import TYPE_CHECKING

import pytest

from tests.architecture.test_files import ROOT
from tests.e2e.balancer import balanced
from tests.e2e.checker import check
from tests.e2e.people import Channel, Listener, Sender, history, register
from tests.e2e.server_process import ServerProcess, at_work
from tests.e2e.socketio_client import socketio_client
from tests.waiting import until

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

SENDERS, LISTENERS, ONLOOKERS = 6, 2, 30
DRAIN_S = 3
SENDS_BETWEEN = 60

pytestmark = pytest.mark.timeout(300)


@pytest.fixture
async def nodes(
    tmp_path: Path, postgres_url: str, redis_url: str
) -> AsyncIterator[tuple[ServerProcess, ServerProcess]]:
    """Return two nodes at work."""
    settings = {
        "PYTHONPATH": str(ROOT),
        "DATABASE_URL": postgres_url,
        "REDIS_URL": redis_url,
        "DRAIN_S": str(DRAIN_S),
        "POOL_SIZE": "5",
        "LOG_LEVEL": "warning",
        "PUSHES_PER_S": "100000",
        "PUSH_BURST": "100000",
        "LIMITS_SCALE": "1000",
    }
    both = ServerProcess(tmp_path, settings), ServerProcess(tmp_path, settings)
    async with at_work(*both):
        yield both


async def test_a_rolling_restart_under_load_loses_nothing(
    nodes: tuple[ServerProcess, ServerProcess],
) -> None:
    async with balanced([node.port for node in nodes]) as url:
        people = [await register(url, f"person-{at}") for at in range(SENDERS + LISTENERS)]
        founder, *others = people
        group = await founder.post(
            "/api/conversations",
            {"kind": "group", "alias": "Crowd", "user_ids": [person.id for person in others]},
        )
        senders = [
            Sender(person, f"sender-{at}", group["id"])
            for at, person in enumerate(people[:SENDERS])
        ]
        listeners = [Listener(person, group["id"]) for person in people[SENDERS:]]
        async with asyncio.TaskGroup() as tasks:
            listening = [tasks.create_task(listener.run()) for listener in listeners]
            # One that is refused raises, and so ends the test.
            sending = [tasks.create_task(sender.run()) for sender in senders]
            for node in nodes:
                await _until_sent(senders, SENDS_BETWEEN)
                begun = time.monotonic()
                await node.stop()
                assert time.monotonic() - begun < 20
                assert node.status == 0
                await _until_sent(senders, SENDS_BETWEEN)
                await node.start()
            await _until_sent(senders, SENDS_BETWEEN)
            for sender in senders:
                sender.is_stopping = True
            await asyncio.gather(*sending)
            stored = await history(founder, group["id"])
            await until(
                lambda: all(len(each.messages) >= len(stored) for each in listeners),
                within_s=20,
                what="everybody holds everything",
            )
            for task in listening:
                task.cancel()
    acknowledged = {ref: seen for sender in senders for ref, seen in sender.acknowledged.items()}
    assert check(acknowledged, stored, {each.person.id: each.held for each in listeners}) == []


async def test_people_are_sent_elsewhere_one_after_the_other(
    nodes: tuple[ServerProcess, ServerProcess],
) -> None:
    leaving, _ = nodes
    ana = await register(leaving.url, "ana")
    async with AsyncExitStack() as closing:
        onlookers = [await Channel.join(ana, f"user:{ana.id}", {}) for _ in range(ONLOOKERS)]
        gone: list[float] = []

        async def watch(channel: Channel) -> None:
            await channel.listen(lambda _event, _payload: None)
            gone.append(time.monotonic())

        watching = [asyncio.create_task(watch(channel)) for channel in onlookers]
        for channel in onlookers:
            closing.push_async_callback(channel.close)
        stopping = asyncio.create_task(leaving.stop())
        await asyncio.gather(*watching)
        await stopping
    assert {channel.close_code for channel in onlookers} == {1012}
    assert max(gone) - min(gone) > DRAIN_S / 2


async def test_socket_io_clients_come_back_by_themselves(
    nodes: tuple[ServerProcess, ServerProcess],
) -> None:
    async with (
        balanced([node.port for node in nodes]) as url,
        socketio_client(reconnection_delay=0.1, reconnection_delay_max=1) as client,
    ):
        ana = await register(url, "ana")
        comings: list[float] = []
        client.on("connect", lambda: comings.append(time.monotonic()))
        await client.connect(url, auth={"token": ana.token}, transports=["websocket"])
        for node in nodes:
            await node.stop()
            await until(lambda: client.connected, within_s=20, what="it came back")
            await node.start()
        assert len(comings) > 1


async def _until_sent(senders: list[Sender], more: int) -> None:
    goal = _sent(senders) + more
    await until(lambda: _sent(senders) >= goal, within_s=60, what=f"{goal} sends acknowledged")


def _sent(senders: list[Sender]) -> int:
    return sum(len(sender.acknowledged) for sender in senders)
