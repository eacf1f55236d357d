"""A Socket.IO client for tests, which says just what it is told to and keeps all that it hears."""

from __future__ import annotations

import asyncio
import itertools
import json
import re
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from typing import Any

import httpx
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from tests.gateways.conftest import Person, Town

PATIENCE_S = 10.0
SEPARATOR = "\x1e"

_ACK = re.compile(r"43(\d+)(.*)", re.DOTALL)


class Talk:
    """One open WebSocket. Packets that nobody waited for are kept."""

    def __init__(self, socket: ClientConnection) -> None:
        self.socket = socket
        self.kept: list[str] = []
        self._refs = itertools.count(1)

    async def greet(self, auth: object = None) -> str:
        """Say who one is, and return the answer."""
        await self.socket.send("40" if auth is None else f"40{json.dumps(auth)}")
        return await self.packet(lambda it: it.startswith(("40", "44")))

    async def say(self, event: str, payload: object) -> None:
        """Emit an event without asking for an acknowledgement."""
        await self.socket.send(f"42{json.dumps([event, payload])}")

    async def begin(self, event: str, payload: object) -> int:
        """Emit an event, and return under which number it will be acknowledged."""
        ref = next(self._refs)
        await self.socket.send(f"42{ref}{json.dumps([event, payload])}")
        return ref

    async def answer(self, ref: int) -> Any:
        """Return an acknowledgement."""
        found = await self.packet(lambda it: it.startswith(f"43{ref}["))
        matched = _ACK.fullmatch(found)
        assert matched is not None
        (answer,) = json.loads(matched[2])
        return answer

    async def ask(self, event: str, payload: object) -> Any:
        """Emit an event and return its acknowledgement."""
        return await self.answer(await self.begin(event, payload))

    async def done(self, event: str, payload: object) -> Any:
        """Emit an event that is granted, and return its acknowledgement."""
        answer = await self.ask(event, payload)
        assert answer.get("ok") is True, answer
        return answer

    async def refused(self, event: str, payload: object) -> Any:
        """Emit an event that is refused, and return the error."""
        answer = await self.ask(event, payload)
        assert set(answer) == {"error"}, answer
        return answer["error"]

    async def hear(self, event: str) -> Any:
        """Return the payload of the next such event."""
        found = await self.packet(lambda it: it.startswith(f'42["{event}"'))
        return json.loads(found[2:])[1]

    async def settle(self) -> list[tuple[str, Any]]:
        """Return the events kept, once the server has answered all that was said before."""
        await self.ask("leave_room", {"room": "none"})
        kept, self.kept = self.kept, []
        return [tuple(json.loads(text[2:])) for text in kept if text.startswith("42")]

    async def close_code(self) -> int:
        """Read on until the WebSocket closes; return the code."""
        try:
            async with asyncio.timeout(PATIENCE_S):
                while True:
                    self.kept.append(await self._read())
        except ConnectionClosed as closed:
            assert closed.rcvd is not None, "the server closes with a close frame"
            return closed.rcvd.code

    async def packet(self, is_wanted: Callable[[str], bool]) -> str:
        """Return the next packet of this kind."""
        for kept in self.kept:
            if is_wanted(kept):
                self.kept.remove(kept)
                return kept
        async with asyncio.timeout(PATIENCE_S):
            while not is_wanted(text := await self._read()):
                self.kept.append(text)
        return text

    async def _read(self) -> str:
        text = await self.socket.recv()
        assert isinstance(text, str)
        return text


@asynccontextmanager
async def stranger(
    town: Town, query: str = "", headers: Mapping[str, str] | None = None, **options: Any
) -> AsyncIterator[Talk]:
    """Open a WebSocket for somebody who has not said who they are."""
    url = town.url.replace("http", "ws", 1) + f"/socket.io/?EIO=4&transport=websocket{query}"
    async with connect(
        url, ping_interval=None, additional_headers=headers or {}, **options
    ) as socket:
        yield Talk(socket)


@asynccontextmanager
async def talk(town: Town, person: Person, *rooms: str, **options: Any) -> AsyncIterator[Talk]:
    """Open a WebSocket for somebody, by token, who joins these rooms."""
    async with stranger(town, **options) as talk:
        assert (await talk.greet({"token": person.token})).startswith("40")
        for room in rooms:
            await talk.done("join_room", {"room": room})
        yield talk


class Poller:
    """One session that is polled, by requests that are made one by one."""

    def __init__(self, http: httpx.AsyncClient) -> None:
        self.http = http
        self.query = {"EIO": "4", "transport": "polling"}

    async def open(self) -> dict[str, Any]:
        """Begin the session, and return what the server says of it."""
        (packet,) = await self.poll()
        opened: dict[str, Any] = json.loads(packet[1:])
        self.query["sid"] = opened["sid"]
        return opened

    async def poll(self) -> list[str]:
        """Return what is said next."""
        answer = await self.http.get("/socket.io/", params=self.query)
        answer.raise_for_status()
        return answer.text.split(SEPARATOR)

    async def post(self, *packets: str | bytes) -> httpx.Response:
        """Say something."""
        body = SEPARATOR.encode().join(
            each if isinstance(each, bytes) else each.encode() for each in packets
        )
        return await self.http.post("/socket.io/", params=self.query, content=body)

    async def greet(self, auth: object = None) -> str:
        """Say who one is, and return the answer."""
        await self.post("40" if auth is None else f"40{json.dumps(auth)}")
        (packet,) = await self.poll()
        return packet
