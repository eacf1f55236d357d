"""Talking over REST: one asks again and again what has changed."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Any
from urllib.parse import quote

import httpx

from tests.gateways.conftest import Person
from tests.gateways.dialects.voices import Message, Place, Voice

_AGAIN_S = 0.05


class RestVoice(Voice):
    """Asks for changes since the last ones, and words the difference as what was done."""

    def __init__(self, place: Place, person: Person, http: httpx.AsyncClient) -> None:
        super().__init__(place, person)
        self._http = http
        self._here = f"/api/conversations/{place.id}"
        self._seq = 0
        self._messages: dict[str, dict[str, Any]] = {}
        self._typing: set[str] = set()

    @classmethod
    @asynccontextmanager
    async def open(cls, place: Place, person: Person) -> AsyncIterator[RestVoice]:
        """Begin to ask."""
        async with place.town.http(person) as http:
            voice = cls(place, person, http)
            await voice._look()
            voice.heard.clear()
            asking = asyncio.create_task(voice._ask())
            try:
                yield voice
            finally:
                asking.cancel()
                with suppress(asyncio.CancelledError):
                    await asking

    async def send(self, text: str, client_ref: str) -> None:
        """Send a message."""
        await self._do("POST", f"{self._here}/messages", content=text, client_ref=client_ref)

    async def edit(self, message: Message, text: str) -> None:
        """Give a message another text."""
        await self._do("PATCH", f"/api/messages/{message.id}", content=text)

    async def delete(self, message: Message) -> None:
        """Delete a message."""
        await self._do("DELETE", f"/api/messages/{message.id}")

    async def react(self, message: Message, emoji: str) -> None:
        """React to a message."""
        await self._do("POST", f"/api/messages/{message.id}/reactions", emoji=emoji)

    async def type(self) -> None:
        """Be seen typing."""
        await self._do("POST", f"{self._here}/typing", typing=True)

    async def _do(self, method: str, path: str, **body: object) -> None:
        answer = await self._http.request(method, quote(path), json=body or None)
        answer.raise_for_status()

    async def _ask(self) -> None:
        while True:
            await self._look()
            await asyncio.sleep(_AGAIN_S)

    async def _look(self) -> None:
        changes = (await self._http.get(f"{self._here}/changes?since={self._seq}")).json()
        for each in sorted(changes["messages"], key=lambda row: row["seq"]):
            self._compare(self._messages.get(each["id"]), each)
            self._messages[each["id"]] = each
        self._seq = changes["seq"]
        typing = set((await self._http.get(f"{self._here}/typing")).json()["user_ids"])
        for who in typing - self._typing:
            self.hear("typed", who=who)
        self._typing = typing

    def _compare(self, before: dict[str, Any] | None, now: dict[str, Any]) -> None:
        if before is None:
            self.hear("sent", who=now["sender"], text=now["content"], message=now["id"])
            return
        if now["is_deleted"]:
            self.hear("deleted", message=now["id"])
            return
        if before["content"] != now["content"]:
            self.hear("edited", text=now["content"], message=now["id"])
        for who, emoji in _reactions(now) - _reactions(before):
            self.hear("reacted", who=who, text=emoji, message=now["id"])


def _reactions(message: dict[str, Any]) -> set[tuple[str, str]]:
    return {(who, each["emoji"]) for each in message["reactions"] for who in each["user_ids"]}
