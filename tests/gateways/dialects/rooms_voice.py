"""Talking in the `event_type` vocabulary: a socket for each conversation."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from urllib.parse import quote

from websockets.asyncio.client import ClientConnection, connect

from tests.gateways.conftest import Person
from tests.gateways.dialects.voices import Message, Place, Voice, listening


class RoomsVoice(Voice):
    """A socket at the conversation's number."""

    def __init__(self, place: Place, person: Person, socket: ClientConnection) -> None:
        super().__init__(place, person)
        self._socket = socket

    @classmethod
    @asynccontextmanager
    async def open(cls, place: Place, person: Person) -> AsyncIterator[RoomsVoice]:
        """Come in, and be shown who is there."""
        base = place.town.url.replace("http", "ws", 1)
        address = f"{base}/ws/chat/{place.number}/?token={quote(person.token)}"
        async with connect(address) as socket:
            assert json.loads(await socket.recv())["event_type"] == "online_user_list"
            voice = cls(place, person, socket)
            async with listening(socket, voice._take, voice.gone):
                yield voice

    async def send(self, text: str, client_ref: str) -> None:
        """Send a message."""
        await self._say("chat_message", message={"text": text, "client_ref": client_ref})

    async def edit(self, message: Message, text: str) -> None:
        """Give a message another text."""
        await self._say("chat_message", message={"id": message.seq, "text": text})

    async def delete(self, message: Message) -> None:
        """Delete a message."""
        await self._say("message_was_deleted", id=message.seq)

    async def react(self, message: Message, emoji: str) -> None:
        """React to a message."""
        await self._say("message_reaction", id=message.seq, reaction=emoji)

    async def type(self) -> None:
        """Be seen typing."""
        await self._say("typing_indicator")

    async def _say(self, event_type: str, **fields: object) -> None:
        await self._socket.send(json.dumps({"event_type": event_type, **fields}))

    def _take(self, frame: str) -> None:
        said = json.loads(frame)
        match said["event_type"]:
            case "chat_message":
                message = said["message"]
                self.hear("sent", who=message["user"], text=message["text"], message=message["id"])
            case "message_was_updated":
                self.hear("edited", text=said["new_text"], message=said["id"])
            case "message_was_deleted":
                self.hear("deleted", message=said["id"])
            case "message_reaction_was_posted":
                self.hear("reacted", who=said["user"], text=said["reaction"], message=said["id"])
            case "typing_indicator" if said["typing"]:
                self.hear("typed", who=said["userId"])
            case other:
                assert other != "error", said
