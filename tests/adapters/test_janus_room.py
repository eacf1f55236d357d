"""A room of a Janus that is late with its news, or tells of who is gone already."""

from __future__ import annotations

from typing import Any, cast

import pytest

from tertulia.adapters.janus_link import Hear, JanusLink
from tertulia.adapters.janus_room import JanusRoom
from tertulia.adapters.janus_words import (
    JanusAway,
    JanusRefused,
    Jsep,
    PluginData,
    Present,
    Publisher,
    RoomData,
    Said,
    Stream,
)
from tertulia.core.errors import Unavailable
from tests.offers import offer

NO_SUCH_FEED = 428


class Ears:
    """Counts how often there was something else to hear."""

    def __init__(self) -> None:
        self.changes = 0

    def changed(self) -> None:
        """Learn that there is something else to hear."""
        self.changes += 1

    def hung_up(self, session: str) -> None:
        """Learn that somebody hears nothing more."""
        raise AssertionError(session)

    def gone(self) -> None:
        """Learn that the room is no more."""
        raise AssertionError


class Janus:
    """What of a Janus a room speaks with; `sending` are really there."""

    def __init__(self) -> None:
        self.sending: set[int] = set()
        self.refuses = False
        self.is_mute = False
        self.attached: list[Handle] = []

    async def attach(self, hear: Hear) -> Handle:
        """Return a new handle."""
        self.attached.append(Handle(self, len(self.attached), hear))
        return self.attached[-1]

    def tell_of(self, feed: int) -> None:
        """Tell the desk of somebody who sends, who may be gone by now."""
        sound = Stream(mid="0", type="audio")
        self.attached[0].hear(_said(publishers=[Publisher(feed, [sound])]))


class Handle:
    """One end of it."""

    def __init__(self, janus: Janus, number: int, hear: Hear) -> None:
        self.id = number
        self.hear = hear
        self.is_there = True
        self._janus = janus

    async def ask(
        self, request: str, more: dict[str, Any] | None = None, jsep: Jsep | None = None
    ) -> Said:
        """Answer as Janus does."""
        del jsep
        if self._janus.is_mute:
            raise JanusAway("it does not answer")
        if request == "listparticipants":
            present = [Present(id=each, publisher=True) for each in self._janus.sending]
            return _said(participants=[*present, Present(id=99)])
        wanted = (more or {}).get("streams", [])
        is_there = {each["feed"] for each in wanted} <= self._janus.sending
        if wanted and (self._janus.refuses or not is_there):
            raise JanusRefused(NO_SUCH_FEED, "No such feed")
        streams = [
            Stream(mid=str(at), type="audio", active=True, feed_id=each["feed"], feed_mid="0")
            for at, each in enumerate(wanted)
        ]
        return _said(Jsep("offer", "v=0"), room=1, streams=streams)

    async def detach(self) -> None:
        """Give it back."""
        self.is_there = False


def _said(jsep: Jsep | None = None, **data: Any) -> Said:  # noqa: ANN401  (any of its words)
    return Said(janus="event", plugindata=PluginData(RoomData(**data)), jsep=jsep)


@pytest.fixture
def janus() -> Janus:
    """Return a Janus without a network."""
    return Janus()


@pytest.fixture
def ears() -> Ears:
    """Return who hears of changes."""
    return Ears()


@pytest.fixture
async def room(janus: Janus, ears: Ears) -> JanusRoom:
    """Return a room in it."""
    opened = JanusRoom(cast("JanusLink", janus), ears, lambda _: None)
    await opened.create(4, 1)
    return opened


async def test_who_is_told_of_and_gone_already_keeps_nobody_from_being_heard(
    janus: Janus, ears: Ears, room: JanusRoom
) -> None:
    janus.sending = {7}
    for feed in (7, 8):
        janus.tell_of(feed)
    assert ears.changes == 2
    assert await room.listen("b") is None
    assert ears.changes == 3, "it is asked anew at once"
    offered = await room.listen("b")
    assert offered is not None
    assert ears.changes == 3


async def test_where_nobody_is_gone_it_is_a_refusal(janus: Janus, room: JanusRoom) -> None:
    janus.sending = {7}
    janus.tell_of(7)
    janus.refuses = True
    with pytest.raises(Unavailable, match="No such feed"):
        await room.listen("b")


async def test_what_gets_no_answer_leaves_nothing_behind(janus: Janus, room: JanusRoom) -> None:
    janus.tell_of(7)
    janus.is_mute = True
    with pytest.raises(Unavailable):
        await room.listen("b")
    with pytest.raises(Unavailable):
        await room.publish("a", offer("audio"), screens=(), is_silenced=False)
    desk, *others = janus.attached
    assert desk.is_there
    assert [each.is_there for each in others] == [False, False]
