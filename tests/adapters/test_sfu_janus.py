"""A real Janus as the server that forwards sound: its rooms, refusals and absences.

No sound goes through it here; browsers see to that (`tests/browser/test_voice_forwarding.py`).
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager

import pytest

from tertulia.adapters.janus_link import JanusLink
from tertulia.adapters.janus_words import JanusAway, JanusRefused, Name
from tertulia.adapters.sfu_janus import JanusSfu
from tertulia.core.errors import Unavailable
from tertulia.core.ids import new_id
from tertulia.ending import ended
from tests.janus_server import SECRET, JanusServer
from tests.offers import offer
from tests.ports import free_port
from tests.waiting import until

WITHIN_S = 20.0
NO_SUCH_ROOM = 426


class Ears:
    """Hears what becomes of a room."""

    def __init__(self) -> None:
        self.heard: list[str] = []

    def changed(self) -> None:
        """Learn that there is something else to hear."""
        self.heard.append("changed")

    def hung_up(self, session: str) -> None:
        """Learn that somebody hears nothing more."""
        self.heard.append(f"{session} hung up")

    def gone(self) -> None:
        """Learn that the room is no more."""
        self.heard.append("gone")


@pytest.fixture
def own_janus() -> Iterator[JanusServer]:
    """Return a Janus that a test may do anything with."""
    server = JanusServer()
    yield server
    server.stop()


@pytest.fixture
async def sfu(janus_server: JanusServer) -> AsyncIterator[JanusSfu]:
    """Return a Janus that is there."""
    async with asyncio.timeout(WITHIN_S):
        opened = JanusSfu(janus_server.url, SECRET)
        running = await _running(opened)
        yield opened
        await ended(running)


async def test_it_answers_whoever_offers_and_says_how_it_is_reached(sfu: JanusSfu) -> None:
    room = await sfu.open(new_id(), 4, Ears())
    answer = await room.publish("a", offer("audio"), screens=(), is_silenced=False)
    assert "a=recvonly" in answer
    assert " 127.0.0.1 " in next(line for line in answer.splitlines() if "a=candidate" in line)
    candidates = [line for line in answer.splitlines() if line.startswith("a=candidate")]
    assert all(" 127.0.0.1 " in line for line in candidates), "nobody else reaches it"
    again = await room.publish("a", offer("audio", "video"), screens=("1",), is_silenced=True)
    assert "a=mid:1" in again
    assert _ice(again) == _ice(answer), "it is the same connection"
    anew = await room.publish("a", offer("audio", connection=2), screens=(), is_silenced=False)
    assert _ice(anew) != _ice(answer), "it is another one"
    candidate = {"candidate": "candidate:1 1 udp 1 127.0.0.1 9 typ host", "sdpMid": "0"}
    await room.trickle("a", "up", candidate)
    await room.trickle("a", "up", None)
    await room.trickle("nobody", "down", candidate)
    await room.close()


async def test_while_nobody_sends_there_is_nothing_to_hear(sfu: JanusSfu) -> None:
    room = await sfu.open(new_id(), 4, Ears())
    # Who has offered is not heard before the connection stands.
    await room.publish("a", offer("audio"), screens=(), is_silenced=False)
    assert await room.listen("b") is None
    await room.answer("b", "v=0\r\n")
    for session in ("a", "b", "b"):
        await room.leave(session)
    await room.close()


async def test_what_is_no_description_is_refused(sfu: JanusSfu) -> None:
    room = await sfu.open(new_id(), 4, Ears())
    for text in ("", "v=0", "nothing of the kind"):
        with pytest.raises(Unavailable):
            await room.publish("a", text, screens=(), is_silenced=False)
    assert await room.publish("a", offer("audio"), screens=(), is_silenced=False)
    await room.close()


async def test_who_sends_is_silenced_and_who_does_not_too(sfu: JanusSfu) -> None:
    room = await sfu.open(new_id(), 4, Ears())
    await room.silence("a", is_silenced=True)
    assert await room.publish("a", offer("audio", "video"), screens=(), is_silenced=True)
    await room.silence("a", is_silenced=False)
    await room.silence("a", is_silenced=True)
    await room.close()


async def test_a_closed_room_is_no_more(sfu: JanusSfu, janus_server: JanusServer) -> None:
    ears = Ears()
    room = await sfu.open(new_id(), 4, ears)
    assert await _is_there(janus_server, room.desk.name)
    await room.close()
    assert not await _is_there(janus_server, room.desk.name)
    assert ears.heard == [], "who closes it knows"


async def test_whoever_else_destroys_a_room_is_noticed(
    sfu: JanusSfu, janus_server: JanusServer
) -> None:
    ears = Ears()
    room = await sfu.open(new_id(), 4, ears)
    async with _linked(janus_server) as link:
        desk = await link.attach(lambda _: None)
        await desk.ask("destroy", {"room": room.desk.name, "secret": room.desk.secret})
    await until(lambda: ears.heard == ["gone"], within_s=WITHIN_S, what="it is gone")
    assert sfu.is_there


async def test_nothing_is_left_behind_by_who_ends(janus_server: JanusServer) -> None:
    sfu = JanusSfu(janus_server.url, SECRET)
    running = await _running(sfu)
    rooms = [await sfu.open(new_id(), 4, Ears()) for _ in range(20)]
    await ended(running)
    assert not any([await _is_there(janus_server, room.desk.name) for room in rooms])


async def test_nodes_share_a_room_which_goes_with_the_last_of_them(
    janus_server: JanusServer,
) -> None:
    place = new_id()
    async with AsyncExitStack() as closing:
        sfus = [JanusSfu(janus_server.url, SECRET, town_key="k" * 32) for _ in range(2)]
        for sfu in sfus:
            closing.push_async_callback(ended, await _running(sfu))
        one, other = [await sfu.open(place, 4, Ears()) for sfu in sfus]
        assert one.desk.name == other.desk.name
        assert (await sfus[0].open(new_id(), 4, Ears())).desk.name != one.desk.name
        await one.close()
        assert await _is_there(janus_server, other.desk.name)
        await other.close()
        assert not await _is_there(janus_server, other.desk.name)


async def test_a_janus_that_goes_and_comes_back_is_noticed(own_janus: JanusServer) -> None:
    sfu, ears, came = JanusSfu(own_janus.url, SECRET), Ears(), Ears()
    running = await _running(sfu)
    sfu.watch(came.changed)
    room = await sfu.open(new_id(), 4, ears)
    own_janus.halt()
    await until(lambda: ears.heard == ["gone"], within_s=WITHIN_S, what="it is away")
    assert not sfu.is_there
    with pytest.raises(Unavailable):
        await room.publish("a", offer("audio"), screens=(), is_silenced=False)
    with pytest.raises(Unavailable):
        await sfu.open(new_id(), 4, ears)
    own_janus.begin()
    await until(lambda: came.heard == ["changed"], within_s=WITHIN_S, what="it is back")
    await (await sfu.open(new_id(), 4, ears)).close()
    await ended(running)


async def test_a_janus_that_says_nothing_is_away_and_what_was_there_is_cleared_up(
    own_janus: JanusServer,
) -> None:
    sfu = JanusSfu(own_janus.url, SECRET, answer_s=10.0, keep_alive_s=0.2, alive_s=2.0)
    running = await _running(sfu)
    room = await sfu.open(new_id(), 4, Ears())
    own_janus.freeze()
    await until(lambda: not sfu.is_there, within_s=WITHIN_S, what="it is away")
    own_janus.thaw()
    await until(lambda: sfu.is_there, within_s=WITHIN_S, what="it is back")
    assert not await _is_there(own_janus, room.desk.name)
    await ended(running)


async def test_it_is_tried_out_with_the_secret(janus_server: JanusServer) -> None:
    assert re.match(r"1\.", await JanusSfu(janus_server.url, SECRET).try_out())
    for secret in (None, "another"):
        with pytest.raises(JanusRefused, match="Unauthorized"):
            await JanusSfu(janus_server.url, secret).try_out()
    with pytest.raises(JanusAway):
        await JanusSfu(f"ws://127.0.0.1:{free_port()}", None).try_out()


async def test_a_janus_that_lets_nobody_in_is_not_there(janus_server: JanusServer) -> None:
    sfu = JanusSfu(janus_server.url, "another")
    running = asyncio.create_task(sfu.run())
    await asyncio.sleep(0.3)
    assert not sfu.is_there
    assert not running.done()
    await ended(running)


async def _running(sfu: JanusSfu) -> asyncio.Task[None]:
    """Have it keep in touch with its Janus, and wait until that is there."""
    running = asyncio.create_task(sfu.run())
    await until(lambda: sfu.is_there, within_s=WITHIN_S, what="Janus is there")
    return running


@asynccontextmanager
async def _linked(server: JanusServer) -> AsyncIterator[JanusLink]:
    link = JanusLink(server.url, SECRET)
    async with link.connected():
        yield link


async def _is_there(server: JanusServer, room: Name) -> bool:
    """Whether somebody could come into a room."""
    async with _linked(server) as link:
        desk = await link.attach(lambda _: None)
        try:
            await desk.ask("join", {"ptype": "publisher", "room": room})
        except JanusRefused as refused:
            assert refused.code == NO_SUCH_ROOM
            return False
    return True


def _ice(description: str) -> str:
    """Return what connections are told apart by."""
    return next(line for line in description.splitlines() if line.startswith("a=ice-ufrag"))
