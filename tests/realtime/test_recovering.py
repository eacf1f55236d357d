"""What was missed is told late, in its place, and to each listener once."""

from __future__ import annotations

import pytest

from tertulia.realtime.broker_memory import MemoryBroker
from tertulia.realtime.hub import Hub
from tertulia.realtime.topic import ConversationTopic
from tests.realtime.facts import ANA, BEA, CHAT, left, sent
from tests.realtime.listening import RecordingConnection, TerseDialect, end_of_turn, listening

TOPIC = ConversationTopic(CHAT)


@pytest.fixture
def hub() -> Hub:
    return Hub(MemoryBroker(), slow_listener_bytes=1 << 20)


def test_it_is_known_up_to_where_everybody_has_heard_everything(hub: Hub) -> None:
    assert hub.told() == {}
    held = listening(hub, TOPIC, None)
    assert hub.told() == {}
    listening(hub, TOPIC, 4)
    assert hub.told() == {CHAT: 4}
    listening(hub, TOPIC, 2)
    assert hub.told() == {CHAT: 2}
    hub.detach(held)


async def test_each_hears_what_they_have_missed_and_no_more(hub: Hub) -> None:
    late, early = listening(hub, TOPIC, 4), listening(hub, TOPIC, 2)
    hub.recover(CHAT, [sent(3), sent(4), sent(6)], 7)
    assert early.log == ["MessageSent 3", "MessageSent 4", "MessageSent 6"]
    assert late.log == ["MessageSent 6"]
    assert hub.told() == {CHAT: 7}
    hub.publish([sent(6), sent(7), sent(8)])
    await end_of_turn()
    assert late.log == ["MessageSent 6", "MessageSent 8"]


async def test_what_came_by_itself_meanwhile_goes_out_in_its_place(hub: Hub) -> None:
    listener = listening(hub, TOPIC)
    hub.publish([sent(4), sent(6)])
    await end_of_turn()
    hub.recover(CHAT, [sent(3)], 4)
    assert listener.log == ["MessageSent 3", "MessageSent 4"]
    hub.recover(CHAT, [sent(5)], 5)
    assert listener.log == [f"MessageSent {seq}" for seq in range(3, 7)]


async def test_who_is_still_reading_hears_it_afterwards(hub: Hub) -> None:
    listening(hub, TOPIC, 2)
    held = RecordingConnection(TerseDialect())
    hub.attach(held)
    subscription = hub.subscribe(held, TOPIC)
    hub.recover(CHAT, [sent(3), sent(4)], 4)
    subscription.open(3)
    assert held.log == ["MessageSent 4"]


async def test_who_lost_the_right_to_listen_is_cut_though_late(hub: Hub) -> None:
    listener = listening(hub, TOPIC)
    hub.recover(CHAT, [left(3, BEA), left(4, ANA), sent(5)], 5)
    assert listener.log == ["MemberLeft 3", "MemberLeft 4", "cut ConversationTopic"]


async def test_a_conversation_that_is_gone_ends(hub: Hub) -> None:
    listener = listening(hub, TOPIC)
    hub.end(CHAT)
    await end_of_turn()
    assert listener.log == ["cut ConversationTopic"]
    hub.end(CHAT)
    hub.recover(CHAT, [sent(3)], 3)
