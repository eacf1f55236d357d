"""A client for tests, which says exactly what it is told to and keeps all that it hears."""

from __future__ import annotations

import asyncio
import itertools
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from tests.gateways.conftest import Person, Town

PATIENCE_S = 10.0

Event = dict[str, Any]


class Talk:
    """One open socket. Events that nobody waited for are kept."""

    def __init__(self, socket: ClientConnection) -> None:
        self.socket = socket
        self._heard: list[Event] = []
        self._requests = itertools.count(1)

    async def say(self, kind: str, **fields: object) -> None:
        """Send a message of this type, and do not wait for what comes of it."""
        await self.socket.send(json.dumps({"type": kind, **fields}))

    async def ask(self, kind: str, **fields: object) -> Event:
        """Send a message and return its answer, a refusal too."""
        request_id = str(next(self._requests))
        await self.say(kind, requestId=request_id, **fields)
        return await self._first(lambda event: event.get("requestId") == request_id)

    async def done(self, kind: str, **fields: object) -> Event:
        """Send a message that is granted, and return its answer."""
        answer = await self.ask(kind, **fields)
        assert answer["type"] != "error", answer
        return answer

    async def refused(self, kind: str, **fields: object) -> str:
        """Send a message that is refused, and return the code."""
        answer = await self.ask(kind, **fields)
        assert answer["type"] == "error", answer
        code: str = answer["code"]
        return code

    async def hear(self, kind: str) -> Event:
        """Return the next event of a type."""
        return await self._first(lambda event: event["type"] == kind)

    async def settle(self) -> list[Event]:
        """Return everything kept, once the server has done all that was asked for before."""
        await self.done("ping")
        heard, self._heard = self._heard, []
        return heard

    async def close_code(self) -> int:
        """Read on until the server closes."""
        try:
            async with asyncio.timeout(PATIENCE_S):
                while True:
                    self._heard.append(await self._read())
        except ConnectionClosed as closed:
            assert closed.rcvd is not None, "the server closes with a close frame"
            return closed.rcvd.code

    async def _first(self, is_wanted: Callable[[Event], bool]) -> Event:
        for kept in self._heard:
            if is_wanted(kept):
                self._heard.remove(kept)
                return kept
        async with asyncio.timeout(PATIENCE_S):
            while not is_wanted(event := await self._read()):
                self._heard.append(event)
        return event

    async def _read(self) -> Event:
        event: Event = json.loads(await self.socket.recv())
        return event


@asynccontextmanager
async def talk(town: Town, person: Person, *channels: str, **options: Any) -> AsyncIterator[Talk]:
    """Open a socket for somebody who is let in, and join these channels."""
    async with connect_to(town, f"?token={person.token}", **options) as socket:
        opened = Talk(socket)
        assert (await opened.hear("connection_established"))["userId"] == person.id
        for channel in channels:
            await opened.done("join_channel", channelId=channel)
        yield opened


def connect_to(town: Town, query: str = "", **options: Any) -> connect:
    """Open a socket with just this query."""
    return connect(f"{town.url.replace('http', 'ws', 1)}/ws{query}", ping_interval=None, **options)
