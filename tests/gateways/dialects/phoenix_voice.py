"""Talking over Phoenix Channels."""

from __future__ import annotations

import asyncio
import itertools
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any
from urllib.parse import quote

from websockets.asyncio.client import ClientConnection, connect

from tests.gateways.conftest import Person
from tests.gateways.dialects.voices import Message, Place, Voice, listening


class PhoenixVoice(Voice):
    """A socket on which the conversation's topic is joined."""

    def __init__(self, place: Place, person: Person, socket: ClientConnection) -> None:
        super().__init__(place, person)
        self._socket = socket
        self._topic = f"conversation:{place.id}"
        self._refs = itertools.count(2)
        self._replies: dict[str, asyncio.Future[dict[str, Any]]] = {}

    @classmethod
    @asynccontextmanager
    async def open(cls, place: Place, person: Person) -> AsyncIterator[PhoenixVoice]:
        """Join the conversation."""
        base = place.town.url.replace("http", "ws", 1)
        address = f"{base}/socket/websocket?vsn=2.0.0&token={quote(person.token)}"
        async with connect(address) as socket:
            voice = cls(place, person, socket)
            await socket.send(json.dumps(["1", "1", voice._topic, "phx_join", {}]))
            reply = json.loads(await socket.recv())
            assert reply[4]["status"] == "ok", reply
            async with listening(socket, voice._take, voice.gone):
                yield voice

    async def send(self, text: str, client_ref: str) -> None:
        """Send a message."""
        await self._push("send_message", content=text, client_ref=client_ref)

    async def edit(self, message: Message, text: str) -> None:
        """Give a message another text."""
        await self._push("edit_message", message_group_id=message.id, content=text)

    async def delete(self, message: Message) -> None:
        """Delete a message."""
        await self._push("delete_message", message_group_id=message.id)

    async def react(self, message: Message, emoji: str) -> None:
        """React to a message."""
        await self._push("react", message_group_id=message.id, emoji=emoji)

    async def type(self) -> None:
        """Be seen typing."""
        await self._push("start_typing")

    async def _push(self, event: str, **payload: object) -> None:
        ref = str(next(self._refs))
        self._replies[ref] = reply = asyncio.get_running_loop().create_future()
        await self._socket.send(json.dumps(["1", ref, self._topic, event, payload]))
        async with asyncio.timeout(10):
            said = await reply
        assert said["status"] == "ok", said

    def _take(self, frame: str) -> None:
        _, ref, _, event, said = json.loads(frame)
        match event:
            case "phx_reply":
                self._replies.pop(ref).set_result(said)
            case "new_message":
                message = said["message"]
                self._of(message, "sent", who=message["sender"], text=message["content"])
            case "edit_message":
                self._of(said["message"], "edited", text=said["message"]["content"])
            case "delete_message":
                self._of(said["message"], "deleted")
            case "react":
                about = said["message_group_id"]
                self.hear("reacted", who=said["user_id"], text=said["emoji"], message=about)
            case "start_typing":
                self.hear("typed", who=said["user_id"])
            case _:
                pass  # of what is not asked here

    def _of(self, message: dict[str, Any], act: Any, **more: Any) -> None:
        self.hear(act, message=message["message_group"], **more)
