"""What the pages behind links say of themselves, added to messages after they were sent.

A sender does not wait for other people's servers. Messages with links stand in a bounded queue, a
few at a time are looked at, and what is found is written under the conversation's lock, unless the
message was deleted or its links changed meanwhile. Where the queue is full a message stays without.
"""

from __future__ import annotations

import asyncio
import logging
from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Protocol
from uuid import UUID

from tertulia.core import limits
from tertulia.core.blobs import new_blob_key
from tertulia.core.errors import Invalid, NotFound, RateLimited, Unavailable
from tertulia.core.events import Event, MessageEdited, MessageSent, PreviewsAdded
from tertulia.core.files import SmallPicture, Thumbnails
from tertulia.core.limits import Limits
from tertulia.core.message import Message, Preview
from tertulia.core.page_facts import PageFacts, PageHead, facts_of, facts_of_picture, links_in
from tertulia.core.ports import Clock, Storage
from tertulia.core.preview_pictures import PreviewPictures

log = logging.getLogger(__name__)

MAX_WAITING = 1000
AT_ONCE = 4
LOOK_S = 5.0
"""How long a page may take, with its picture and wherever it leads to."""
MAX_KEPT = 256
FOUND_KEPT_S = 3600.0
NOTHING_KEPT_S = 300.0


class NothingThere(Exception):  # noqa: N818, it is what was found
    """An address has nothing that could be shown, or is none that may be asked."""


@dataclass(frozen=True, slots=True)
class Bound:
    """How much of an answer is read; what is longer is nothing, or else cut."""

    max_bytes: int
    is_cut: bool


