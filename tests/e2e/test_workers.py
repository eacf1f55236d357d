"""`tertulia serve --workers`: several processes behind one address, as if they were one."""

from __future__ import annotations

import asyncio
import os
import signal
import time
from contextlib import AsyncExitStack, suppress
from pathlib import Path
from typing import TYPE_CHECKING

import httpx
import pytest

from tests.e2e.checker import check
from tests.e2e.people import Listener, Sender, history, register
from tests.e2e.server_process import ServerProcess
from tests.e2e.socketio_client import socketio_client
from tests.waiting import until

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

WORKERS = 3
PATIENCE_S = 60.0

pytestmark = pytest.mark.timeout(240)


@pytest.fixture
async def server(tmp_path: Path, postgres_url: str, redis_url: str) -> AsyncIterator[ServerProcess]:
    """Return a server of several processes."""
    settings = {
        "DATABASE_URL": postgres_url,
        "REDIS_URL": redis_url,
        "DRAIN_S": "1",
        "POOL_SIZE": "5",
        "LOG_LEVEL": "warning",
        "PUSHES_PER_S": "100000",
        "PUSH_BURST": "100000",
        "LIMITS_SCALE": "1000",
    }
    server = ServerProcess(tmp_path, settings, arguments=("--workers", str(WORKERS)))
    await server.start()
    yield server
    left = _workers_of(server)
    await server.kill()
    for pid in left:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)


async def test_a_worker_that_dies_is_replaced_and_nothing_is_lost(server: ServerProcess) -> None:
    await until(lambda: len(_workers_of(server)) == WORKERS, within_s=PATIENCE_S, what="all began")
    people = [await register(server.url, f"person-{at}") for at in range(6)]
    founder, *others = people
    group = await founder.post(
        "/api/conversations",
        {"kind": "group", "alias": "Crowd", "user_ids": [person.id for person in others]},
    )
    senders = [Sender(person, person.id, group["id"]) for person in people[:3]]
    listeners = [Listener(person, group["id"]) for person in people[3:]]
    async with asyncio.TaskGroup() as tasks:
        listening = [tasks.create_task(listener.run()) for listener in listeners]
        sending = [tasks.create_task(sender.run()) for sender in senders]
        await _until_sent(senders, 60)
        first = _workers_of(server)
        os.kill(min(first), signal.SIGKILL)
        await _until_sent(senders, 60)
        await until(
            lambda: len(_workers_of(server)) == WORKERS and _workers_of(server) != first,
            within_s=PATIENCE_S,
            what="another one began",
        )
        await _until_sent(senders, 60)
        for sender in senders:
            sender.is_stopping = True
        await asyncio.gather(*sending)
        stored = await history(founder, group["id"])
        await until(
            lambda: all(len(each.messages) >= len(stored) for each in listeners),
            within_s=PATIENCE_S,
            what="everybody holds everything",
        )
        for task in listening:
            task.cancel()
    acknowledged = {ref: seen for sender in senders for ref, seen in sender.acknowledged.items()}
    assert check(acknowledged, stored, {each.person.id: each.held for each in listeners}) == []


async def test_who_polls_meets_the_worker_that_has_the_session(server: ServerProcess) -> None:
    ana, bea = await register(server.url, "ana"), await register(server.url, "bea")
    chat = await ana.post(
        "/api/conversations", {"kind": "group", "alias": "Us", "user_ids": [bea.id]}
    )
    heard: list[str] = []
    # Each has several connections, and so meets several workers. Half of them stay with polling;
    # the others try to come up to a WebSocket, which works where it meets the right one.
    clients = 6
    async with AsyncExitStack() as closing:
        for at in range(clients):
            client = await closing.enter_async_context(socketio_client(reconnection=False))
            transports = ["polling"] if at % 2 else None
            client.on("message", lambda said: heard.append(said["message"]["text"]))
            await client.connect(server.url, auth={"token": bea.token}, transports=transports)
            answer = await client.call("join_room", {"room": chat["id"]}, timeout=30)
            assert answer["ok"], answer
        for at in range(5):
            path = f"/api/conversations/{chat['id']}/messages"
            await ana.post(path, {"content": str(at)})
        await until(
            lambda: sorted(heard) == sorted("01234" * clients),
            within_s=PATIENCE_S,
            what="everybody heard everything",
        )


async def test_they_end_together(server: ServerProcess) -> None:
    await until(lambda: len(_workers_of(server)) == WORKERS, within_s=PATIENCE_S, what="all began")
    workers = _workers_of(server)
    begun = time.monotonic()
    await server.stop()
    assert time.monotonic() - begun < 20
    assert server.status == 0
    assert not any(map(_lives, workers))


async def test_none_outlives_the_process_that_began_them(server: ServerProcess) -> None:
    await until(lambda: len(_workers_of(server)) == WORKERS, within_s=PATIENCE_S, what="all began")
    workers = _workers_of(server)
    await server.kill()
    await until(
        lambda: not any(map(_lives, workers)), within_s=PATIENCE_S, what="the workers have ended"
    )
    async with httpx.AsyncClient() as http:
        with pytest.raises(httpx.ConnectError):
            await http.get(server.url)


def _workers_of(server: ServerProcess) -> set[int]:
    with suppress(FileNotFoundError):
        children = Path(f"/proc/{server.pid}/task/{server.pid}/children").read_text().split()
        return {int(each) for each in children}
    return set()


def _lives(pid: int) -> bool:
    try:
        # One that has ended and whose parent is gone may be a zombie for a moment.
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


async def _until_sent(senders: list[Sender], more: int) -> None:
    goal = _sent(senders) + more
    await until(
        lambda: _sent(senders) >= goal, within_s=PATIENCE_S, what=f"{goal} sends acknowledged"
    )


def _sent(senders: list[Sender]) -> int:
    return sum(len(sender.acknowledged) for sender in senders)
