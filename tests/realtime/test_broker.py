"""What every broker promises, whatever carries the events.

Another implementation joins these tests by a function of its own in `nodes`: it gives the brokers
of three nodes that reach each other.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack

import pytest

from tertulia.core.events import Event
from tertulia.core.presence_events import TypingStarted, VisibilityChanged
from tertulia.realtime.broker import Broker
from tertulia.realtime.broker_memory import MemoryBroker
from tertulia.realtime.broker_redis import RedisBroker
from tertulia.realtime.topic import AccountTopic, ConversationTopic
from tertulia.redis_link import RedisLink
from tests.realtime.facts import ANA, BEA, CHAT, face_of, left, sealed_sent, sent
from tests.waiting import until

CHAT_TOPIC = ConversationTopic(CHAT)
TYPING = TypingStarted(conversation_id=CHAT, person=face_of(BEA))


@pytest.fixture(params=["memory", "redis"])
async def nodes(request: pytest.FixtureRequest) -> AsyncIterator[Sequence[Broker]]:
    async with AsyncExitStack() as closing:
        brokers: Sequence[Broker] = [MemoryBroker()] * 3  # the nodes of one process share it
        if request.param == "redis":
            url = request.getfixturevalue("redis_url")
            brokers = [await _over_redis(closing, url) for _ in range(3)]
        for broker in brokers:
            broker.follow(CHAT_TOPIC)
        for broker in brokers:
            await broker.followed([CHAT_TOPIC])
        yield brokers
        for broker in brokers:
            await broker.close()


async def _over_redis(closing: AsyncExitStack, url: str) -> Broker:
    link = RedisLink(url)
    closing.push_async_callback(link.close)
    broker = RedisBroker(link)
    broker.open()
    await until(lambda: broker.is_connected, within_s=5, what="a node reached Redis")
    return broker


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


async def test_an_ear_that_fails_keeps_nothing_from_the_others(
    nodes: Sequence[Broker], caplog: pytest.LogCaptureFixture
) -> None:
    failures = [RuntimeError("here"), RuntimeError("there")]

    def fail_once(_: Sequence[Event]) -> None:
        if failures:
            raise failures.pop()

    nodes[0].listen(fail_once)
    nodes[1].listen(fail_once)
    ears = [Ear(node) for node in nodes]
    nodes[0].publish([sent(2)])
    nodes[0].publish([sent(3)])
    for ear in ears:
        await ear.hears(sent(2), sent(3))
    assert not failures
    assert "RuntimeError: there" in caplog.text


async def test_what_nodes_act_on_is_heard_by_all_whatever_they_follow(
    nodes: Sequence[Broker],
) -> None:
    ear = Ear(nodes[1])
    hidden = VisibilityChanged(account_id=ANA, hidden=True)
    nodes[0].publish([hidden])
    await ear.hears(hidden)


async def test_what_is_said_on_several_topics_is_heard_once(nodes: Sequence[Broker]) -> None:
    ear = Ear(nodes[1])
    own = [AccountTopic(ANA), AccountTopic(BEA)]
    for topic in own:
        nodes[1].follow(topic)
    await nodes[1].followed(own)
    sealed = sealed_sent(ANA, BEA)
    nodes[0].publish([sealed, sent(4)])
    await ear.hears(sealed, sent(4))


async def test_a_topic_that_is_followed_again_is_heard_on(nodes: Sequence[Broker]) -> None:
    ear = Ear(nodes[1])
    for _ in range(3):
        nodes[1].unfollow(CHAT_TOPIC)
        nodes[1].follow(CHAT_TOPIC)
    await nodes[1].followed([CHAT_TOPIC])
    nodes[0].publish([sent(2)])
    await ear.hears(sent(2))


async def test_a_closed_broker_delivers_nothing_more(nodes: Sequence[Broker]) -> None:
    ear = Ear(nodes[0])
    nodes[0].publish([sent(2)])
    await ear.hears(sent(2))
    await nodes[0].close()
    await nodes[0].close()
    nodes[0].publish([sent(3)])
    assert ear.heard == [sent(2)]
