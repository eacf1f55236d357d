"""What the people of a town have waiting, under a clock that stands still."""

from __future__ import annotations

from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from tertulia.adapters.limits_memory import LimitsInMemory
from tertulia.core.scheduling import Scheduling
from tests.core.door import Clock

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from typing import Any
    from uuid import UUID

    from tertulia.core.message import Message
    from tertulia.core.model import Actor
    from tertulia.core.scheduled import Scheduled
    from tests.core.town import Town

HOUR = timedelta(hours=1)


class Failing:
    """Messages that fail as they are told to before they go the usual way."""

    def __init__(self, town: Town) -> None:
        self.town = town
        self.failures: list[Exception] = []
        self.sent = 0

    async def send(self, *args: Any, **kwargs: Any) -> Message:
        if self.failures:
            raise self.failures.pop(0)
        self.sent += 1
        return await self.town.core.messages.send(*args, **kwargs)


@dataclass
class Diary:
    """What keeps messages until their time, over a town whose clock stands still."""

    town: Town
    clock: Clock
    messages: Failing
    scheduling: Scheduling
    ana: Actor
    bea: Actor
    conversation_id: UUID

    async def schedule(self, body: str = "Good morning", **changes: Any) -> Scheduled:
        usual = {"due_at": self.clock() + HOUR}
        return await self.scheduling.schedule(
            self.ana, self.conversation_id, body, **{**usual, **changes}
        )

    async def wait(self, by: timedelta = HOUR) -> int:
        self.clock.advance(by)
        return await self.scheduling.send_due()

    async def bodies(self) -> list[str | None]:
        history = await self.town.history(self.ana, self.conversation_id)
        return [message.body for message in history]

    async def waiting(self) -> list[Scheduled]:
        return list(await self.scheduling.waiting(self.ana))


@asynccontextmanager
async def open_diary(town: Town) -> AsyncIterator[Diary]:
    """Have nothing of earlier tests wait, and begin a private chat."""
    ana, bea = town.actors[:2]
    clock, messages = Clock(), Failing(town)
    scheduling = Scheduling(
        town.storage,
        messages,  # type: ignore[arg-type]
        LimitsInMemory(scale=1000),
        clock,
        max_body_chars=100,
    )
    conversation_id = await town.private(ana, bea)
    yield Diary(town, clock, messages, scheduling, ana, bea, conversation_id)
    async with town.storage.begin() as work:
        for actor in town.actors:
            await work.scheduled.drop_all(actor.account_id)
