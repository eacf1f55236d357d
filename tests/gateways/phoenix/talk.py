"""A Phoenix client for tests, which says exactly what it is told to and keeps all that it hears."""

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

Frame = list[Any]


class Talk:
    """One open socket in version 2 of the wire. Frames that nobody waited for are kept."""

    def __init__(self, socket: ClientConnection) -> None:
        self.socket = socket
        self._heard: list[Frame] = []
        self._refs = itertools.count(1)
        self._joins: dict[str, str] = {}

    def join_ref(self, topic: str) -> str:
        """Return under which ref a topic was last joined."""
        return self._joins[topic]

    async def say(self, *frame: object) -> None:
        """Send join_ref, ref, topic, event and payload as they are."""
        await self.socket.send(json.dumps(frame))

    async def join(self, topic: str, payload: object = None) -> Any:
        """Join a topic that lets one in, and return the response."""
        status, response = await self.try_join(topic, payload)
        assert status == "ok", response
        return response

    async def try_join(self, topic: str, payload: object = None) -> tuple[str, Any]:
        """Ask to join and return status and response."""
        ref = self._joins[topic] = str(next(self._refs))
        await self.say(ref, ref, topic, "phx_join", {} if payload is None else payload)
        return await self.reply(ref)

    async def push(self, topic: str, event: str, payload: object = None) -> tuple[str, Any]:
        """Push an event and return status and response."""
        ref = str(next(self._refs))
        join_ref = self._joins.get(topic)
        await self.say(join_ref, ref, topic, event, {} if payload is None else payload)
        return await self.reply(ref)

    async def done(self, topic: str, event: str, payload: object = None) -> Any:
        """Push an event that is granted, and return the response."""
        status, response = await self.push(topic, event, payload)
        assert status == "ok", response
        return response

    async def refused(self, topic: str, event: str, payload: object = None) -> Any:
        """Push an event that is refused, and return the response."""
        status, response = await self.push(topic, event, payload)
        assert status == "error", response
        return response

    async def reply(self, ref: str) -> tuple[str, Any]:
        """Return status and response of the reply to a push."""
        frame = await self._first(lambda it: it[3] == "phx_reply" and it[1] == ref)
        return frame[4]["status"], frame[4]["response"]

    async def hear(self, topic: str, event: str) -> Any:
        """Return the payload of the next such event on a topic."""
        return (await self.hear_frame(topic, event))[4]

    async def hear_frame(self, topic: str, event: str) -> Frame:
        """Return the next such event on a topic, whole."""
        return await self._first(lambda it: it[2] == topic and it[3] == event)

    async def settle(self) -> list[Frame]:
        """Return everything kept, once the server has answered all that was said before."""
        ref = str(next(self._refs))
        await self.say(None, ref, "phoenix", "heartbeat", {})
        await self.reply(ref)
        heard, self._heard = self._heard, []
        return heard

    async def close_code(self) -> tuple[int, str]:
        """Read on until the server closes; return code and reason."""
        try:
            async with asyncio.timeout(PATIENCE_S):
                while True:
                    self._heard.append(await self._read())
        except ConnectionClosed as closed:
            assert closed.rcvd is not None, "the server closes with a close frame"
            return closed.rcvd.code, closed.rcvd.reason

    async def _first(self, is_wanted: Callable[[Frame], bool]) -> Frame:
        for kept in self._heard:
            if is_wanted(kept):
                self._heard.remove(kept)
                return kept
        async with asyncio.timeout(PATIENCE_S):
            while not is_wanted(frame := await self._read()):
                self._heard.append(frame)
        return frame

    async def _read(self) -> Frame:
        frame: Frame = json.loads(await self.socket.recv())
        return frame


@asynccontextmanager
async def talk(
    town: Town, person: Person, *, query: str = "vsn=2.0.0", **options: Any
) -> AsyncIterator[Talk]:
    """Open a socket for somebody, by the token in the query."""
    async with connect_to(town, f"{query}&token={person.token}", **options) as socket:
        yield Talk(socket)


def connect_to(town: Town, query: str, **options: Any) -> connect:
    """Open a socket with just this query."""
    url = town.url.replace("http", "ws", 1) + f"/socket/websocket?{query}"
    return connect(url, ping_interval=None, **options)
