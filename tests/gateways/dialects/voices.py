"""One person in one conversation, who speaks one dialect and writes down what is heard in it.

What is heard is put into the same words for all dialects, so that it can be compared.
"""

from __future__ import annotations

import asyncio
from abc import ABC, abstractmethod
from collections.abc import AsyncIterable, AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from typing import Any, Literal

from websockets.exceptions import ConnectionClosed

from tests.gateways.conftest import Person, Town
from tests.waiting import until

Act = Literal["sent", "edited", "deleted", "reacted", "typed"]


@dataclass(frozen=True)
class Place:
    """The conversation that all of them are in, and who they are."""

    town: Town
    id: str
    number: int
    numbers: dict[str, int]

    def named(self, who: object) -> str | None:
        """Return the name of whoever a dialect means: by their id, number or username."""
        for each in self.town.people:
            names = (each.id, each.name, each.display_name, str(self.numbers[each.id]))
            if str(who) in names:
                return each.name
        return None


@dataclass(frozen=True)
class Message:
    """A message by both of its names: the root one, and its place in its conversation."""

    id: str
    seq: int


@dataclass(frozen=True)
class Heard:
    """One act as somebody was told of it; `message` is what the dialect calls it.

    `who` is None where the dialect does not say who did it, since only the author can have.
    """

    act: Act
    who: str | None = None
    text: str = ""
    message: str = ""

    def is_of(self, message: Message) -> bool:
        """Whether it happened to this message."""
        return self.message in (message.id, str(message.seq))


class Voice(ABC):
    """Somebody's way to talk; made by `open`, which ends it too.

    One that `is_live` hears of what does not last. It is `gone` once it can hear no more.
    """

    is_live = True

    def __init__(self, place: Place, person: Person) -> None:
        self.place = place
        self.person = person
        self.heard: list[Heard] = []
        self.texts: set[str] = set()
        self.gone = asyncio.Event()

    @classmethod
    @abstractmethod
    def open(cls, place: Place, person: Person) -> Any:
        """Come in, as an asynchronous context manager; from then on all is heard."""

    @abstractmethod
    async def send(self, text: str, client_ref: str) -> None:
        """Send a message."""

    @abstractmethod
    async def edit(self, message: Message, text: str) -> None:
        """Give a message another text."""

    @abstractmethod
    async def delete(self, message: Message) -> None:
        """Delete a message."""

    @abstractmethod
    async def react(self, message: Message, emoji: str) -> None:
        """React to a message."""

    @abstractmethod
    async def type(self) -> None:
        """Be seen typing."""

    def hear(self, act: Act, *, who: object = None, text: str = "", message: object = "") -> None:
        """Write down an act."""
        name = None if who is None else self.place.named(who)
        self.heard.append(Heard(act, name, text, str(message)))
        self.texts.add(text)

    async def has_heard(self, text: str, within_s: float) -> None:
        """Return once something of this text has been heard; EOFError where nothing more is."""
        await until(lambda: text in self.texts or self.gone.is_set(), within_s=within_s, what=text)
        if text not in self.texts:
            raise EOFError(text)


@asynccontextmanager
async def listening(
    frames: AsyncIterable[Any], take: Callable[[Any], None], gone: asyncio.Event
) -> AsyncIterator[None]:
    """Hand every frame to `take` while the block lasts; set `gone` when there are no more."""

    async def listen() -> None:
        try:
            async for frame in frames:
                take(frame)
        except ConnectionClosed:
            pass
        finally:
            gone.set()

    task = asyncio.create_task(listen())
    try:
        yield
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task
