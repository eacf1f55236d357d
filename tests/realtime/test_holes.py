"""What is missing is jumped where nothing is lost; else who misses it hears it, or comes back."""

from __future__ import annotations

import pytest

from tertulia.realtime.broker_memory import MemoryBroker
from tertulia.realtime.hub import Hub
from tertulia.realtime.sequencer import MAX_EARLY
from tertulia.realtime.topic import ConversationTopic
from tests.realtime.facts import ANA, CHAT, left, sent
from tests.realtime.listening import RecordingConnection, TerseDialect, end_of_turn, listening

TOPIC = ConversationTopic(CHAT)
COME_BACK = "close 1013 reconnect"


@pytest.fixture
def hub(monkeypatch: pytest.MonkeyPatch) -> Hub:
    """Return a node that does not wait before it looks what is missing."""
    monkeypatch.setattr("tertulia.realtime.holes.HOLE_S", 0)
    return Hub(MemoryBroker(), slow_listener_bytes=1 << 20)


@pytest.fixture
def looks(hub: Hub) -> list[str]:
    """Have that node be one of several, and return how it was asked to look."""
    looks: list[str] = []
    hub.holes.look_up = lambda: looks.append("look")
    return looks


async def _published(hub: Hub, *seqs: int) -> None:
    """Have these be sent, and what is missing be noticed."""
    hub.publish([sent(seq) for seq in seqs])
    for _ in range(4):
        await end_of_turn()


async def test_a_hole_is_looked_up_before_anything_else(hub: Hub, looks: list[str]) -> None:
    listener = listening(hub, TOPIC)
    await _published(hub, 4)
    assert (looks, listener.log) == (["look"], [])
    hub.recover(CHAT, [sent(3)], 3)
    assert listener.log == ["MessageSent 3", "MessageSent 4"]


async def test_a_hole_in_which_a_look_finds_nothing_is_jumped(hub: Hub, looks: list[str]) -> None:
    listener = listening(hub, TOPIC)
    for seq in (4, 6):
        await _published(hub, seq)
        hub.holes.looked_up(hub.holes.asked)
    assert looks == ["look"] * 2
    assert listener.log == ["MessageSent 4", "MessageSent 6"]


async def test_a_look_that_had_begun_before_the_hole_was_seen_says_nothing_of_it(
    hub: Hub, looks: list[str]
) -> None:
    listener = listening(hub, TOPIC)
    asked = hub.holes.asked
    await _published(hub, 4)
    hub.holes.looked_up(asked)
    assert listener.log == []
    hub.recover(CHAT, [left(3, ANA)], 4)
    assert listener.log == ["MemberLeft 3", "cut ConversationTopic"]
    assert looks == ["look"]


@pytest.mark.usefixtures("looks")
async def test_who_misses_what_nobody_could_look_up_in_time_comes_back(
    hub: Hub, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tertulia.realtime.holes.LOOK_S", 0)
    reading, ahead = listening(hub, TOPIC, None), listening(hub, TOPIC, 4)
    behind = [listening(hub, TOPIC), listening(hub, TOPIC)]
    await _published(hub, 4)
    await _published(hub, 5)
    assert [each.log for each in behind] == [[COME_BACK]] * 2
    assert (reading.log, ahead.log) == ([], ["MessageSent 5"])
    again = listening(hub, TOPIC, 5)
    await _published(hub, 6)
    assert (ahead.log, again.log) == (["MessageSent 5", "MessageSent 6"], ["MessageSent 6"])
    assert hub.told() == {CHAT: 6}


@pytest.mark.usefixtures("looks")
async def test_a_conversation_that_all_were_sent_away_from_begins_anew(
    hub: Hub, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tertulia.realtime.holes.LOOK_S", 0)
    reading, listener = RecordingConnection(TerseDialect()), listening(hub, TOPIC)
    hub.attach(reading)
    held = hub.subscribe(reading, TOPIC)
    await _published(hub, 4)
    assert (listener.log, hub.told()) == ([COME_BACK], {})
    await _published(hub, 5)
    held.open(3)
    assert reading.log == ["MessageSent 4", "MessageSent 5"]


@pytest.mark.usefixtures("looks")
async def test_who_waits_with_more_than_may_wait_comes_back(
    hub: Hub, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tertulia.realtime.holes.HOLE_S", 3600)
    listener = listening(hub, TOPIC)
    await _published(hub, *range(4, 4 + MAX_EARLY))
    assert listener.log == []
    await _published(hub, 4 + MAX_EARLY)
    assert listener.log == [COME_BACK]


async def test_on_a_node_that_is_alone_more_than_may_wait_jumps_the_hole(
    hub: Hub, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tertulia.realtime.holes.HOLE_S", 3600)
    listener = listening(hub, TOPIC)
    seqs = range(4, 5 + MAX_EARLY)
    await _published(hub, *seqs)
    assert listener.log == [f"MessageSent {seq}" for seq in seqs]
