"""One participant's connections to a forwarding server that refuses, is slow, or is crossed."""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Mapping
from typing import Any
from uuid import UUID

import pytest

from tertulia.core.errors import Unavailable
from tertulia.core.participant import Participant, SignalKind
from tertulia.core.sfu import Heard, Offered, SfuRoom, Way
from tertulia.core.voice_line import VoiceLine
from tests import examples as eg
from tests.waiting import until

SESSION = "mine"
ACCOUNT = UUID(int=7)
WITHIN_S = 5.0


class Room:
    """A room that notes what it is asked for, and refuses as often as it is told to."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.refusals = 0
        self.offered = 0
        self.gate = asyncio.Event()
        self.gate.set()

    async def publish(
        self, session: str, sdp: str, *, screens: Collection[str], is_silenced: bool
    ) -> str:
        """Take what somebody sends."""
        del session, screens, is_silenced
        return sdp

    async def silence(self, session: str, is_silenced: bool) -> None:
        """Forward nobody's sound."""
        self.asked.append(f"{session} {is_silenced}")

    async def listen(self, session: str) -> Offered | None:
        """Offer, each time something else."""
        await self._ask("listen")
        self.offered += 1
        heard = {"0": Heard(session=session, is_screen=False)}
        return Offered(sdp=f"offer {self.offered}", media=heard)

    async def answer(self, session: str, sdp: str) -> None:
        """Take an answer."""
        del session
        await self._ask(f"answer {sdp.split()[2]}")

    async def stop_hearing(self, session: str) -> None:
        """Hang up."""
        del session
        await self._ask("stop")

    async def trickle(self, session: str, way: Way, candidate: Mapping[str, object] | None) -> None:
        """Take a candidate."""
        self.asked.append(f"{session} {way} {candidate}")

    async def leave(self, session: str) -> None:
        """Forget somebody."""
        del session
        self.asked.append("leave")

    async def close(self) -> None:
        """Hang up on everyone."""
        self.asked.append("close")

    async def _ask(self, what: str) -> None:
        self.asked.append(what)
        await self.gate.wait()
        if self.refusals:
            self.refusals -= 1
            raise Unavailable("Not now.")


class Line:
    """Somebody's line, and what was said to them."""

    def __init__(self) -> None:
        self.room = Room()
        self.said: list[str] = []
        opened: asyncio.Future[SfuRoom] = asyncio.get_running_loop().create_future()
        opened.set_result(self.room)
        participant = Participant(
            account_id=ACCOUNT, session=SESSION, joined_at=eg.NOON, silenced=False
        )
        self.line = VoiceLine(participant, opened, self._say, lambda _: ACCOUNT, rest_s=0.01)

    def answer(self, connection: int) -> None:
        """Answer by one of one's connections."""
        sdp = f"v=0\r\no=- {connection} 2 IN IP4 127.0.0.1\r\n"
        self.line.take("down", "answer", {"sdp": sdp})

    def ask(self) -> None:
        """Ask for another connection."""
        self.line.take("down", "offer", {"sdp": ""})

    async def expect_said(self, *said: str) -> None:
        """Wait until this was said, and no more."""
        await until(lambda: len(self.said) >= len(said), within_s=WITHIN_S, what="it is said")
        await asyncio.sleep(0.05)
        assert self.said == list(said)

    def _say(self, way: Way, kind: SignalKind, content: Mapping[str, Any]) -> None:
        assert (way, kind) == ("down", "offer")
        self.said.append(content["sdp"])


@pytest.fixture
async def line() -> Line:
    """Return somebody who was offered the first, and has not answered."""
    opened = Line()
    opened.line.listen()
    await opened.expect_said("offer 1")
    return opened


async def test_what_could_not_be_offered_is_offered_later(line: Line) -> None:
    line.answer(1)
    line.room.refusals = 3
    line.line.listen()
    await line.expect_said("offer 1", "offer 2")
    line.answer(1)
    line.line.listen()
    await line.expect_said("offer 1", "offer 2", "offer 3")


async def test_whose_answer_is_refused_is_offered_another_connection(line: Line) -> None:
    line.room.refusals = 1
    line.answer(1)
    await line.expect_said("offer 1", "offer 2")


async def test_an_answer_that_crosses_a_new_offer_is_not_taken_for_its_answer(line: Line) -> None:
    line.ask()
    await line.expect_said("offer 1", "offer 2")
    line.answer(1)
    line.answer(2)
    await line.expect_said("offer 1", "offer 2", "offer 3")
    line.answer(3)
    line.line.listen()
    await line.expect_said("offer 1", "offer 2", "offer 3", "offer 4")
    answers = [each for each in line.room.asked if each.startswith("answer")]
    assert answers == ["answer 1", "answer 3"]


async def test_who_answers_twice_is_heard_once(line: Line) -> None:
    line.answer(1)
    line.answer(1)
    await line.expect_said("offer 1")
    assert line.room.asked == ["listen", "answer 1"]


async def test_who_has_left_is_offered_nothing_more(line: Line) -> None:
    line.line.listen()
    line.room.gate.clear()
    line.answer(1)
    await asyncio.sleep(0.01)
    line.line.end()
    line.room.gate.set()
    await line.expect_said("offer 1")
    assert line.room.asked[-1] == "leave"


async def test_of_whom_nothing_more_is_asked_is_offered_nothing_either(line: Line) -> None:
    line.room.gate.clear()
    line.room.refusals = 1
    line.answer(1)
    await asyncio.sleep(0.01)
    work = line.line.drop()
    assert work is not None
    line.room.gate.set()
    await work
    await line.expect_said("offer 1")
