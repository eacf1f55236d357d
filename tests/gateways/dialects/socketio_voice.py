"""Talking over Socket.IO."""

from __future__ import annotations

import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import socketio  # type: ignore[import-untyped]

from tests.gateways.conftest import Person
from tests.gateways.dialects.voices import Message, Place, Voice


class SocketIoVoice(Voice):
    """A client that has joined the room."""

    def __init__(self, place: Place, person: Person, client: socketio.AsyncClient) -> None:
        super().__init__(place, person)
        self._client = client

    @classmethod
    @asynccontextmanager
    async def open(cls, place: Place, person: Person) -> AsyncIterator[SocketIoVoice]:
        """Join the room."""
        # aiohttp reads the authorities only once; a test may have one of its own.
        tls = {"ssl": ssl.create_default_context()}
        client = socketio.AsyncClient(reconnection=False, websocket_extra_options=tls)
        voice = cls(place, person, client)
        client.on("*", voice._take)
        client.on("disconnect", voice._part)
        await client.connect(place.town.url, auth={"token": person.token}, transports=["websocket"])
        try:
            await voice._do("join_room")
            yield voice
        finally:
            await client.disconnect()

    async def send(self, text: str, client_ref: str) -> None:
        """Send a message."""
        await self._do("message", message=text, client_ref=client_ref)

    async def edit(self, message: Message, text: str) -> None:
        """Give a message another text."""
        await self._do("edit_message", id=message.id, message=text)

    async def delete(self, message: Message) -> None:
        """Delete a message."""
        await self._do("delete_message", id=message.id)

    async def react(self, message: Message, emoji: str) -> None:
        """React to a message."""
        await self._do("react", id=message.id, emoji=emoji)

    async def type(self) -> None:
        """Be seen typing."""
        await self._do("typing", typing=True)

    async def _do(self, event: str, **payload: object) -> None:
        answer = await self._client.call(event, {"room": self.place.id, **payload}, timeout=10)
        assert answer.get("ok"), answer

    async def _part(self, _reason: str) -> None:
        self.gone.set()

    async def _take(self, event: str, said: dict[str, Any]) -> None:
        match event:
            case "message":
                message = said["message"]
                self.hear(
                    "sent",
                    who=message["sender"]["id"],
                    text=message["text"],
                    message=message["id"],
                )
            case "message_edited":
                self.hear("edited", text=said["message"]["text"], message=said["id"])
            case "message_deleted":
                self.hear("deleted", message=said["id"])
            case "reaction" if said["added"]:
                self.hear("reacted", who=said["user"]["id"], text=said["emoji"], message=said["id"])
            case "typing" if said["typing"]:
                self.hear("typed", who=said["user"]["id"])
            case _:
                pass  # of what is not asked here
