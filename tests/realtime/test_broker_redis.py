"""What is particular to the road over Redis: it breaks, and other versions travel on it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack
from typing import NoReturn, Protocol, get_args
from uuid import UUID

import pytest
from msgspec import Raw
from msgspec.msgpack import encode
from redis.asyncio.client import Pipeline

from tertulia.core.events import ConversationEnded, Event, MessageSent
from tertulia.core.presence_events import PresenceChanged, TypingStarted
from tertulia.realtime import broker_redis, broker_writer, envelope
from tertulia.realtime.broker_redis import RedisBroker
from tertulia.realtime.channels import NODES, channels_of
from tertulia.realtime.topic import AccountTopic, ConversationTopic
from tertulia.redis_link import RedisLink
from tests.realtime.facts import ANA, BEA, CARO, CHAT, sealed_sent, sent
from tests.services import RedisServer
from tests.waiting import until, until_found

TOPIC = ConversationTopic(CHAT)
WITHIN_S = 15.0


class OpenNode(Protocol):
    """What opens a node, to which Redis is lost after two silences of this length."""

    async def __call__(self, silence_s: float = 2.0) -> RedisBroker: ...


@pytest.fixture
def redis() -> Iterator[RedisServer]:
    """Return a Redis that the test may end and start again."""
    server = RedisServer()
    yield server
    server.stop()


@pytest.fixture
async def open_node(redis: RedisServer) -> AsyncIterator[OpenNode]:
    async with AsyncExitStack() as closing:

        async def opened(silence_s: float = 2.0) -> RedisBroker:
            link = RedisLink(redis.url)
            closing.push_async_callback(link.close)
            broker = RedisBroker(link, linger_s=0.05, silence_s=silence_s)
            broker.open()
            closing.push_async_callback(broker.close)
            await _until_connected(broker)
            broker.follow(TOPIC)
            await broker.followed([TOPIC])
            return broker

        yield opened


async def _until_connected(broker: RedisBroker) -> None:
    await until(lambda: broker.is_connected, within_s=WITHIN_S, what="the node reached Redis")


async def test_an_idle_subscription_stays_alive(open_node: OpenNode) -> None:
    silence_s = 1.0
    one, other = await open_node(silence_s), await open_node(silence_s)
    breaks: list[str] = []
    other.when_back(lambda: breaks.append("back"))
    heard: list[Event] = []
    other.listen(heard.extend)
    await asyncio.sleep(silence_s * 4)  # nothing is said for longer than any read waits
    one.publish([sent(2)])
    await until(lambda: heard == [sent(2)], within_s=WITHIN_S, what="it was heard")
    assert breaks == []


async def test_after_an_outage_all_topics_are_heard_again_and_it_is_told(
    open_node: OpenNode, redis: RedisServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, other = await open_node(), await open_node()
    backs: list[str] = []
    other.when_back(lambda: backs.append("back"))
    own: list[Event] = []
    heard: list[Event] = []
    one.listen(own.extend)
    other.listen(heard.extend)
    backs.clear()
    redis.halt()
    await until(lambda: not other.is_connected, within_s=WITHIN_S, what="the outage was noticed")
    one.publish([sent(2)])
    assert own == [sent(2)]
    # Nobody is held up while there is nobody to wait for.
    with monkeypatch.context() as patched:
        patched.setattr(broker_redis, "FOLLOW_WAIT_S", 60.0)
        await asyncio.wait_for(other.followed([TOPIC, AccountTopic(ANA)]), 10)
    redis.begin()
    await _until_connected(other)
    await until(lambda: backs == ["back"], within_s=WITHIN_S, what="it was told")
    await _until_connected(one)
    one.publish([sent(3)])
    await until(lambda: sent(3) in heard, within_s=WITHIN_S, what="it was heard")
    assert len(heard) == len(set(map(str, heard)))


async def test_whatever_fails_in_hearing_the_node_connects_again(
    open_node: OpenNode, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    one, other = await open_node(), await open_node()
    backs: list[str] = []
    other.when_back(_fail)
    other.when_back(lambda: backs.append("back"))
    heard: list[Event] = []
    other.listen(heard.extend)
    with monkeypatch.context() as patch:
        patch.setattr(envelope, "unseal", _fail)
        one.publish([sent(2)])
        await until(lambda: backs == ["back"], within_s=5, what="the node connected again")
    one.publish([sent(3)])
    await until(lambda: heard == [sent(3)], within_s=5, what="the next one was heard")
    assert "unforeseen" in caplog.text


async def test_whatever_fails_in_sending_what_waits_is_sent_again(
    open_node: OpenNode, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    one, other = await open_node(), await open_node()
    heard: list[Event] = []
    other.listen(heard.extend)
    with monkeypatch.context() as patch:
        patch.setattr(Pipeline, "execute", _fail)
        one.publish([sent(2)])
        await until(lambda: "unforeseen" in caplog.text, within_s=5, what="the failure was told")
    one.publish([sent(3)])
    await until(lambda: heard == [sent(2), sent(3)], within_s=5, what="both were heard")


def _fail(*_: object) -> NoReturn:
    raise RuntimeError("unforeseen")


async def test_a_server_that_says_nothing_is_given_up(
    open_node: OpenNode, redis: RedisServer
) -> None:
    node = await open_node(0.5)
    redis.freeze()
    try:
        await until(lambda: not node.is_connected, within_s=5, what="the silence was noticed")
    finally:
        redis.thaw()
    await _until_connected(node)


async def test_what_nobody_follows_any_more_is_given_up_after_a_while(
    open_node: OpenNode, redis: RedisServer
) -> None:
    node = await open_node()
    node.unfollow(TOPIC)
    link = RedisLink(redis.url)

    async def count() -> int:
        ((_, subscribers),) = await link.redis.pubsub_numsub(f"{link.space}conversation:{CHAT}")
        return int(subscribers)

    async def is_given_up() -> bool | None:
        return True if await count() == 0 else None

    assert await count() == 1
    await until_found(is_given_up, within_s=WITHIN_S, what="the topic was given up")
    await link.close()


async def test_what_another_version_says_is_passed_over(
    open_node: OpenNode, redis: RedisServer, caplog: pytest.LogCaptureFixture
) -> None:
    node = await open_node()
    heard: list[Event] = []
    node.listen(heard.extend)
    link = RedisLink(redis.url)
    unknown = envelope.Envelope("later", 1, "HologramShown", Raw(encode({"x": 1})))
    without = envelope.Envelope("later", 2, MessageSent.__name__, Raw(encode({"seq": 1})))
    for payload in (encode(unknown), encode(without), b"no envelope", encode([1, 2])):
        await link.redis.publish(link.space + NODES, payload)
    await link.redis.publish(link.space + NODES, envelope.seal("later", 3, sent(2)))
    await until(lambda: heard == [sent(2)], within_s=WITHIN_S, what="what can be read was heard")
    assert "HologramShown" in caplog.text
    assert "MessageSent" in caplog.text
    await link.close()


async def test_what_waits_for_redis_is_bounded_and_the_oldest_goes_first(
    open_node: OpenNode, redis: RedisServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, other = await open_node(), await open_node()
    heard: list[Event] = []
    other.listen(heard.extend)
    size = len(envelope.seal("0" * 32, 100, sent(100)))
    monkeypatch.setattr(broker_writer, "MAX_WAITING_BYTES", size * 10)
    redis.freeze()
    one.publish([sent(seq) for seq in range(1, 101)])
    redis.thaw()
    await until(lambda: sent(100) in heard, within_s=WITHIN_S, what="the latest was heard")
    seqs = [event.seq for event in heard if isinstance(event, MessageSent)]
    assert seqs == list(range(101 - len(seqs), 101))
    assert len(seqs) <= 11


@pytest.mark.parametrize("kind", get_args(Event), ids=lambda kind: kind.__name__)
def test_every_kind_of_event_has_a_way_to_travel(kind: type[Event]) -> None:
    assert envelope.unseal(envelope.Envelope("a", 1, kind.__name__, Raw(encode(None)))) is None
    assert kind.__name__ in envelope.KINDS


@pytest.mark.parametrize(
    "event",
    [
        sent(3),
        sealed_sent(ANA, BEA),
        PresenceChanged(joins={ANA: ()}, leaves={}, came=frozenset({ANA})),
        ConversationEnded(conversation_id=CHAT, account_ids=(ANA,), reason="left"),
    ],
    ids=lambda event: type(event).__name__,
)
def test_an_event_arrives_as_it_was_sent(event: Event) -> None:
    came = envelope.read(envelope.seal("a", 1, event))
    assert came is not None
    assert envelope.unseal(came) == event


def test_what_many_are_told_is_published_once() -> None:
    assert channels_of(sealed_sent(ANA, BEA, CARO)) == (NODES,)
    assert channels_of(sealed_sent(ANA)) == (f"conversation:{CHAT}", f"account:{ANA}")
    typing = TypingStarted(conversation_id=UUID(int=7), person=sent(2).sender)
    assert channels_of(typing) == (f"conversation:{UUID(int=7)}",)
