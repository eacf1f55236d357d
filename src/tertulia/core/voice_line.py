"""One participant's two connections to the server that forwards sound: one thing after another."""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import Awaitable, Callable, Mapping
from typing import Any
from uuid import UUID

from tertulia.core import descriptions
from tertulia.core.errors import Invalid, RateLimited, Refusal, Unavailable
from tertulia.core.participant import Participant, SignalKind
from tertulia.core.sfu import Offered, SfuRoom, Way

MAX_WAITING = 64
"""How much one participant may have said that is not passed on yet."""
REST_S = 1.0
"""How long to wait until what was hung up or refused is offered anew; twice as long each time."""
MOST_DOUBLINGS = 5

Say = Callable[[Way, SignalKind, Mapping[str, object]], None]
AccountOf = Callable[[str], UUID | None]
Job = Callable[[SfuRoom], Awaitable[None]]

_OWN_KIND: Mapping[Way, SignalKind] = {"up": "offer", "down": "answer"}

_log = logging.getLogger(__name__)


class VoiceLine:
    """What is asked of a room for one participant, and what it says to them.

    `room` is awaited before anything is asked. `account_of` knows whose the sessions are that are
    in the channel.
    """

    def __init__(
        self,
        participant: Participant,
        room: asyncio.Future[SfuRoom],
        say: Say,
        account_of: AccountOf,
        *,
        rest_s: float = REST_S,
    ) -> None:
        self.account_id = participant.account_id
        self._session = participant.session
        self._is_silenced = participant.silenced
        self._room = room
        self._say = say
        self._account_of = account_of
        self._rest_s = rest_s
        self._jobs: deque[Job] = deque()
        self._work: asyncio.Task[None] | None = None
        self._unanswered: Offered | None = None
        self._is_outdated = False
        self._answered: str | None = None
        self._failures = 0
        self._is_over = False
        self._rest: asyncio.TimerHandle | None = None

    def take(self, way: Way, kind: SignalKind, content: Mapping[str, Any]) -> None:
        """Pass on what the client says by one of its connections.

        Refuses with Invalid what is not said by this one, and with RateLimited what is too much.
        """
        if kind == "ice_candidate":
            candidate = content["candidate"]
            self._ask(lambda room: room.trickle(self._session, way, candidate))
        elif way == "down" and kind == "offer" and content["sdp"] == "":
            # Nothing comes by the connection any more, which nobody notices sooner.
            if self._begin_anew not in self._jobs:
                self._ask(self._begin_anew)
        elif kind != _OWN_KIND[way]:
            raise Invalid(f"By this connection one sends no {kind}.", attr="to_session")
        elif kind == "offer":
            self._ask(lambda room: self._publish(room, content["sdp"]))
        else:
            self._ask(lambda room: self._answer(room, content["sdp"]))

    def silence(self, is_silenced: bool) -> None:
        """Have this one not be heard, or heard again."""
        if is_silenced != self._is_silenced:
            self._is_silenced = is_silenced
            self._do(lambda room: room.silence(self._session, is_silenced))

    def listen(self) -> None:
        """Offer what there is to hear, unless an offer waits for its answer: then after that."""
        if self._is_over:
            return
        if self._unanswered is not None:
            self._is_outdated = True
        elif self._listen not in self._jobs:
            self._do(self._listen)

    def say_again(self) -> None:
        """Repeat an offer that was perhaps not heard, as soon as the client listens again."""
        asyncio.get_running_loop().call_soon(self._say_again)

    def start_over(self) -> None:
        """Learn that the connection to hear by is gone, and offer another one."""
        self._forget_offers()
        self._listen_later()

    def end(self) -> None:
        """Leave the room, after what is asked of it now."""
        self._stop()
        self._do(lambda room: room.leave(self._session))

    def drop(self) -> asyncio.Task[None] | None:
        """Ask nothing more of the room; return what goes on, if anything does."""
        self._stop()
        return self._work

    async def _publish(self, room: SfuRoom, sdp: str) -> None:
        answer = await room.publish(
            self._session,
            sdp,
            screens=descriptions.screens(sdp),
            is_silenced=self._is_silenced,
        )
        self._say("up", "answer", {"sdp": answer})

    async def _answer(self, room: SfuRoom, sdp: str) -> None:
        connection = descriptions.connection(sdp)
        if self._unanswered is None:
            if self._answered not in (None, connection):
                # What came before was the answer to an offer of before, that was under way when
                # another connection was begun: this one is the answer to the last offer.
                await self._begin_anew(room)
            return
        self._unanswered, self._answered = None, connection
        try:
            await room.answer(self._session, sdp)
        except Unavailable:
            # The room has hung up.
            self._failures += 1
            self.start_over()
            raise
        self._failures = 0
        if self._is_outdated:
            self._is_outdated = False
            self.listen()

    async def _begin_anew(self, room: SfuRoom) -> None:
        self._forget_offers()
        try:
            await room.stop_hearing(self._session)
        finally:
            self.listen()

    async def _listen(self, room: SfuRoom) -> None:
        if self._unanswered is not None:
            self._is_outdated = True  # there was more to hear while this was put into words
            return
        try:
            offered = await room.listen(self._session)
        except Unavailable:
            # Nobody else would ask again before there is something new.
            self._failures += 1
            self._listen_later()
            raise
        if offered is not None:
            self._unanswered = offered
            self._offer(offered)

    def _say_again(self) -> None:
        if self._unanswered is not None:
            self._offer(self._unanswered)

    def _offer(self, offered: Offered) -> None:
        owners = {mid: self._account_of(heard.session) for mid, heard in offered.media.items()}
        streams = {
            mid: {"user_id": owners[mid], "session": heard.session, "screen": heard.is_screen}
            for mid, heard in offered.media.items()
            if owners[mid] is not None
        }
        self._say("down", "offer", {"sdp": offered.sdp, "streams": streams})

    def _ask(self, job: Job) -> None:
        if len(self._jobs) >= MAX_WAITING:
            raise RateLimited("Too many signals wait.", retry_after_s=1)
        self._do(job)

    def _do(self, job: Job) -> None:
        self._jobs.append(job)
        if self._work is None:
            self._work = asyncio.get_running_loop().create_task(self._do_all())

    async def _do_all(self) -> None:
        try:
            room = await asyncio.shield(self._room)
            while self._jobs:
                await self._do_one(room, self._jobs.popleft())
        except Refusal:
            self._jobs.clear()  # there is no room, which is said elsewhere
        finally:
            self._work = None

    async def _do_one(self, room: SfuRoom, job: Job) -> None:
        try:
            await job(room)
        except Refusal as refused:
            _log.warning(
                "What a participant asked for is not forwarded",
                extra={"account_id": str(self.account_id), "error": refused.detail},
            )

    def _forget_offers(self) -> None:
        self._unanswered, self._is_outdated, self._answered = None, False, None

    def _listen_later(self) -> None:
        self._stop_resting()
        wait_s = self._rest_s * 2 ** min(self._failures, MOST_DOUBLINGS)
        self._rest = asyncio.get_running_loop().call_later(wait_s, self.listen)

    def _stop(self) -> None:
        """Have nothing be offered any more by what goes on, which would take a seat again."""
        self._is_over = True
        self._stop_resting()
        self._jobs.clear()

    def _stop_resting(self) -> None:
        if self._rest is not None:
            self._rest.cancel()
            self._rest = None
