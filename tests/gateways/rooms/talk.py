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

Event = dict[str, Any]


class Talk:
    """One open socket in a conversation. Events that nobody waited for are kept."""

    def __init__(self, socket: ClientConnection) -> None:
        self.socket = socket
        self.online: list[Event] = []
        self._heard: list[Event] = []

    async def say(self, event_type: str, **fields: object) -> None:
        """Send an event, and do not wait for what comes of it."""
        await self.socket.send(json.dumps({"event_type": event_type, **fields}))

    async def send(self, text: str, **fields: object) -> Event:
        """Send a message and return it as it is heard."""
        await self.say("chat_message", message={"text": text, **fields})
        message: Event = (await self.hear("chat_message"))["message"]
        return message

    async def refused(self, event_type: str, **fields: object) -> Event:
        """Send an event that is refused, and return the details."""
        await self.say(event_type, **fields)
        details: Event = (await self.hear("error"))["details"]
        return details

    async def hear(self, event_type: str) -> Event:
        """Return the next event of a type."""
        return await self._first(lambda event: event["event_type"] == event_type)

    async def settle(self) -> list[Event]:
        """Return everything kept, once the server has done all that was asked for before."""
        # Done in its turn, and refused: there is no message of that number.
        await self.say("message_was_deleted", id=2**53 - 1)
        await self._first(lambda event: event.get("details", {}).get("message_id") == 2**53 - 1)
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

    @property
    def types(self) -> list[str]:
        """Which events were heard that nobody waited for."""
        return [event["event_type"] for event in self._heard]

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


async def place_of(town: Town, person: Person, conversation_id: str) -> str:
    """Return the path of a conversation's sockets."""
    found = await town.call(person, "GET", f"/api/conversations/{conversation_id}")
    return f"/ws/chat/{found['number']}/"


@asynccontextmanager
async def visit(town: Town, person: Person, place: str, **options: Any) -> AsyncIterator[Talk]:
    """Open a socket for somebody who is let in, and wait until they are told who is there."""
    async with connect_to(town, f"{place}?token={person.token}", **options) as socket:
        talk = Talk(socket)
        talk.online = (await talk.hear("online_user_list"))["user_list"]
        yield talk


async def turned_away(
    town: Town, person: Person | None, place: str, **options: Any
) -> tuple[Event, int]:
    """Open a socket that is refused; return what is said of it, and the code of its closing."""
    query = f"?token={person.token}" if person else ""
    async with connect_to(town, place + query, **options) as socket:
        talk = Talk(socket)
        error = await talk.hear("error")
        code, _ = await talk.close_code()
    return error, code


def connect_to(town: Town, place: str, **options: Any) -> connect:
    """Open a socket at just this address."""
    return connect(town.url.replace("http", "ws", 1) + place, ping_interval=None, **options)
