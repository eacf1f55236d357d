"""A client for tests, which says exactly what it is told to and keeps all that it hears."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from tests.gateways.conftest import Person, Town

PATIENCE_S = 10.0

Said = dict[str, Any]
Heard = Said | bytes


class Talk:
    """One open socket in a voice channel. What nobody waited for is kept."""

    def __init__(self, socket: ClientConnection) -> None:
        self.socket = socket
        self.welcome: Said = {}
        self._heard: list[Heard] = []

    @property
    def session(self) -> str:
        """What the others address one by."""
        session: str = self.welcome["payload"]["session"]
        return session

    async def say(self, kind: str, **payload: object) -> None:
        """Send something, and do not wait for what comes of it."""
        await self.socket.send(json.dumps({"type": kind, "payload": payload}))

    async def refused(self, kind: str, **payload: object) -> Said:
        """Send something that is refused, and return what is said of it."""
        await self.say(kind, **payload)
        refusal: Said = (await self.hear("error"))["payload"]
        return refusal

    async def hear(self, kind: str) -> Said:
        """Return the next frame of a type."""
        found = await self._first(lambda it: not isinstance(it, bytes) and it["type"] == kind)
        assert not isinstance(found, bytes)
        return found

    async def sound(self) -> bytes:
        """Return the next piece of sound."""
        found = await self._first(lambda it: isinstance(it, bytes))
        assert isinstance(found, bytes)
        return found

    async def settle(self) -> list[Heard]:
        """Return everything kept, once the server has done all that was asked for before."""
        await self.refused("settle")
        heard, self._heard = self._heard, []
        return heard

    async def close_code(self) -> int:
        """Read on until the server closes; return the code."""
        try:
            async with asyncio.timeout(PATIENCE_S):
                while True:
                    self._heard.append(await self._read())
        except ConnectionClosed as closed:
            assert closed.rcvd is not None, "the server closes with a close frame"
            return closed.rcvd.code

    async def _first(self, is_wanted: Callable[[Heard], bool]) -> Heard:
        for kept in self._heard:
            if is_wanted(kept):
                self._heard.remove(kept)
                return kept
        async with asyncio.timeout(PATIENCE_S):
            while not is_wanted(heard := await self._read()):
                self._heard.append(heard)
        return heard

    async def _read(self) -> Heard:
        received = await self.socket.recv()
        if isinstance(received, bytes):
            return received
        said: Said = json.loads(received)
        return said


@asynccontextmanager
async def voice(
    town: Town, person: Person, place: str, *, query: str = "", **options: Any
) -> AsyncIterator[Talk]:
    """Open a socket for somebody who is let in, and wait until they are told who is there."""
    async with connect_to(town, f"{place}?token={person.token}{query}", **options) as socket:
        talk = Talk(socket)
        talk.welcome = await talk.hear("participants_list")
        yield talk


async def turned_away(
    town: Town, person: Person | None, place: str, **options: Any
) -> tuple[Said, int]:
    """Open a socket that is refused; return what is said of it, and the code of its closing."""
    query = f"?token={person.token}" if person else ""
    async with connect_to(town, place + query, **options) as socket:
        talk = Talk(socket)
        error = await talk.hear("error")
        return error, await talk.close_code()


def connect_to(town: Town, place: str, **options: Any) -> connect:
    """Open a socket at just this address."""
    return connect(town.url.replace("http", "ws", 1) + place, ping_interval=None, **options)
