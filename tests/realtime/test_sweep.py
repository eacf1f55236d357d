"""What was lost on the way to a node is found again, though the database was away at first."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from types import SimpleNamespace
from typing import TYPE_CHECKING

import pytest

from tertulia.core.errors import Unavailable
from tertulia.core.recovery import Recovered
from tertulia.realtime import sweep as module
from tertulia.realtime.broker_memory import MemoryBroker
from tertulia.realtime.hub import Hub
from tertulia.realtime.sweep import Sweep
from tertulia.realtime.topic import ConversationTopic
from tests.realtime.facts import CHAT, sent
from tests.realtime.listening import RecordingConnection, TerseDialect, end_of_turn
from tests.waiting import until

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Collection
    from uuid import UUID


class Past:
    """A database in which the conversation is at `head`, and which fails as it is told to first."""

    def __init__(self, head: int, *failures: Exception) -> None:
        self._head = head
        self._failures = list(failures)

    @asynccontextmanager
    async def read(self) -> AsyncIterator[SimpleNamespace]:
        if self._failures:
            raise self._failures.pop(0)
        yield SimpleNamespace(conversations=self)

    async def heads(self, conversation_ids: Collection[UUID]) -> dict[UUID, int]:
        return dict.fromkeys(conversation_ids, self._head)

    async def since(self, _conversation_id: UUID, since: int, up_to: int) -> Recovered:
        return Recovered(tuple(sent(seq) for seq in range(since + 1, up_to + 1)), up_to)


@pytest.fixture
def hub(monkeypatch: pytest.MonkeyPatch) -> Hub:
    """Return a node that looks at once what is missing, and then waits long for it."""
    monkeypatch.setattr("tertulia.realtime.holes.HOLE_S", 0)
    monkeypatch.setattr("tertulia.realtime.holes.LOOK_S", 3600)
    monkeypatch.setattr(module, "GRACE_S", 0)
    return Hub(MemoryBroker(), slow_listener_bytes=1 << 20)


def _sweep(hub: Hub, past: Past) -> Sweep:
    sweep = Sweep(hub, past, past, period_s=3600)  # type: ignore[arg-type]
    hub.holes.look_up = sweep.soon
    return sweep


def _listener(hub: Hub) -> RecordingConnection:
    connection = RecordingConnection(TerseDialect())
    hub.attach(connection)
    hub.subscribe(connection, ConversationTopic(CHAT)).open(2)
    return connection


async def test_what_is_missing_is_looked_up_though_the_database_was_away_at_first(
    hub: Hub, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "FIRST_BACKOFF_S", 0)
    listener = _listener(hub)
    sweep = _sweep(hub, Past(4, *[Unavailable("Not now.")] * 2))
    running = asyncio.create_task(sweep.run())
    try:
        hub.publish([sent(4)])
        await until(lambda: bool(listener.log), within_s=10, what="what was missing")
    finally:
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
    assert listener.log == ["MessageSent 3", "MessageSent 4"]


async def test_after_a_look_what_is_still_missing_is_waited_for_no_longer(hub: Hub) -> None:
    listener = _listener(hub)
    sweep = _sweep(hub, Past(2))
    hub.publish([sent(4)])
    for _ in range(4):
        await end_of_turn()
    assert listener.log == []
    await sweep.look()
    assert listener.log == ["MessageSent 4"]


async def test_a_look_that_failed_says_nothing_of_what_is_missing(hub: Hub) -> None:
    listener = _listener(hub)
    sweep = _sweep(hub, Past(2, Unavailable("Not now.")))
    hub.publish([sent(4)])
    for _ in range(4):
        await end_of_turn()
    with pytest.raises(Unavailable):
        await sweep.look()
    assert listener.log == []
