"""A listener who comes and asks: what waits, who is answered, and when it counts as gone."""

from __future__ import annotations

import asyncio

import pytest

from tertulia.core.model import Actor
from tertulia.realtime.broker_memory import MemoryBroker
from tertulia.realtime.connection_polled import PolledConnection
from tertulia.realtime.hub import Hub
from tertulia.realtime.topic import ConversationTopic
from tests.realtime.facts import ANA, CHAT, SESSION, sent
from tests.realtime.listening import RecordingHandler, TerseDialect, end_of_turn

TOPIC = ConversationTopic(CHAT)
SOON_S = 0.05
LONG_S = 5.0


@pytest.fixture
def hub() -> Hub:
    return Hub(MemoryBroker(), slow_listener_bytes=40)


@pytest.fixture
def log() -> list[str]:
    return []


@pytest.fixture
def listener(hub: Hub, log: list[str]) -> PolledConnection:
    connection = PolledConnection(
        Actor(account_id=ANA, session_id=SESSION),
        TerseDialect(),
        max_waiting_bytes=hub.slow_listener_bytes,
        forget=hub.detach,
    )
    connection.handler = RecordingHandler(log)
    hub.attach(connection)
    hub.subscribe(connection, TOPIC).open(1)
    return connection


async def test_what_is_said_waits_until_it_is_asked_for(
    hub: Hub, listener: PolledConnection
) -> None:
    listener.send(b"hello")
    hub.publish([sent(2), sent(3)])
    await end_of_turn()
    assert await listener.wait(LONG_S)
    assert listener.collect() == [b"hello", b"MessageSent 2", b"MessageSent 3"]
    assert listener.collect() == []


async def test_who_asks_while_nothing_waits_is_answered_as_soon_as_something_is_said(
    hub: Hub, listener: PolledConnection
) -> None:
    asking = asyncio.create_task(listener.wait(LONG_S))
    await end_of_turn()
    hub.publish([sent(2), sent(3)])
    assert await asyncio.wait_for(asking, 1)
    assert listener.collect() == [b"MessageSent 2", b"MessageSent 3"]


async def test_who_asks_in_vain_is_let_go_after_a_time(listener: PolledConnection) -> None:
    assert await listener.wait(SOON_S)
    assert listener.collect() == []


async def test_who_asks_later_takes_the_place_of_who_waits(listener: PolledConnection) -> None:
    first = asyncio.create_task(listener.wait(LONG_S))
    await end_of_turn()
    second = asyncio.create_task(listener.wait(LONG_S))
    await end_of_turn()
    assert first.done()
    assert not await first
    listener.send(b"hello")
    assert await asyncio.wait_for(second, 1)
    assert listener.collect() == [b"hello"]


async def test_one_for_whom_too_much_would_wait_is_closed(
    listener: PolledConnection, log: list[str]
) -> None:
    listener.send(b"x" * 30)
    listener.send(b"y" * 11)
    listener.send(b"z")
    assert listener.is_closed
    assert listener.collect() == []
    assert log == ["closed"]


async def test_what_was_said_before_it_was_closed_may_be_asked_for_once(
    hub: Hub, listener: PolledConnection, log: list[str]
) -> None:
    listener.send(b"before")
    listener.close(4001, "session_ended")
    listener.send(b"after")
    assert log == []
    assert listener.collect() == [b"before"]
    assert log == ["closed"]
    assert listener.subscriptions == {}
    assert await listener.wait(LONG_S)
    assert listener.collect() == []
    assert log == ["closed"]
    hub.tick()


async def test_one_who_asks_no_more_is_gone_after_two_ticks(
    hub: Hub, listener: PolledConnection, log: list[str]
) -> None:
    hub.tick()
    await listener.wait(SOON_S)
    hub.tick()
    assert log == []
    hub.tick()
    assert log == ["closed"]
    assert listener.subscriptions == {}


async def test_one_who_waits_is_not_gone(
    hub: Hub, listener: PolledConnection, log: list[str]
) -> None:
    asking = asyncio.create_task(listener.wait(LONG_S))
    await end_of_turn()
    for _ in range(4):
        hub.tick()
    assert log == []
    listener.lost()
    assert await asking
