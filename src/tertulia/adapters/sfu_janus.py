"""Janus as the server that forwards sound: a room of its VideoRoom plugin for each channel."""

from __future__ import annotations

import hmac
import logging
from collections.abc import Callable, Iterable
from secrets import token_urlsafe
from uuid import UUID

from tertulia.adapters.janus_desk import Identity
from tertulia.adapters.janus_link import (
    ALIVE_S,
    ANSWER_S,
    KEEP_ALIVE_S,
    JanusHandle,
    JanusLink,
    Request,
)
from tertulia.adapters.janus_room import JanusRoom, unavailable
from tertulia.adapters.janus_words import PLUGIN, JanusRefused, Name, Said
from tertulia.core.sfu import SfuListener

MAX_BITRATE = 1_500_000
"""What somebody's picture may take, in bits a second."""

_log = logging.getLogger(__name__)


class JanusSfu:
    """The Sfu that a Janus is.

    With a `town_key`, which all nodes have, its rooms are theirs together, and go with the last of
    them. Otherwise they are of this process alone; they outlive the connection by which they were
    made, so those that were left behind are destroyed when there is another one.
    """

    def __init__(
        self,
        url: str,
        secret: str | None,
        *,
        town_key: str | None = None,
        answer_s: float = ANSWER_S,
        keep_alive_s: float = KEEP_ALIVE_S,
        alive_s: float = ALIVE_S,
    ) -> None:
        self._link = JanusLink(
            url, secret, answer_s=answer_s, keep_alive_s=keep_alive_s, alive_s=alive_s
        )
        self._town_key = town_key
        self._link.began = self._begin
        self._link.went = self._end
        self._link.last_words = self._destructions
        self._desk: JanusHandle | None = None
        self._rooms: dict[Name, JanusRoom] = {}
        self._left_behind: dict[Name, str] = {}

    @property
    def is_there(self) -> bool:
        """Whether it answers."""
        return self._link.is_up

    def watch(self, came: Callable[[], None]) -> None:
        """Have somebody told each time that it answers again."""
        self._link.came = came

    async def run(self) -> None:
        """Keep in touch with it, until cancelled."""
        await self._link.run()

    async def open(self, place: UUID, limit: int, listener: SfuListener) -> JanusRoom:
        """Make a room for so many people, which other nodes alone know of."""
        with unavailable():
            room = JanusRoom(self._link, listener, self._forget, self._identity(place))
            await room.create(limit, MAX_BITRATE)
        self._rooms[room.desk.name] = room
        return room

    async def try_out(self) -> str:
        """Connect for a moment, make a room, and return the version of Janus.

        Raises JanusAway and JanusRefused.
        """
        async with self._link.connected():
            known = await self._link.ask("info")
            if PLUGIN not in known.plugins:
                raise JanusRefused(0, f"its plugin {PLUGIN} is not there")
            await self._begin()
            return known.version_string

    async def _begin(self) -> None:
        """Find out whether rooms can be made, and be rid of those of before."""
        desk = await self._link.attach(_hear_nothing)
        secret = token_urlsafe(24)
        made = await desk.ask("create", {"secret": secret, "is_private": True})
        if made.room.room is not None:
            self._left_behind[made.room.room] = secret
        for name, known in tuple(self._left_behind.items()):
            try:
                await desk.ask("destroy", {"room": name, "secret": known})
            except JanusRefused as refused:
                # It has begun anew, and knows nothing of before.
                _log.debug("A room is gone already", extra={"error": str(refused)})
            del self._left_behind[name]
        self._desk = desk

    def _end(self) -> None:
        rooms, self._rooms = self._rooms, {}
        self._desk = None
        desks = [room.desk for room in rooms.values()]
        self._left_behind.update({each.name: each.secret for each in desks if not each.is_shared})
        for room in rooms.values():
            room.end()

    def _forget(self, room: JanusRoom) -> None:
        self._rooms.pop(room.desk.name, None)

    def _destructions(self) -> Iterable[Request]:
        """Word what leaves no room behind."""
        if self._desk is None:
            return
        for name, room in self._rooms.items():
            if not room.desk.is_shared:
                body = {"request": "destroy", "room": name, "secret": room.desk.secret}
                yield {"janus": "message", "handle_id": self._desk.id, "body": body}

    def _identity(self, place: UUID) -> Identity | None:
        """Return what a channel's room is called where nodes share it, which nobody can guess."""
        if self._town_key is None:
            return None
        known = hmac.digest(self._town_key.encode(), b"voice room " + place.bytes, "sha256")
        # Janus takes numbers, which not all readers of JSON take whole beyond 53 bits.
        return Identity(name=int.from_bytes(known[:6]), secret=known[6:].hex())


def _hear_nothing(_: Said) -> None:
    pass
