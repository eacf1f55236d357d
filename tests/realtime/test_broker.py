"""What every broker promises, whatever carries the events.

Another implementation joins these tests by a function of its own in `nodes`: it gives the brokers
of three nodes that reach each other.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence

import pytest

from tertulia.core.events import Event, TypingStarted
from tertulia.realtime.broker import Broker
from tertulia.realtime.broker_memory import MemoryBroker
from tests.realtime.facts import ANA, BEA, CHAT, left, sent
from tests.waiting import until

TYPING = TypingStarted(conversation_id=CHAT, account_id=BEA)


@pytest.fixture(params=["memory"])
async def nodes(request: pytest.FixtureRequest) -> AsyncIterator[Sequence[Broker]]:
    brokers = {"memory": _in_memory}[request.param]()
    yield brokers
    for broker in brokers:
        await broker.close()


def _in_memory() -> Sequence[Broker]:
    return [MemoryBroker()] * 3  # the nodes of one process share it


class Ear:
    """Writes down what one node hears."""

    def __init__(self, broker: Broker) -> None:
        self.heard: list[Event] = []
        broker.listen(self.heard.extend)

    async def hears(self, *events: Event) -> None:
        """Wait until as many events were heard, which must be these in this order."""
        await until(
            lambda: len(self.heard) >= len(events), within_s=5, what="the events were heard"
        )
        assert self.heard == list(events)


async def test_what_one_node_publishes_every_node_hears_itself_included(
    nodes: Sequence[Broker],
) -> None:
    ears = [Ear(node) for node in nodes]
    nodes[0].publish([sent(2)])
    for ear in ears:
        await ear.hears(sent(2))


async def test_events_of_one_node_come_in_the_order_of_their_publishing(
    nodes: Sequence[Broker],
) -> None:
    ear = Ear(nodes[1])
    nodes[0].publish([sent(2), left(3, ANA)])
    nodes[0].publish([])
    nodes[0].publish([TYPING])
    nodes[0].publish([sent(4)])
    await ear.hears(sent(2), left(3, ANA), TYPING, sent(4))


async def test_one_node_may_have_several_ears(nodes: Sequence[Broker]) -> None:
    ears = [Ear(nodes[0]), Ear(nodes[0])]
    nodes[0].publish([sent(2)])
    for ear in ears:
        await ear.hears(sent(2))


async def test_a_closed_broker_delivers_nothing_more(nodes: Sequence[Broker]) -> None:
    ear = Ear(nodes[0])
    nodes[0].publish([sent(2)])
    await ear.hears(sent(2))
    await nodes[0].close()
    await nodes[0].close()
    nodes[0].publish([sent(3)])
    assert ear.heard == [sent(2)]
