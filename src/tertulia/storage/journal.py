"""The journal: all sends that arrive while a commit is running are written by the next one.

A single task writes, batch after batch, and exists only while there is something to write. Nothing
is answered before it is durable. Two bounds hold: a batch takes at most `max_batch` drafts, or
fewer where these are sealed for many people, and at most `max_waiting` wait for one; a send beyond
that is refused with Unavailable at once, since a client that repeats it later does better than one
that waits in a line without end.
"""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from tertulia.core import ports
from tertulia.core.errors import Refusal, Unavailable
from tertulia.core.events import MessageSent, SealedSent
from tertulia.core.message import Message, without_copy
from tertulia.storage.journal_doubts import Doubts
from tertulia.storage.outages import outages_refused
from tertulia.storage.stores import announce

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from tertulia.core.events import Event
    from tertulia.core.message import Draft
    from tertulia.core.ports import Clock, Publish
    from tertulia.storage.journal_batch import Settled

log = logging.getLogger(__name__)

MAX_COPIES = 5000
"""Of a batch, but for those of its last draft: everybody waits until a batch is written."""


class BatchWriter(Protocol):
    """A database's way to store many messages by one commit."""

    async def write(self, drafts: Sequence[Draft], now: datetime) -> Settled:
        """Settle and store a batch in one transaction, and return once it is durable."""

    async def close(self) -> None:
        """Let go of the database."""


@dataclass(slots=True)
class _Waiting:
    draft: Draft
    answer: asyncio.Future[Message]


class Journal(ports.Journal):
    """Group commit over a BatchWriter."""

    def __init__(
        self,
        writer: BatchWriter,
        publish: Publish,
        clock: Clock,
        *,
        max_batch: int = 512,
        max_waiting: int = 16_384,
    ) -> None:
        self._writer = writer
        self._publish = publish
        self._clock = clock
        self._max_batch = max_batch
        self._max_waiting = max_waiting
        self._waiting: deque[_Waiting] = deque()
        self._writing: asyncio.Task[None] | None = None
        self._is_closed = False
        self._doubts = Doubts()

    async def append(self, draft: Draft) -> Message:
        """Store a message; see the port.

        Besides, Unavailable when too many wait or the database is out of reach. A draft handed in
        is written even if its sender is cancelled while waiting.
        """
        if self._is_closed or len(self._waiting) >= self._max_waiting:
            raise Unavailable("The server cannot take more messages at the moment.")
        waiting = _Waiting(draft, asyncio.get_running_loop().create_future())
        self._waiting.append(waiting)
        if self._writing is None:
            self._writing = asyncio.create_task(self._write_all())
        return await waiting.answer

    async def close(self) -> None:
        """Write what is waiting, take no more, and let go of the database.

        What waits behind a batch that an outage refused is refused with it.
        """
        if self._is_closed:
            return
        self._is_closed = True
        if self._writing is not None:
            await self._writing
        await self._writer.close()

    async def _write_all(self) -> None:
        try:
            while self._waiting:
                await self._write(self._next_batch())
        finally:
            self._writing = None

    def _next_batch(self) -> list[_Waiting]:
        batch: list[_Waiting] = []
        copies = 0
        while self._waiting and len(batch) < self._max_batch and copies < MAX_COPIES:
            waiting = self._waiting.popleft()
            batch.append(waiting)
            if waiting.draft.copies is not None:
                copies += len(waiting.draft.copies)
        return batch

    async def _write(self, batch: Sequence[_Waiting]) -> None:
        drafts, now = [waiting.draft for waiting in batch], self._clock()
        try:
            with outages_refused():
                settled = await self._writer.write(drafts, now)
        except Unavailable as outage:
            self._doubts.add(drafts, now)
            for waiting in batch:
                _refuse(waiting, outage)
            while self._is_closed and self._waiting:
                # Who ends does not wait for an outage again, for one batch after the other.
                _refuse(self._waiting.popleft(), outage)
            return
        except Exception as error:
            await self._write_apart(batch, error)
            return
        untold = (*self._doubts.untold(drafts, settled), *settled.fresh)
        announce(self._publish, [_told(message, settled) for message in untold])
        for waiting, outcome in zip(batch, settled.outcomes, strict=True):
            if isinstance(outcome, Refusal):
                _refuse(waiting, outcome)
            elif not waiting.answer.done():
                waiting.answer.set_result(outcome)

    async def _write_apart(self, batch: Sequence[_Waiting], error: Exception) -> None:
        """Find the one that the database cannot take, so that it fails alone; this is a bug."""
        if len(batch) == 1:
            _refuse(batch[0], error)
            return
        for waiting in batch:
            await self._write([waiting])


def _told(message: Message, settled: Settled) -> Event:
    if message.copy is None:
        return MessageSent(
            conversation_id=message.conversation_id,
            seq=message.seq,
            message=message,
            sender=settled.senders[message.conversation_id, message.sender_id],
        )
    return SealedSent(
        conversation_id=message.conversation_id,
        seq=message.seq,
        message=without_copy(message),
        copies=settled.copies[message.id],
    )


def _refuse(waiting: _Waiting, error: Exception) -> None:
    if not waiting.answer.done():
        waiting.answer.set_exception(error)
