"""Talking on the light pages, without any script: one reads the page anew, and posts its forms."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass

import httpx
from lxml import html  # type: ignore[import-untyped]

from tests.gateways.conftest import Person
from tests.gateways.dialects.voices import Message, Place, Voice

_AGAIN_S = 0.1


@dataclass(frozen=True)
class _Seen:
    """A message as it stands on the page."""

    who: str
    text: str
    is_deleted: bool
    emoji: frozenset[str]


class LiteVoice(Voice):
    """Reads the page again and again, and words the difference as what was done.

    Who types is not on it: that takes a script, which speaks Socket.IO.
    """

    is_live = False

    def __init__(self, place: Place, person: Person, http: httpx.AsyncClient) -> None:
        super().__init__(place, person)
        self._http = http
        self._here = f"/lite/chats/{place.number}"
        self._seen: dict[int, _Seen] = {}

    @classmethod
    @asynccontextmanager
    async def open(cls, place: Place, person: Person) -> AsyncIterator[LiteVoice]:
        """Open the page."""
        cookies = {"access_token": person.token}
        async with httpx.AsyncClient(base_url=place.town.url, cookies=cookies, timeout=30) as http:
            voice = cls(place, person, http)
            await voice._look()
            voice.heard.clear()
            reading = asyncio.create_task(voice._read())
            try:
                yield voice
            finally:
                reading.cancel()
                with suppress(asyncio.CancelledError):
                    await reading

    async def send(self, text: str, client_ref: str) -> None:
        """Send the form under the messages."""
        await self._post(self._here, self._here, text=text, client_ref=client_ref)

    async def edit(self, message: Message, text: str) -> None:
        """Send the form on the message's own page."""
        await self._post(self._page_of(message), f"{self._page_of(message)}/edit", text=text)

    async def delete(self, message: Message) -> None:
        """Press the button on the message's own page."""
        await self._post(self._page_of(message), f"{self._page_of(message)}/delete")

    async def react(self, message: Message, emoji: str) -> None:
        """Press an emoji on the message's own page."""
        await self._post(self._page_of(message), f"{self._page_of(message)}/react", emoji=emoji)

    async def type(self) -> None:
        """Do nothing: nobody sees what is not sent yet."""

    def _page_of(self, message: Message) -> str:
        return f"{self._here}/{message.seq}"

    async def _post(self, page: str, action: str, **fields: str) -> None:
        shown = html.fromstring((await self._http.get(page)).text)
        csrf = shown.xpath("//input[@name='csrftoken']/@value")[0]
        answer = await self._http.post(action, data={"csrftoken": csrf, **fields})
        assert answer.status_code == 303, answer.text

    async def _read(self) -> None:
        while True:
            await self._look()
            await asyncio.sleep(_AGAIN_S)

    async def _look(self) -> None:
        page = html.fromstring((await self._http.get(self._here)).text)
        for item in page.xpath("//ol[@id='messages']/li"):
            seq = int(item.get("id").removeprefix("m"))
            now = _Seen(
                who="".join(item.xpath(".//p[@class='who']/b/text()")),
                text="".join(item.xpath(".//p[@class='text']//text()")),
                is_deleted=bool(item.xpath(".//p[@class='gone']")),
                emoji=frozenset(
                    chip.split()[0] for chip in item.xpath(".//p[@class='chips']/span/text()")
                ),
            )
            await self._compare(seq, self._seen.get(seq), now)
            self._seen[seq] = now

    async def _compare(self, seq: int, before: _Seen | None, now: _Seen) -> None:
        if before is None:
            self.hear("sent", who=now.who, text=now.text, message=seq)
        elif now.is_deleted:
            if not before.is_deleted:
                self.hear("deleted", message=seq)
        else:
            if before.text != now.text:
                self.hear("edited", text=now.text, message=seq)
            for emoji in now.emoji - before.emoji:
                self.hear("reacted", who=await self._reactor(seq, emoji), text=emoji, message=seq)

    async def _reactor(self, seq: int, emoji: str) -> str:
        page = html.fromstring((await self._http.get(f"{self._here}/{seq}")).text)
        lines: list[str] = page.xpath("//ul[@class='reactors']/li/text()")
        return next(line.removeprefix(emoji).strip() for line in lines if line.startswith(emoji))