# What a page says of itself stands at its beginning.
_PAGES = dict.fromkeys(("text/html", "application/xhtml+xml"), Bound(1024 * 1024, is_cut=True))
_PICTURES = dict.fromkeys(
    ("image/jpeg", "image/png", "image/gif", "image/webp"), Bound(5 * 1024 * 1024, is_cut=False)
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetched:
    """What an address answered; `url` is where that was in the end, `name` its last part."""

    url: str
    name: str
    media_type: str
    charset: str | None
    data: bytes


class Web(Protocol):
    """The public web, and nothing of the networks that this server is in."""

    async def fetch(
        self, url: str, bounds: Mapping[str, Bound], base: str | None = None
    ) -> Fetched:
        """Return what an address answers, if its type has a bound here; raises NothingThere.

        With `base` it is read as it stands on the page with that address.
        """


ReadHead = Callable[[bytes, str | None], PageHead]
"""Reads the marks of a page, from its bytes and what was said of their encoding."""


@dataclass(frozen=True, slots=True)
class _Look:
    """What was found at an address."""

    facts: PageFacts
    picture: SmallPicture | None


class Previews:
    """Looks at the pages behind links."""

    def __init__(
        self,
        storage: Storage,
        web: Web,
        read_head: ReadHead,
        thumbnails: Thumbnails,
        pictures: PreviewPictures,
        doors: Limits,
        clock: Clock,
        *,
        is_on: bool,
    ) -> None:
        self._storage = storage
        self._web = web
        self._read_head = read_head
        self._thumbnails = thumbnails
        self._pictures = pictures
        self._doors = doors
        self._clock = clock
        self._is_on = is_on
        self._waiting: asyncio.Queue[Message] = asyncio.Queue(MAX_WAITING)
        self._kept: OrderedDict[str, tuple[float, _Look | None]] = OrderedDict()

    def hear(self, events: Sequence[Event]) -> None:
        """Have messages be looked at whose links are new."""
        if not self._is_on:
            return
        for event in events:
            if isinstance(event, MessageSent | MessageEdited) and _is_to_be_seen(event.message):
                try:
                    self._waiting.put_nowait(event.message)
                except asyncio.QueueFull:
                    log.warning("too many messages with links wait; one stays without a preview")

    async def run(self) -> None:
        """Look at what waits, for ever."""
        async with asyncio.TaskGroup() as tasks:
            for _ in range(AT_ONCE):
                tasks.create_task(self._look_for_ever())

    async def look_at(self, message: Message) -> None:
        """Look at the pages behind a message's links, and add what they say to it."""
        links = links_in(message.body or "")
        seen = {preview.url for preview in message.extras.previews}
        new = [link for link in links if link not in seen]
        found: dict[str, Preview] = {}
        for link in new:
            look = await self._look(message.sender_id, link)
            if look is not None:
                found[link] = await self._preview(message, link, look)
        if found or seen - set(links):
            await self._add(message, links, found)

    async def _look_for_ever(self) -> None:
        while True:
            message = await self._waiting.get()
            try:
                await self.look_at(message)
            except Unavailable:
                log.warning("a preview could not be stored")
            except Exception:
                log.exception("the links of message %s could not be looked at", message.id)

    async def _look(self, account_id: UUID, link: str) -> _Look | None:
        now = asyncio.get_running_loop().time()
        until, look = self._kept.get(link, (now, None))
        if until > now:
            return look
        try:
            await self._doors.take(limits.PAGES_LOOKED_AT_FOR, str(account_id))
            look = await self._look_anew(link)
        except RateLimited:
            return None
        except (NothingThere, TimeoutError) as error:
            log.debug("no preview of a link: %s", error)
        self._kept[link] = (now + (NOTHING_KEPT_S if look is None else FOUND_KEPT_S), look)
        self._kept.move_to_end(link)
        if len(self._kept) > MAX_KEPT:
            self._kept.popitem(last=False)
        return look

    async def _look_anew(self, link: str) -> _Look | None:
        picture: bytes | None = None
        async with asyncio.timeout(LOOK_S) as limit:
            page = await self._web.fetch(link, {**_PAGES, **_PICTURES})
            if page.media_type in _PICTURES:
                facts: PageFacts | None = facts_of_picture(page.name)
                picture = page.data
            else:
                facts = await self._read(page)
                if facts is not None and facts.picture is not None:
                    picture = await self._picture(facts.picture, page.url, limit.when())
        if facts is None:
            return None
        return _Look(facts, None if picture is None else await self._small(picture))

    async def _read(self, page: Fetched) -> PageFacts | None:
        head = await asyncio.to_thread(self._read_head, page.data, page.charset)
        return facts_of(head)

    async def _picture(self, url: str, page: str, until: float | None) -> bytes | None:
        """Return a page's picture; without it in time, the page is shown without."""
        try:
            # A little earlier than the page itself would be given up.
            async with asyncio.timeout_at(None if until is None else until - 0.1):
                return (await self._web.fetch(url, _PICTURES, page)).data
        except (NothingThere, TimeoutError):
            return None

    async def _small(self, data: bytes) -> SmallPicture | None:
        try:
            return await self._thumbnails.small(data)
        except (Invalid, Unavailable):
            return None

    async def _preview(self, message: Message, link: str, look: _Look) -> Preview:
        facts, picture = look.facts, look.picture
        preview = Preview(
            url=link, title=facts.title, description=facts.description, site=facts.site
        )
        if picture is None:
            return preview
        key = new_blob_key()
        # Noted down before it is stored, so that nothing is out of reach after a crash.
        async with self._storage.begin() as work:
            await work.preview_pictures.add(
                key, message.conversation_id, message.seq, self._clock()
            )
        await self._pictures.keep(key, picture.data)
        return replace(preview, image=key, width=picture.width, height=picture.height)

    async def _add(
        self, message: Message, links: tuple[str, ...], found: dict[str, Preview]
    ) -> None:
        async with self._storage.begin() as work:
            try:
                membership = await work.conversations.locked_for_member(
                    message.sender_id, message.conversation_id
                )
                now = await work.messages.for_member(message.sender_id, message.id)
            except NotFound:
                return
            # What was edited meanwhile is looked at again, as it is now.
            if membership.conversation.encrypted or links_in(now.body or "") != links:
                return
            known = found | {preview.url: preview for preview in now.extras.previews}
            previews = tuple(known[link] for link in links if link in known)
            if previews == now.extras.previews:
                return
            seq = await work.conversations.take_seq(now.conversation_id)
            seen = replace(now, changed_seq=seq, extras=replace(now.extras, previews=previews))
            await work.messages.update(seen)
            work.announce(
                PreviewsAdded(conversation_id=seen.conversation_id, seq=seq, message=seen)
            )


def _is_to_be_seen(message: Message) -> bool:
    return bool(message.extras.previews) or bool(links_in(message.body or ""))
