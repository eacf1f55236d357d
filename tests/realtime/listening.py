"""Listeners without a network: a connection that writes down what happens to it, and a dialect."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from uuid import UUID

from tertulia.core.events import Event
from tertulia.core.model import Actor
from tertulia.realtime.connection import Connection
from tertulia.realtime.frames import Batch
from tertulia.realtime.hub import Hub
from tertulia.realtime.topic import Topic
from tests.realtime.facts import ANA, SESSION


class TerseDialect:
    """Words an event as its name and seq, and counts how often it is asked."""

    def __init__(self) -> None:
        self.asked = 0

    def word(self, topic: Topic, event: Event) -> Sequence[bytes]:
        """Word an event."""
        del topic
        self.asked += 1
        seq = getattr(event, "seq", None)
        name = type(event).__name__
        return (name.encode() if seq is None else f"{name} {seq}".encode(),)


class RecordingHandler:
    """A gateway that writes down what it is told."""

    def __init__(self, log: list[str]) -> None:
        self._log = log

    def received(self, text: str) -> None:
        """Write down a message."""
        self._log.append(f"received {text}")

    def was_cut(self, topic: Topic) -> None:
        """Write down a cut."""
        self._log.append(f"cut {type(topic).__name__}")

    def closed(self) -> None:
        """Write down the end."""
        self._log.append("closed")


class RecordingConnection(Connection):
    """`log` has every message, cut and close in order; `writes` the messages of each write."""

    def __init__(
        self,
        dialect: TerseDialect | None = None,
        account_id: UUID = ANA,
        session_id: UUID = SESSION,
    ) -> None:
        actor = Actor(account_id=account_id, session_id=session_id)
        super().__init__(actor, dialect or TerseDialect())
        self.log: list[str] = []
        self.writes: list[list[str]] = []
        self.ticks = 0
        self.handler = RecordingHandler(self.log)

    def send(self, payload: bytes) -> None:
        """Write down a message of its own."""
        self._write([payload.decode()])

    def deliver(self, batches: Sequence[Batch]) -> None:
        """Write down messages that came together."""
        self._write([text.decode() for batch in batches for text in batch.payloads])

    def close(self, code: int, reason: str) -> None:
        """Write down a close."""
        self.log.append(f"close {code} {reason}")

    def tick(self) -> None:
        """Count a tick."""
        self.ticks += 1

    def _write(self, texts: list[str]) -> None:
        self.writes.append(texts)
        self.log.extend(texts)


async def end_of_turn() -> None:
    """Let what was gathered during this turn of the event loop be written."""
    await asyncio.sleep(0)
    await asyncio.sleep(0)


def listening(hub: Hub, topic: Topic, after_seq: int | None = 2) -> RecordingConnection:
    """Return somebody who listens; who is given no seq is still reading what they begin with."""
    connection = RecordingConnection(TerseDialect())
    hub.attach(connection)
    subscription = hub.subscribe(connection, topic)
    if after_seq is not None:
        subscription.open(after_seq)
    return connection
