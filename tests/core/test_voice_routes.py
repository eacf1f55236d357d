"""Channels that outgrow a mesh, and come back: through a real Janus, and without it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager

import pytest

from tertulia.adapters.sfu_janus import JanusSfu
from tertulia.core.errors import ChannelFull, Invalid, NotFound, RateLimited
from tertulia.core.voice_events import VoiceForwarded, VoiceJoined, VoiceRouteChanged
from tertulia.core.voice_line import MAX_WAITING
from tertulia.ending import ended
from tests.core.voice_nodes import MESH_LIMIT as NODES_MESH_LIMIT
from tests.core.voice_nodes import VoiceTown, a_person
from tests.core.voices import PLACE, ROOM_LIMIT, Floor, Guest
from tests.janus_server import SECRET, JanusServer
from tests.offers import offer
from tests.waiting import until

MESH_LIMIT = 2
WITHIN_S = 20.0


@pytest.fixture(scope="module")
def janus() -> Iterator[JanusServer]:
    """Return a Janus that comes and goes."""
    server = JanusServer()
    yield server
    server.stop()


@pytest.fixture
async def sfu(janus: JanusServer) -> AsyncIterator[JanusSfu]:
    """Return a Janus that is there."""
    async with _running(JanusSfu(janus.url, SECRET)) as sfu:
        yield sfu


@pytest.fixture
async def floor(sfu: JanusSfu) -> AsyncIterator[Floor]:
    """Return channels that Janus goes on with."""
    opened = Floor(limit=MESH_LIMIT, sfu=sfu, calm_s=0.05)
    yield opened
    opened.channels.close()


def _come(floor: Floor, count: int) -> list[Guest]:
    guests = [floor.guest(f"guest{number}") for number in range(count)]
    for each in guests:
        each.join()
    return guests


def _route(floor: Floor) -> tuple[str, int, bool]:
    view = floor.channels.view(PLACE)
    return view.route, view.limit, view.end_to_end


async def test_who_does_not_fit_into_a_mesh_has_all_go_through_the_server(floor: Floor) -> None:
    ana, bea = _come(floor, MESH_LIMIT)
    assert _route(floor) == ("mesh", ROOM_LIMIT, True), "more than a mesh fit in from the beginning"
    floor.heard()
    _come(floor, 1)
    route, joined, _ = floor.heard()
    assert route == VoiceRouteChanged(
        conversation_id=PLACE,
        route="sfu",
        limit=ROOM_LIMIT,
        end_to_end=False,
        audience=(ana.session, bea.session),
    )
    assert isinstance(joined, VoiceJoined)
    assert _route(floor) == ("sfu", ROOM_LIMIT, False)
    _come(floor, 1)
    with pytest.raises(ChannelFull) as refused:
        _come(floor, 1)
    assert refused.value.limit == ROOM_LIMIT


async def test_what_is_offered_to_the_server_is_answered_to_who_offers(floor: Floor) -> None:
    ana, bea, _ = _come(floor, 3)
    floor.heard()
    for each in (ana, bea):
        each.tell_sfu("up", "offer", sdp=offer("audio"))
        each.tell_sfu("up", "ice_candidate", candidate=None)
    answers: list[VoiceForwarded] = []

    def have_come() -> bool:
        answers.extend(each for each in floor.heard() if isinstance(each, VoiceForwarded))
        return len(answers) == 2

    await until(have_come, within_s=WITHIN_S, what="two answers")
    assert {each.to_session for each in answers} == {ana.session, bea.session}
    for answer in answers:
        assert (answer.way, answer.kind) == ("up", "answer")
        assert str(answer.content["sdp"]).startswith("v=0")


async def test_only_who_is_there_speaks_with_the_server_and_only_while_it_forwards(
    floor: Floor,
) -> None:
    ana, bea = _come(floor, MESH_LIMIT)
    with pytest.raises(NotFound):
        ana.tell_sfu("up", "offer", sdp=offer("audio"))
    _come(floor, 1)
    for way in (None, "sideways", bea.session):
        with pytest.raises(NotFound):
            ana.tell_sfu(way, "offer", sdp=offer("audio"))
    for way, kind in (("up", "answer"), ("down", "offer")):
        with pytest.raises(Invalid) as refused:
            ana.tell_sfu(way, "answer" if kind == "answer" else "offer", sdp=offer("audio"))
        assert refused.value.attr == "to_session"
    floor.channels.remove(PLACE, bea.id)
    with pytest.raises(NotFound):
        bea.tell_sfu("up", "offer", sdp=offer("audio"))


async def test_few_enough_for_a_while_are_a_mesh_again(floor: Floor) -> None:
    ana, bea, caro = _come(floor, 3)
    caro.leave()
    assert _route(floor)[0] == "sfu", "as many as fit into a mesh may soon be more"
    bea.leave()
    bea.join()
    await asyncio.sleep(0.2)
    assert _route(floor)[0] == "sfu", "who comes back at once moves nobody"
    floor.heard()
    bea.vanish()
    bea.leave()
    await until(lambda: floor.has_heard(VoiceRouteChanged), within_s=WITHIN_S, what="a mesh")
    (route,) = (each for each in floor.heard() if isinstance(each, VoiceRouteChanged))
    assert (route.route, route.end_to_end, route.audience) == ("mesh", True, (ana.session,))
    with pytest.raises(NotFound):
        ana.tell_sfu("up", "offer", sdp=offer("audio"))
    bea.join()
    caro.join()
    assert _route(floor)[0] == "sfu"


async def test_without_the_server_a_mesh_is_what_is_left(
    floor: Floor, sfu: JanusSfu, janus: JanusServer
) -> None:
    guests = _come(floor, 3)
    floor.heard()
    janus.halt()
    try:
        await until(lambda: floor.has_heard(VoiceRouteChanged), within_s=WITHIN_S, what="a mesh")
        assert _route(floor) == ("mesh", MESH_LIMIT, True)
        assert len(floor.channels.participants_in(PLACE)) == 3, "who is in stays in"
        with pytest.raises(ChannelFull) as refused:
            _come(floor, 1)
        assert refused.value.limit == MESH_LIMIT
        floor.heard()
    finally:
        janus.begin()
    await until(lambda: floor.has_heard(VoiceRouteChanged), within_s=WITHIN_S, what="Janus")
    assert sfu.is_there
    assert _route(floor) == ("sfu", ROOM_LIMIT, False)
    guests[0].tell_sfu("up", "offer", sdp=offer("audio"))
    await until(lambda: floor.has_heard(VoiceForwarded), within_s=WITHIN_S, what="an answer")


async def test_more_than_can_wait_is_refused(floor: Floor, janus: JanusServer) -> None:
    ana, _, _ = _come(floor, 3)
    ana.tell_sfu("up", "offer", sdp=offer("audio"))
    await until(lambda: floor.has_heard(VoiceForwarded), within_s=WITHIN_S, what="an answer")
    janus.freeze()
    try:
        with pytest.raises(RateLimited):
            for _ in range(2 * MAX_WAITING):
                ana.tell_sfu("up", "ice_candidate", candidate=None)
    finally:
        janus.thaw()


async def test_where_no_server_is_known_the_mesh_is_the_limit() -> None:
    floor = Floor(limit=MESH_LIMIT)
    (ana, _) = _come(floor, MESH_LIMIT)
    assert _route(floor) == ("mesh", MESH_LIMIT, True)
    with pytest.raises(ChannelFull):
        _come(floor, 1)
    with pytest.raises(NotFound):
        ana.tell_sfu("up", "offer", sdp=offer("audio"))


async def test_people_of_two_nodes_are_forwarded_in_one_room(janus: JanusServer) -> None:
    async with AsyncExitStack() as closing:
        sfus = [
            await closing.enter_async_context(
                _running(JanusSfu(janus.url, SECRET, town_key="k" * 32))
            )
            for _ in range(2)
        ]
        town = VoiceTown(sfus=sfus)
        closing.callback(town.close)
        one, other = town.nodes
        guests = [
            town.nodes[at % 2].guest(a_person(f"guest{at}")) for at in range(NODES_MESH_LIMIT)
        ]
        for guest in guests:
            guest.join()
            town.settle()
        assert [node.channels.view(PLACE).route for node in town.nodes] == ["mesh", "mesh"]
        late = one.guest(a_person("late"))
        late.join()
        town.settle()
        assert [node.channels.view(PLACE).route for node in town.nodes] == ["sfu", "sfu"]
        turned = [event for event in town.told() if isinstance(event, VoiceRouteChanged)]
        told = [session for event in turned for session in event.audience]
        assert sorted(told) == sorted(guest.session for guest in guests), "each is told once"

        # Who comes to a node where nobody was goes the way of the others, until they turn back.
        for guest in guests:
            if guest.channels is other.channels:
                guest.leave()
        town.settle()
        newcomer = other.guest(a_person("newcomer"))
        newcomer.join()
        town.settle()
        assert other.channels.view(PLACE).route == "sfu"


@asynccontextmanager
async def _running(sfu: JanusSfu) -> AsyncIterator[JanusSfu]:
    running = asyncio.create_task(sfu.run())
    await until(lambda: sfu.is_there, within_s=WITHIN_S, what="Janus is there")
    yield sfu
    await ended(running)
