"""Talking in the `type` vocabulary: one socket for all conversations."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from urllib.parse import quote

from websockets.asyncio.client import ClientConnection, connect

from tests.gateways.conftest import Person
from tests.gateways.dialects.voices import Message, Place, Voice, listening


class EventsVoice(Voice):
    """A socket on which the conversation is joined as a channel."""

    def __init__(self, place: Place, person: Person, socket: ClientConnection) -> None:
        super().__init__(place, person)
        self._socket = socket

    @classmethod
    @asynccontextmanager
    async def open(cls, place: Place, person: Person) -> AsyncIterator[EventsVoice]:
        """Join the channel."""
        base = place.town.url.replace("http", "ws", 1)
        async with connect(f"{base}/ws?token={quote(person.token)}") as socket:
            voice = cls(place, person, socket)
            await voice._say("join_channel")
            while (said := json.loads(await socket.recv()))["type"] != "channel_joined":
                assert said["type"] != "error", said
            async with listening(socket, voice._take, voice.gone):
                yield voice

    async def send(self, text: str, client_ref: str) -> None:
        """Send a message."""
        await self._say("message", content=text, client_ref=client_ref)

    async def edit(self, message: Message, text: str) -> None:
        """Give a message another text."""
        await self._say("update_message", messageId=message.id, content=text)

    async def delete(self, message: Message) -> None:
        """Delete a message."""
        await self._say("delete_message", messageId=message.id)

    async def react(self, message: Message, emoji: str) -> None:
        """React to a message."""
        await self._say("add_reaction", messageId=message.id, emoji=emoji)

    async def type(self) -> None:
        """Be seen typing."""
        await self._say("typing", typing=True)

    async def _say(self, kind: str, **fields: object) -> None:
        channel = str(self.place.number)
        await self._socket.send(json.dumps({"type": kind, "channelId": channel, **fields}))

    def _take(self, frame: str) -> None:
        said = json.loads(frame)
        match said["type"]:
            case "NEW_MESSAGE":
                message = said["message"]
                self.hear(
                    "sent", who=message["userId"], text=message["content"], message=message["id"]
                )
            case "UPDATE_MESSAGE":
                self.hear("edited", text=said["updates"]["content"], message=said["id"])
            case "DELETE_MESSAGE":
                self.hear("deleted", message=said["id"])
            case "REACTION_ADDED":
                given = said["payload"]
                reaction = given["reaction"]
                self.hear(
                    "reacted",
                    who=reaction["userId"],
                    text=reaction["emoji"],
                    message=given["messageId"],
                )
            case "TYPING" if said["typing"]:
                self.hear("typed", who=said["userId"])
            case other:
                assert other != "error", said
