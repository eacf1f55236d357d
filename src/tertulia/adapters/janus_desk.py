"""The desk of a room of Janus: a place that neither sends nor hears, and learns who sends what."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from secrets import token_urlsafe

from tertulia.adapters.janus_link import JanusHandle, JanusLink
from tertulia.adapters.janus_words import JanusRefused, Name, Present, Said

SCREEN = "screen"
"""How a medium is described that shows a screen."""

_NO_SUCH_ROOM = 426
_ROOM_EXISTS = 427
_FORWARDED = ("audio", "video")
"""Not `data`: no moderator could silence it."""


@dataclass(frozen=True, slots=True, eq=False)
class Source:
    """A medium that somebody sends; another one under the same `mid` is another source."""

    feed: Name
    mid: str
    type: str
    is_screen: bool


@dataclass(frozen=True, slots=True)
class Identity:
    """What all nodes know a room by that is theirs together."""

    name: int
    secret: str


class JanusDesk:
    """A room as one sees it from its desk, and what one orders there.

    `changed` is told when somebody sends something else, and `gone` when the room is destroyed.
    With a `shared` identity it may be there already, and stays while other nodes are in it.
    """

    def __init__(
        self,
        link: JanusLink,
        changed: Callable[[], None],
        gone: Callable[[], None],
        shared: Identity | None = None,
    ) -> None:
        self.name: Name = "" if shared is None else shared.name
        self.secret = token_urlsafe(24) if shared is None else shared.secret
        self.is_shared = shared is not None
        self._link = link
        self._changed = changed
        self._gone = gone
        self._handle: JanusHandle | None = None
        self._own_id: Name | None = None
        self._feeds: dict[Name, dict[str, Source]] = {}
        self._displays: dict[Name, str] = {}

    async def open(self, limit: int, max_bitrate: int) -> None:
        """Make the room, or come into it. Raises JanusAway and JanusRefused."""
        self._handle = handle = await self._link.attach(self._hear)
        try:
            joined = await self._come_in(handle, limit, max_bitrate)
        except JanusRefused as refused:
            if refused.code != _NO_SUCH_ROOM:
                raise
            # The last of another node went in the same moment, and took the room along.
            joined = await self._come_in(handle, limit, max_bitrate)
        self._own_id = joined.room.id
        self._hear(joined)

    def sources(self, *, but: Name | None) -> list[Source]:
        """Return what is sent, without what comes of one feed."""
        return [
            source
            for feed, sources in self._feeds.items()
            if feed != but
            for source in sources.values()
        ]

    def sender(self, feed: Name) -> str | None:
        """Return the session of whoever sends a feed."""
        return self._displays.get(feed)

    def drop(self, feed: Name) -> None:
        """Note that nothing comes of a feed any more."""
        self._displays.pop(feed, None)
        if self._feeds.pop(feed, None) is not None:
            self._changed()

    async def moderate(self, feed: Name | None, mid: str, *, mute: bool) -> None:
        """Have a medium not be forwarded, or be again. Raises JanusAway and JanusRefused."""
        if self._handle is not None:
            told = {"room": self.name, "secret": self.secret, "id": feed, "mid": mid, "mute": mute}
            await self._handle.ask("moderate", told)

    async def look_round(self) -> bool:
        """Drop who sends no more, of whom no news came; return whether there was anybody.

        Janus tells of those who come and of those who go in threads of its own, so that a feed may
        be told of when it is gone already, and nobody could hear anybody new by it. Raises
        JanusAway and JanusRefused.
        """
        known = set(self._feeds)
        if self._handle is not None:
            sending = {each.id for each in await self._present(self._handle) if each.publisher}
            for feed in known - sending:
                self.drop(feed)
        return known != set(self._feeds)

    async def close(self) -> None:
        """Destroy the room, unless others are in it. Raises JanusAway."""
        handle, self._handle = self._handle, None
        if handle is None:
            return
        with suppress(JanusRefused):
            present = await self._present(handle) if self.is_shared else []
            if all(each.id == self._own_id for each in present):
                await handle.ask("destroy", {"room": self.name, "secret": self.secret})
        with suppress(JanusRefused):
            await handle.detach()

    def end(self) -> None:
        """Learn that Janus is gone, and the room with it."""
        self._handle = None

    async def _come_in(self, handle: JanusHandle, limit: int, max_bitrate: int) -> Said:
        asked: dict[str, object] = {
            "is_private": True,
            "secret": self.secret,
            # Who comes in with another client is there twice for a moment.
            "publishers": 2 * limit,
            "bitrate": max_bitrate,
            "audiocodec": "opus",
            "videocodec": "vp8",
        }
        if self.is_shared:
            asked["room"] = self.name
        try:
            made = await handle.ask("create", asked)
        except JanusRefused as refused:
            if refused.code != _ROOM_EXISTS:
                raise
        else:
            if made.room.room is None:
                raise JanusRefused(0, "Janus made no room")
            self.name = made.room.room
        return await handle.ask("join", {"ptype": "publisher", "room": self.name})

    async def _present(self, handle: JanusHandle) -> list[Present]:
        asked = {"room": self.name, "secret": self.secret}
        return (await handle.ask("listparticipants", asked)).room.participants

    def _hear(self, said: Said) -> None:
        """Take the news of the room."""
        news = said.room
        for publisher in news.publishers:
            before = self._feeds.get(publisher.id, {})
            self._displays[publisher.id] = publisher.display
            self._feeds[publisher.id] = {
                each.mid: before.get(each.mid)
                or Source(publisher.id, each.mid, each.type, each.description == SCREEN)
                for each in publisher.streams
                if not each.disabled and each.type in _FORWARDED
            }
        if news.publishers:
            self._changed()
        for feed in (news.unpublished, news.leaving):
            if feed is not None:
                self.drop(feed)
        if news.videoroom == "destroyed" and self._handle is not None:
            self._handle = None
            self._gone()
