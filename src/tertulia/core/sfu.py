"""What sound goes through in a channel that has outgrown a mesh: a server that forwards it.

Each participant has two connections to it, which go by `Way`. What they send, they offer and the
server answers. What they hear, the server offers and they answer, anew whenever it changes.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Literal, Protocol
from uuid import UUID

Way = Literal["up", "down"]
"""Which connection to it: by which one sends, or by which one hears the others."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """Whose sound or picture a medium carries, by their session."""

    session: str
    is_screen: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Offered:
    """An offer (RFC 8866) of what the others send; `media` has by their `mid` those that do."""

    sdp: str
    media: Mapping[str, Heard]


class SfuListener(Protocol):
    """Who opened a room, and has to know what becomes of it."""

    def changed(self) -> None:
        """Learn that there is something else to hear."""

    def hung_up(self, session: str) -> None:
        """Learn that the connection is gone by which somebody heard the others."""

    def gone(self) -> None:
        """Learn that the room is no more; what is asked of it is refused."""


class SfuRoom(Protocol):
    """Where the sound of one channel is forwarded; people go by their sessions.

    What concerns one person is asked for one after another. All methods refuse with Unavailable
    where the server does not answer, or will not do it.
    """

    async def publish(
        self, session: str, sdp: str, *, screens: Collection[str], is_silenced: bool
    ) -> str:
        """Take what somebody offers to send, for the first time or again; return the answer.

        `screens` are the media, by their `mid`, that show a screen.
        """

    async def silence(self, session: str, is_silenced: bool) -> None:
        """Forward nobody's sound any more, or again; what they will send is meant too."""

    async def listen(self, session: str) -> Offered | None:
        """Offer what the others send; None where that is as it was offered last, or nothing.

        Only after the last offer was answered.
        """

    async def answer(self, session: str, sdp: str) -> None:
        """Take the answer to what was offered last."""

    async def stop_hearing(self, session: str) -> None:
        """Hang up the connection by which somebody hears the others; the next offer is anew."""

    async def trickle(self, session: str, way: Way, candidate: Mapping[str, object] | None) -> None:
        """Take a way by which somebody can be reached; None says that there are no more."""

    async def leave(self, session: str) -> None:
        """Forget somebody, and hang up."""

    async def close(self) -> None:
        """Hang up on everyone."""


class Sfu(Protocol):
    """A server that forwards sound."""

    @property
    def is_there(self) -> bool:
        """Whether it answers."""

    def watch(self, came: Callable[[], None]) -> None:
        """Have somebody told each time that it answers again."""

    async def open(self, place: UUID, limit: int, listener: SfuListener) -> SfuRoom:
        """Make a channel's room, for so many people; other nodes may be in it, or come.

        Refuses with Unavailable.
        """

    async def run(self) -> None:
        """Keep in touch with it, until cancelled."""
