"""The channels of this node whose sound a server forwards: what they ask of it, and what it says.

The machine of the channels awaits nothing, so it says here what is to be done: for each participant
that is done in order, and what comes of it is told as facts. Where the server goes away, the
channels fall.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Collection, Coroutine, Iterable, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import get_args
from uuid import UUID

from tertulia.core.errors import NotFound, Unavailable
from tertulia.core.participant import Participant, SignalKind
from tertulia.core.ports import Publish
from tertulia.core.sfu import Sfu, SfuRoom, Way
from tertulia.core.voice_events import VoiceForwarded
from tertulia.core.voice_line import VoiceLine

LINGER_S = 30.0
"""How long sound is still forwarded in a channel that is a mesh again, until that stands."""

_WAYS: Mapping[str, Way] = {way: way for way in get_args(Way)}

_log = logging.getLogger(__name__)


@dataclass(slots=True, eq=False)
class _Place:
    """One channel's room, from the moment at which it is asked for."""

    room: asyncio.Future[SfuRoom]
    lines: dict[str, VoiceLine] = field(default_factory=dict)
    ending: asyncio.TimerHandle | None = None

    def keep(self) -> None:
        """Do not end."""
        if self.ending is not None:
            self.ending.cancel()
            self.ending = None


class VoiceForwarding:
    """What is forwarded on this node, in rooms for `limit` people each."""

    def __init__(
        self, sfu: Sfu, publish: Publish, *, limit: int, linger_s: float = LINGER_S
    ) -> None:
        self.limit = limit
        self._sfu = sfu
        self._publish = publish
        self._linger_s = linger_s
        self._places: dict[UUID, _Place] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._fell: Callable[[UUID], None] = _nothing
        self._account_of: Callable[[UUID, str], UUID | None] = _nobody

    @property
    def is_there(self) -> bool:
        """Whether the server answers."""
        return self._sfu.is_there

    def attend(
        self,
        came: Callable[[], None],
        fell: Callable[[UUID], None],
        account_of: Callable[[UUID, str], UUID | None],
    ) -> None:
        """Have somebody told that the server answers again, and whose sound it forwards no more.

        They know whose each session in a channel is.
        """
        self._sfu.watch(came)
        self._fell = fell
        self._account_of = account_of

    def open(self, conversation_id: UUID, participants: Iterable[Participant]) -> None:
        """Forward the sound of a channel from now on."""
        place = self._places.get(conversation_id)
        if place is None:
            room: asyncio.Future[SfuRoom] = asyncio.get_running_loop().create_future()
            place = self._places[conversation_id] = _Place(room)
            self._start(self._open(conversation_id, place))
        place.keep()
        for each in participants:
            self.enter(conversation_id, each)

    def enter(self, conversation_id: UUID, participant: Participant) -> None:
        """Let somebody hear what is forwarded, and be heard by it."""
        place = self._places[conversation_id]
        line = place.lines.get(participant.session)
        if line is None:
            say = partial(self._say, place, conversation_id, participant.session)
            account_of = partial(self._account_of, conversation_id)
            line = VoiceLine(participant, place.room, say, account_of)
            place.lines[participant.session] = line
        line.silence(participant.silenced)
        line.listen()

    def say_again(self, conversation_id: UUID, session: str) -> None:
        """Repeat what was said to somebody whose client was away for a moment."""
        line = self._line(conversation_id, session)
        if line is not None:
            line.say_again()

    def silence(self, conversation_id: UUID, session: str, is_silenced: bool) -> None:
        """Have nobody hear somebody, or have them be heard again."""
        line = self._line(conversation_id, session)
        if line is not None:
            line.silence(is_silenced)

    def leave(self, conversation_id: UUID, session: str) -> None:
        """Hang up on somebody."""
        place = self._places.get(conversation_id)
        line = None if place is None else place.lines.pop(session, None)
        if line is not None:
            line.end()

    def close(self, conversation_id: UUID, *, at_once: bool) -> None:
        """Forward the sound of a channel no more; unless `at_once`, when the mesh should stand."""
        place = self._places.get(conversation_id)
        if place is not None:
            place.keep()
            delay_s = 0 if at_once else self._linger_s
            place.ending = asyncio.get_running_loop().call_later(
                delay_s, self._end, conversation_id, place
            )

    def signal(
        self,
        conversation_id: UUID,
        session: str,
        way: str | None,
        kind: SignalKind,
        content: Mapping[str, object],
    ) -> None:
        """Pass on what a client says to the server by one of its two connections."""
        if not self.is_there:
            raise Unavailable("The forwarding server does not answer.")
        line = self._line(conversation_id, session)
        by = _WAYS.get(way or "")
        if line is None or by is None:
            raise NotFound("Nobody is there by this name and session.")
        line.take(by, kind, content)

    def listen_anew(self, place: _Place) -> None:
        """Offer everyone what there is to hear now."""
        if place.ending is None:
            for line in place.lines.values():
                line.listen()

    def lose(self, conversation_id: UUID, place: _Place) -> None:
        """Learn that a room is no more, or never was."""
        if self._places.get(conversation_id) is place:
            self._forget(conversation_id)
            self._fell(conversation_id)

    async def run(self) -> None:
        """Keep in touch with the server, until cancelled."""
        await self._sfu.run()

    def drop(self) -> None:
        """Forget everything, when the node stops."""
        for conversation_id in tuple(self._places):
            self._tasks.update(self._forget(conversation_id))
        for task in self._tasks:
            task.cancel()

    def _line(self, conversation_id: UUID, session: str) -> VoiceLine | None:
        place = self._places.get(conversation_id)
        return None if place is None else place.lines.get(session)

    def _say(
        self,
        place: _Place,
        conversation_id: UUID,
        session: str,
        way: Way,
        kind: SignalKind,
        content: Mapping[str, object],
    ) -> None:
        if place.ending is not None or self._places.get(conversation_id) is not place:
            return
        said = VoiceForwarded(
            conversation_id=conversation_id,
            to_session=session,
            way=way,
            kind=kind,
            content=content,
        )
        self._publish([said])

    async def _open(self, conversation_id: UUID, place: _Place) -> None:
        listener = _Listener(self, conversation_id, place)
        try:
            room = await self._sfu.open(conversation_id, self.limit, listener)
        except Unavailable as refused:
            _log.warning("There is no room to forward sound in", extra={"error": refused.detail})
            self.lose(conversation_id, place)
            return
        if place.room.done():
            await self._leave_behind(room)  # it was given up meanwhile
        else:
            place.room.set_result(room)

    def _end(self, conversation_id: UUID, place: _Place) -> None:
        if self._places.get(conversation_id) is place:
            room = place.room.result() if place.room.done() else None
            self._start(self._leave_behind(room, self._forget(conversation_id)))

    def _forget(self, conversation_id: UUID) -> list[asyncio.Task[None]]:
        """Ask nothing more of a channel's room, and return what still goes on there."""
        place = self._places.pop(conversation_id)
        place.keep()
        place.room.cancel()
        works = [line.drop() for line in place.lines.values()]
        return [work for work in works if work is not None]

    async def _leave_behind(
        self, room: SfuRoom | None, works: Collection[asyncio.Task[None]] = ()
    ) -> None:
        if works:
            await asyncio.wait(works)
        try:
            if room is not None:
                await room.close()
        except Unavailable as refused:
            _log.warning("A room was not closed", extra={"error": refused.detail})

    def _start(self, work: Coroutine[None, None, None]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)


class _Listener:
    """Hears what becomes of one channel's room."""

    def __init__(self, forwarding: VoiceForwarding, conversation_id: UUID, place: _Place) -> None:
        self._forwarding = forwarding
        self._conversation_id = conversation_id
        self._place = place

    def changed(self) -> None:
        """Learn that there is something else to hear."""
        self._forwarding.listen_anew(self._place)

    def hung_up(self, session: str) -> None:
        """Learn that the connection is gone by which somebody heard the others."""
        line = self._place.lines.get(session)
        if line is not None and self._place.ending is None:
            line.start_over()

    def gone(self) -> None:
        """Learn that the room is no more."""
        self._forwarding.lose(self._conversation_id, self._place)


def _nothing(_: UUID) -> None:
    pass


def _nobody(_: UUID, _session: str) -> None:
    pass
