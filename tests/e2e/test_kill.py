"""kill -9 under load: nothing acknowledged is lost, doubled or out of order, and all converge."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest

from tests.e2e.checker import check
from tests.e2e.forge import Forge
from tests.e2e.people import Listener, Sender, history, register
from tests.e2e.server_process import ServerProcess
from tests.waiting import until

if TYPE_CHECKING:
    from pathlib import Path

SENDERS = 20
LISTENERS = 3
KILLS = 10
SENDS_BETWEEN_KILLS = 200


@pytest.mark.timeout(300)
async def test_ten_kills_under_load_lose_nothing_that_was_acknowledged(
    tmp_path: Path, ground: dict[str, str], forge: Forge
) -> None:
    # Far more pushes than a person makes: the flood limit is not what is tested here.
    unhurried = {"PUSHES_PER_S": "100000", "PUSH_BURST": "100000", "LIMITS_SCALE": "1000"}
    server = ServerProcess(tmp_path, {**ground, **unhurried}, forge=forge)
    await server.start()
    try:
        people = [
            await register(server.url, f"person-{number}") for number in range(SENDERS + LISTENERS)
        ]
        founder, *others = people
        group = await founder.post(
            "/api/conversations",
            {"kind": "group", "alias": "Crowd", "user_ids": [person.id for person in others]},
        )
        senders = [
            Sender(person, f"sender-{number}", group["id"])
            for number, person in enumerate(people[:SENDERS])
        ]
        listeners = [Listener(person, group["id"]) for person in people[SENDERS:]]
        async with asyncio.TaskGroup() as tasks:
            listening = [tasks.create_task(listener.run()) for listener in listeners]
            sending = [tasks.create_task(sender.run()) for sender in senders]
            for _ in range(KILLS):
                await _until_sent(senders, SENDS_BETWEEN_KILLS)
                await server.kill()
                await server.start()
            await _until_sent(senders, SENDS_BETWEEN_KILLS)
            for sender in senders:
                sender.is_stopping = True
            await asyncio.gather(*sending)
            stored = await history(founder, group["id"])
            await _until_held(listeners, len(stored))
            for task in listening:
                task.cancel()

        acknowledged = {
            ref: seen for sender in senders for ref, seen in sender.acknowledged.items()
        }
        assert len(acknowledged) >= SENDS_BETWEEN_KILLS * (KILLS + 1)
        held = {listener.person.id: listener.held for listener in listeners}
        assert check(acknowledged, stored, held) == []
    finally:
        await server.stop()


async def _until_sent(senders: list[Sender], more: int) -> None:
    goal = _sent(senders) + more
    await until(lambda: _sent(senders) >= goal, within_s=60, what=f"{goal} sends acknowledged")


async def _until_held(listeners: list[Listener], count: int) -> None:
    await until(
        lambda: all(len(listener.messages) >= count for listener in listeners),
        within_s=10,
        what=f"every listener holds {count} messages",
    )


def _sent(senders: list[Sender]) -> int:
    return sum(len(sender.acknowledged) for sender in senders)
