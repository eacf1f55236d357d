"""One room of Janus: who sends into it, and what each is offered of it.

Somebody who sends does so by a handle of theirs, as does who hears the others. Who sends what is
known at the desk of the room.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

from tertulia.adapters.janus_desk import SCREEN, Identity, JanusDesk, Source
from tertulia.adapters.janus_link import JanusHandle, JanusLink
from tertulia.adapters.janus_words import JanusAway, JanusRefused, Jsep, Name, Said
from tertulia.core import descriptions
from tertulia.core.errors import Unavailable
from tertulia.core.sfu import Heard, Offered, SfuListener, Way

_NO_SUCH_FEED = 428

_log = logging.getLogger(__name__)


@dataclass(slots=True, eq=False)
class Seat:
    """What one participant has in the room; `heard` is what they were offered, by its medium."""

    session: str
    up: JanusHandle | None = None
    connection: str | None = None
    feed: Name | None = None
    sound: set[str] = field(default_factory=set)
    screens: frozenset[str] = frozenset()
    is_silenced: bool = False
    down: JanusHandle | None = None
    is_hung_up: bool = False
    heard: dict[str, Source] = field(default_factory=dict)


@contextmanager
def unavailable() -> Iterator[None]:
    """Refuse with Unavailable what Janus does not do."""
    try:
        yield
    except (JanusAway, JanusRefused) as error:
        raise Unavailable(f"The forwarding server cannot do it: {error}") from error


class JanusRoom:
    """The SfuRoom that is a room of Janus, which others know of where its identity is `shared`."""

    def __init__(
        self,
        link: JanusLink,
        listener: SfuListener,
        closed: Callable[[JanusRoom], None],
        shared: Identity | None = None,
    ) -> None:
        self.desk = JanusDesk(link, listener.changed, self._be_gone, shared)
        self._link = link
        self._listener = listener
        self._closed = closed
        self._seats: dict[str, Seat] = {}

    async def create(self, limit: int, max_bitrate: int) -> None:
        """Make the room, or come into it. Raises JanusAway and JanusRefused."""
        await self.desk.open(limit, max_bitrate)

    async def publish(
        self, session: str, sdp: str, *, screens: Collection[str], is_silenced: bool
    ) -> str:
        """Take what somebody offers to send, for the first time or again; return the answer."""
        seat = self._seats.setdefault(session, Seat(session))
        seat.screens, seat.is_silenced = frozenset(screens), is_silenced
        with unavailable():
            connection = descriptions.connection(sdp)
            if seat.up is not None and seat.connection != connection:
                await self._hang_up(seat)
            seat.connection = connection
            answered = await self._offer(seat, Jsep("offer", sdp))
            seat.sound = {
                each.mid
                for each in answered.room.streams
                if each.type == "audio" and not each.disabled
            }
            if is_silenced:
                # Before they get the answer, without which nothing is sent.
                await self._moderate(seat)
        if answered.jsep is None:
            raise Unavailable("The forwarding server has no answer.")
        return answered.jsep.sdp

    async def silence(self, session: str, is_silenced: bool) -> None:
        """Forward nobody's sound any more, or again."""
        seat = self._seats.get(session)
        if seat is not None and seat.is_silenced != is_silenced:
            seat.is_silenced = is_silenced
            with unavailable():
                await self._moderate(seat)

    async def listen(self, session: str) -> Offered | None:
        """Offer what the others send; None where that is as it was offered last, or nothing."""
        seat = self._seats.setdefault(session, Seat(session))
        wanted = self.desk.sources(but=seat.feed)
        try:
            with unavailable():
                said = await self._subscribe(seat, wanted)
        except Unavailable as refused:
            cause = refused.__cause__
            is_gone = isinstance(cause, JanusRefused) and cause.code == _NO_SUCH_FEED
            if is_gone:
                with unavailable():
                    if await self.desk.look_round():
                        return None  # there is something else to hear, which is offered next
            raise
        if said is None or said.jsep is None:
            return None
        by_name = {(source.feed, source.mid): source for source in wanted}
        found = (
            (each.mid, by_name.get((each.feed_id, each.feed_mid)))
            for each in said.room.streams
            if each.active and each.feed_id is not None and each.feed_mid is not None
        )
        seat.heard = {mid: source for mid, source in found if source is not None}
        return Offered(sdp=said.jsep.sdp, media=self._media(seat))

    async def answer(self, session: str, sdp: str) -> None:
        """Take the answer to what was offered last; where it will not do, offer all anew."""
        seat = self._seats.get(session)
        if seat is None or seat.down is None:
            return
        try:
            with unavailable():
                await seat.down.ask("start", jsep=Jsep("answer", sdp))
        except Unavailable:
            await self._stop_hearing(seat)
            raise

    async def stop_hearing(self, session: str) -> None:
        """Hang up the connection by which somebody hears the others; the next offer is anew."""
        seat = self._seats.get(session)
        if seat is not None:
            with unavailable():
                await self._stop_hearing(seat)

    async def trickle(self, session: str, way: Way, candidate: Mapping[str, object] | None) -> None:
        """Take a way by which somebody can be reached; None says that there are no more."""
        seat = self._seats.get(session)
        handle = seat and (seat.up if way == "up" else seat.down)
        if handle:
            is_last = candidate is None or not candidate.get("candidate")
            with unavailable():
                await handle.trickle(None if is_last else candidate)

    async def leave(self, session: str) -> None:
        """Forget somebody, and hang up."""
        seat = self._seats.pop(session, None)
        if seat is not None:
            with unavailable():
                await self._hang_up(seat)
                await self._stop_hearing(seat)

    async def close(self) -> None:
        """Hang up on everyone."""
        self._closed(self)
        seats, self._seats = self._seats, {}
        with unavailable():
            for seat in seats.values():
                await self._hang_up(seat)
                await self._stop_hearing(seat)
            await self.desk.close()

    def end(self) -> None:
        """Learn that Janus is gone, and the room with it."""
        self.desk.end()
        self._listener.gone()

    def _media(self, seat: Seat) -> dict[str, Heard]:
        """Return whose media somebody hears, which may be sent by way of other nodes."""
        own = {each.feed: each for each in self._seats.values() if each.feed is not None}
        media = {}
        for mid, source in seat.heard.items():
            sender = own.get(source.feed)
            session = self.desk.sender(source.feed) if sender is None else sender.session
            is_screen = source.is_screen if sender is None else source.mid in sender.screens
            if session:
                media[mid] = Heard(session=session, is_screen=is_screen)
        return media

    async def _offer(self, seat: Seat, offer: Jsep) -> Said:
        about = {"descriptions": [{"mid": mid, "description": SCREEN} for mid in seat.screens]}
        if seat.up is not None:
            return await seat.up.ask("configure", about, offer)
        up = await self._link.attach(_hear_nothing)
        try:
            joining = {
                "ptype": "publisher",
                "room": self.desk.name,
                "display": seat.session,
                **about,
            }
            said = await up.ask("joinandconfigure", joining, offer)
        except (JanusAway, JanusRefused):
            await _let_go(up)
            raise
        seat.up, seat.feed = up, said.room.id
        return said

    async def _moderate(self, seat: Seat) -> None:
        """Have Janus drop the sound of somebody, or forward it again; else hang up on them."""
        try:
            for mid in seat.sound:
                await self.desk.moderate(seat.feed, mid, mute=seat.is_silenced)
        except JanusRefused:
            await self._hang_up(seat)
            raise

    async def _subscribe(self, seat: Seat, wanted: Sequence[Source]) -> Said | None:
        if seat.is_hung_up:
            await self._stop_hearing(seat)
        if seat.down is None:
            if not wanted:
                return None
            return await self._begin_to_hear(seat, wanted)
        more = [each for each in wanted if each not in seat.heard.values()]
        less = [mid for mid, source in seat.heard.items() if source not in wanted]
        if not more and not less:
            return None
        changes: dict[str, object] = {}
        if more:
            changes["subscribe"] = _named(more)
        if less:
            changes["unsubscribe"] = [{"sub_mid": mid} for mid in less]
        said = await seat.down.ask("update", changes)
        if said.jsep is not None:
            return said
        # Janus is not done with what it offered before, and offers this when nobody waits for it.
        _log.warning("Janus has no offer yet, and is asked anew")
        await self._stop_hearing(seat)
        return await self._begin_to_hear(seat, wanted) if wanted else None

    async def _begin_to_hear(self, seat: Seat, wanted: Sequence[Source]) -> Said:
        down = await self._link.attach(lambda said: self._hear_of(seat, said))
        joining = {
            "ptype": "subscriber",
            "room": self.desk.name,
            "streams": _named(wanted),
            # Sound and picture of one person are of one stream, and in step.
            "use_msid": True,
            # What others stop sending is offered anew when it is asked for, not by itself.
            "autoupdate": False,
        }
        try:
            said = await down.ask("join", joining)
        except (JanusAway, JanusRefused):
            await _let_go(down)
            raise
        seat.down = down
        return said

    async def _hang_up(self, seat: Seat) -> None:
        up, seat.up, seat.sound = seat.up, None, set()
        if seat.feed is not None:
            self.desk.drop(seat.feed)
            seat.feed = None
        if up is not None:
            await _let_go(up)

    async def _stop_hearing(self, seat: Seat) -> None:
        down, seat.down, seat.heard, seat.is_hung_up = seat.down, None, {}, False
        if down is not None:
            await _let_go(down)

    def _be_gone(self) -> None:
        self._closed(self)
        self._listener.gone()

    def _hear_of(self, seat: Seat, said: Said) -> None:
        """Take the news of the connection by which somebody hears the others."""
        if said.janus == "hangup" and seat.down is not None and said.sender == seat.down.id:
            seat.is_hung_up = True
            self._listener.hung_up(seat.session)


def _named(sources: Sequence[Source]) -> list[dict[str, Name]]:
    return [{"feed": each.feed, "mid": each.mid} for each in sources]


async def _let_go(handle: JanusHandle) -> None:
    with suppress(JanusRefused):
        await handle.detach()


def _hear_nothing(_: Said) -> None:
    pass
