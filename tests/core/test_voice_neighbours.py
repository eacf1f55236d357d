"""Voice channels whose people come by several nodes: all of them see one channel."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from uuid import UUID

import pytest

from tertulia.core.errors import ChannelFull, NotFound
from tertulia.core.participant import OwnState
from tertulia.core.voice_events import (
    CallDeclined,
    CallEnded,
    CallStarted,
    VoiceChanged,
    VoiceJoined,
    VoiceLeft,
    VoiceSeats,
    VoiceSignalled,
)
from tertulia.core.voice_neighbours import LOST_S
from tests.core.voice_nodes import MESH_LIMIT, VoiceTown, a_person, moved
from tests.core.voices import PLACE, Guest


@pytest.fixture
async def town() -> AsyncIterator[VoiceTown]:
    """Return two nodes."""
    town = VoiceTown()
    yield town
    town.close()


async def pair(town: VoiceTown) -> tuple[Guest, Guest]:
    """Return Ana, who is in by the one, and Bea, who is in by the other."""
    ana, bea = (
        node.guest(a_person(name)) for node, name in zip(town.nodes, ("ana", "bea"), strict=True)
    )
    ana.join()
    town.settle()
    bea.join()
    town.settle()
    return ana, bea


def let_pass(monkeypatch: pytest.MonkeyPatch, passed_s: float) -> None:
    """Have it be so much later at once, for all nodes."""
    loop = asyncio.get_running_loop()
    time_s = loop.time
    monkeypatch.setattr(loop, "time", lambda: time_s() + passed_s)


async def test_those_who_come_by_different_nodes_are_in_one_channel(town: VoiceTown) -> None:
    ana, bea = await pair(town)
    for node in town.nodes:
        assert node.channels.participants_in(PLACE) == (ana.id, bea.id)
        assert node.channels.view(PLACE).participants == (ana.seen(), bea.seen())
    told = [event for event in town.told() if not isinstance(event, VoiceSeats)]
    joined = next(event for event in told if isinstance(event, VoiceJoined) and event.audience)
    assert joined.audience == (ana.session,)
    assert told[-1] == VoiceChanged(
        conversation_id=PLACE, people=(ana.person.face, bea.person.face)
    )
    ana.channels.signal(ana.actor, PLACE, ana.session, bea.address, "offer", {"sdp": "v=0"})
    (signalled,) = (event for event in town.told() if isinstance(event, VoiceSignalled))
    assert signalled.to_session == bea.session
    bea.leave()
    town.settle()
    assert town.nodes[0].channels.participants_in(PLACE) == (ana.id,)


async def test_a_state_is_seen_at_the_other_node(town: VoiceTown) -> None:
    ana, bea = await pair(town)
    ana.say(OwnState(muted=True, sharing=True))
    town.settle()
    (seen, _) = town.nodes[1].channels.view(PLACE).participants
    assert seen == ana.seen()
    assert (seen.muted, seen.sharing) == (True, True)
    assert bea.seen() == town.nodes[0].channels.view(PLACE).participants[1]


async def test_a_moderator_silences_and_removes_who_came_by_another_node(town: VoiceTown) -> None:
    ana, bea = await pair(town)
    # What her own client says meanwhile is not undone by what the moderator's node knew of her.
    bea.say(OwnState(sharing=True))
    town.nodes[0].channels.silence(PLACE, bea.id, True)
    town.settle()
    for node in town.nodes:
        (_, seen) = node.channels.view(PLACE).participants
        assert (seen.silenced, seen.sharing) == (True, True)
    assert not bea.channels.is_heard(PLACE, *bea.address)
    # It stays so however she comes in again.
    bea.join()
    assert bea.seen().silenced
    town.settle()
    town.told()
    town.nodes[0].channels.remove(PLACE, bea.id)
    town.settle()
    assert [node.channels.participants_in(PLACE) for node in town.nodes] == [(ana.id,)] * 2
    (left,) = (event for event in town.told() if isinstance(event, VoiceLeft))
    assert (left.reason, left.session) == ("removed", bea.session)
    with pytest.raises(NotFound):
        bea.say(OwnState(muted=True))


async def test_who_comes_in_by_another_node_takes_over(town: VoiceTown) -> None:
    ana, bea = await pair(town)
    again = town.nodes[1].guest(ana.person)
    town.told()
    again.join()
    town.settle()
    (left,) = (event for event in town.told() if isinstance(event, VoiceLeft))
    assert (left.reason, left.session) == ("taken_over", ana.session)
    for node in town.nodes:
        sessions = {each.session for each in node.channels.view(PLACE).participants}
        assert sessions == {again.session, bea.session}
    with pytest.raises(NotFound):
        ana.say(OwnState(muted=True))


async def test_who_comes_in_by_both_at_once_is_there_once(town: VoiceTown) -> None:
    person = a_person("ana")
    one, other = (node.guest(person) for node in town.nodes)
    one.join()
    other.join()
    town.settle()
    (seen, also_seen) = (node.channels.view(PLACE).participants for node in town.nodes)
    assert seen == also_seen
    assert [each.session for each in seen] == [max(one.session, other.session)]
    (left,) = (event for event in town.told() if isinstance(event, VoiceLeft))
    assert (left.reason, left.session) == ("taken_over", min(one.session, other.session))


async def test_whose_client_comes_back_by_another_node_was_never_away(town: VoiceTown) -> None:
    ana, bea = await pair(town)
    ana.vanish()
    back = moved(ana, town.nodes[1])
    town.told()
    back.join(session=ana.session)
    # What the first node says still, before it has heard of it, changes nothing.
    town.nodes[0].neighbours.beat()
    town.settle()
    assert back.session == ana.session
    for node in town.nodes:
        assert node.channels.participants_in(PLACE) == (ana.id, bea.id)
    assert [[each.person.id for each in node.held()] for node in town.nodes] == [
        [],
        [ana.id, bea.id],
    ]
    back.say(OwnState(muted=True))
    town.settle()
    assert town.nodes[0].channels.view(PLACE).participants[0].muted
    assert not any(isinstance(event, VoiceLeft | VoiceJoined) for event in town.told())


async def test_what_was_lost_on_the_way_is_said_again(town: VoiceTown) -> None:
    ana, bea = await pair(town)
    caro = town.nodes[0].guest(a_person("caro"))
    caro.join()
    ana.leave()
    town.nodes[1].arriving.clear()
    town.nodes[0].neighbours.beat()
    town.settle()
    assert town.nodes[1].channels.participants_in(PLACE) == (bea.id, caro.id)


async def test_an_end_that_was_lost_on_the_way_is_noticed_though_its_node_goes_on(
    town: VoiceTown, monkeypatch: pytest.MonkeyPatch
) -> None:
    ana, bea = await pair(town)
    town.nodes[0].guest(a_person("caro")).join(UUID(int=2))
    ana.leave()
    town.nodes[1].arriving.clear()
    let_pass(monkeypatch, LOST_S + 1)
    town.nodes[0].neighbours.tell(UUID(int=2))
    town.settle()
    town.nodes[1].neighbours.beat()
    assert town.nodes[1].channels.participants_in(PLACE) == (bea.id,)
    assert len(town.nodes[1].channels.participants_in(UUID(int=2))) == 1


async def test_a_node_that_knows_nobody_learns_of_all_with_the_first_who_comes(
    town: VoiceTown,
) -> None:
    bea = town.nodes[1].guest(a_person("bea"))
    bea.join()
    town.nodes[1].welcome(bea.session)
    town.nodes[0].arriving.clear()
    ana = town.nodes[0].guest(a_person("ana"))
    ana.join()
    town.nodes[0].welcome(ana.session)
    town.settle()
    both = {ana.session, bea.session}
    assert town.nodes[0].seen == {ana.session: both}
    assert town.nodes[1].seen == {bea.session: both}


async def test_those_of_a_node_that_is_gone_are_gone(
    town: VoiceTown, monkeypatch: pytest.MonkeyPatch
) -> None:
    ana, bea = await pair(town)
    town.told()
    let_pass(monkeypatch, LOST_S + 1)
    left_over = town.nodes[1]
    # Whoever hears nobody knows nothing of them.
    left_over.is_cut_off = True
    left_over.neighbours.beat()
    assert left_over.channels.participants_in(PLACE) == (ana.id, bea.id)
    left_over.is_cut_off = False
    let_pass(monkeypatch, LOST_S + 1)
    left_over.neighbours.beat()
    assert left_over.channels.participants_in(PLACE) == (bea.id,)
    told = [event for event in town.told() if not isinstance(event, VoiceSeats)]
    assert told == [
        VoiceLeft(
            conversation_id=PLACE,
            account_id=ana.id,
            session=ana.session,
            reason="vanished",
            audience=(ana.session, bea.session),
        ),
        VoiceChanged(conversation_id=PLACE, people=(bea.person.face,)),
    ]


async def test_of_several_that_are_left_one_tells_of_it(monkeypatch: pytest.MonkeyPatch) -> None:
    town = VoiceTown(3)
    for node, name in zip(town.nodes, ("ana", "bea", "caro"), strict=True):
        node.guest(a_person(name)).join()
    town.settle()
    town.told()
    let_pass(monkeypatch, LOST_S + 1)
    for node in town.nodes[1:]:
        for other in town.nodes[1:]:
            other.neighbours.tell(PLACE)
        node.hear()
    for node in town.nodes[1:]:
        node.neighbours.beat()
    assert len([event for event in town.told() if isinstance(event, VoiceLeft)]) == 1
    town.close()


async def test_a_channel_is_full_by_all_who_are_in_it(town: VoiceTown) -> None:
    for number in range(MESH_LIMIT):
        town.nodes[number % 2].guest(a_person(f"guest-{number}")).join()
        town.settle()
    for node in town.nodes:
        with pytest.raises(ChannelFull):
            node.guest(a_person("late")).join()


async def test_a_call_rings_and_is_answered_by_any_node(town: VoiceTown) -> None:
    ana = town.nodes[0].guest(a_person("ana"))
    bea = town.nodes[1].guest(a_person("bea"))
    ana.join(callee_id=bea.id)
    town.settle()
    (call,) = town.nodes[1].channels.calls.ringing_at(bea.id)
    assert isinstance(call, CallStarted)
    bea.join()
    town.settle()
    (ended,) = (event for event in town.told() if isinstance(event, CallEnded))
    assert ended.reason == "answered"
    assert [node.channels.calls.ringing_at(bea.id) for node in town.nodes] == [(), ()]


async def test_a_call_is_declined_by_any_node_and_ends_once(town: VoiceTown) -> None:
    ana = town.nodes[0].guest(a_person("ana"))
    bea = town.nodes[1].guest(a_person("bea"))
    ana.join(callee_id=bea.id)
    town.settle()
    town.nodes[1].channels.calls.decline(PLACE, bea.id)
    town.settle()
    ana.leave()
    ends = [event for event in town.told() if isinstance(event, CallEnded | CallDeclined)]
    assert [type(event) for event in ends] == [CallEnded, CallDeclined]
    assert town.nodes[0].channels.calls.ringing_at(bea.id) == ()
