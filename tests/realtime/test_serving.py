"""Connections from handshake to end, where the server hands the transport over and where not."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator

import pytest
from websockets.frames import Close, Frame, Opcode

from tertulia.core.model import Actor
from tertulia.realtime.broker_memory import MemoryBroker
from tertulia.realtime.connection import Connection
from tertulia.realtime.connection_plain import Message, Receive, Send
from tertulia.realtime.hub import Hub
from tertulia.realtime.serving import serve
from tertulia.realtime.topic import ConversationTopic, Topic
from tertulia.realtime.websocket import WebSocketProtocol
from tests.realtime.facts import ANA, CHAT, SESSION, left, sent
from tests.realtime.listening import TerseDialect
from tests.realtime.peers import Peer, serving
from tests.waiting import until

TOPIC = ConversationTopic(CHAT)


class Gateway:
    """Listens to one conversation for each connection, and does as it is told."""

    def __init__(self, connection: Connection, hub: Hub) -> None:
        self.connection = connection
        self.hub = hub
        self.times_closed = 0

    def received(self, text: str) -> None:
        """Obey."""
        match text:
            case "join":
                subscription = self.hub.subscribe(self.connection, TOPIC)
                self.connection.send(b"joined")
                subscription.open(1)
            case "fail":
                raise ValueError("no such thing")
            case "close":
                self.connection.send(b"closing")
                self.connection.close(4001, "session_ended")
                self.connection.send(b"never said")
            case _:
                self.connection.send(text.encode())

    def was_cut(self, topic: Topic) -> None:
        """Say so."""
        self.connection.send(f"cut {type(topic).__name__}".encode())

    def closed(self) -> None:
        """Count the ends."""
        self.times_closed += 1


class Node:
    """A hub behind a server."""

    def __init__(self) -> None:
        self.address: tuple[str, int] = ("", 0)
        self.hub = Hub(MemoryBroker(), slow_listener_bytes=1 << 17)
        self.gateways: list[Gateway] = []
        self._dialect = TerseDialect()

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """Serve one connection, by ASGI."""
        await serve(
            scope,
            receive,
            send,
            self.hub,
            actor=Actor(account_id=ANA, session_id=SESSION),
            dialect=self._dialect,
            opened=self._opened,
        )

    def _opened(self, connection: Connection) -> Gateway:
        self.gateways.append(Gateway(connection, self.hub))
        return self.gateways[-1]


@pytest.fixture(
    params=[
        pytest.param(WebSocketProtocol, id="transports handed over"),
        pytest.param("websockets-sansio", id="plain ASGI"),
    ]
)
async def node(request: pytest.FixtureRequest) -> AsyncIterator[Node]:
    app = Node()
    async with serving(app, request.param) as app.address:
        yield app


@pytest.fixture
async def peer(node: Node) -> AsyncIterator[Peer]:
    peer = await Peer.connect(node.address)
    yield peer
    await peer.hang_up()


async def _gone(gateway: Gateway) -> None:
    await until(lambda: gateway.times_closed > 0, within_s=5, what="the end was noticed")
    assert gateway.times_closed == 1
    assert gateway.connection.subscriptions == {}


async def test_a_listener_is_answered_and_then_hears_what_happens(node: Node, peer: Peer) -> None:
    await peer.say("hello", "join")
    assert [await peer.text(), await peer.text()] == ["hello", "joined"]
    node.hub.publish([sent(2), sent(3)])
    node.hub.publish([sent(4)])
    heard = [await peer.text() for _ in range(3)]
    assert heard == ["MessageSent 2", "MessageSent 3", "MessageSent 4"]


async def test_one_who_loses_the_right_hears_it_and_nothing_after(node: Node, peer: Peer) -> None:
    await peer.say("join")
    await peer.text()
    node.hub.publish([left(2, ANA), sent(3)])
    assert [await peer.text(), await peer.text()] == ["MemberLeft 2", "cut ConversationTopic"]
    await peer.say("still there")
    assert await peer.text() == "still there"


async def test_a_connection_that_is_closed_says_nothing_more(node: Node, peer: Peer) -> None:
    await peer.say("join", "close", "not heard")
    assert [await peer.text(), await peer.text()] == ["joined", "closing"]
    assert await peer.close_code() == (4001, "session_ended")
    await peer.say(Frame(Opcode.CLOSE, Close(4001, "").serialize()))
    assert await peer.end() == b""
    await _gone(node.gateways[0])


async def test_a_gateway_is_told_once_when_its_peer_has_gone(node: Node, peer: Peer) -> None:
    await peer.say("join")
    await peer.text()
    await peer.hang_up()
    await _gone(node.gateways[0])


async def test_binary_is_refused(node: Node, peer: Peer) -> None:
    del node
    await peer.say(Frame(Opcode.BINARY, b"\x00"))
    assert await peer.close_code() == (1003, "text only")


async def test_a_gateway_that_fails_costs_its_own_connection_only(
    node: Node, peer: Peer, caplog: pytest.LogCaptureFixture
) -> None:
    other = await Peer.connect(node.address)
    with caplog.at_level(logging.ERROR):
        await peer.say("fail")
        assert await peer.close_code() == (1011, "error")
    assert "no such thing" in caplog.text
    await other.say("fine")
    assert await other.text() == "fine"
    await other.hang_up()


async def test_a_listener_that_does_not_read_is_told_to_reconnect(node: Node, peer: Peer) -> None:
    await peer.say("join")
    assert await peer.text() == "joined"
    payload = b"x" * 60_000
    for _ in range(400):
        node.gateways[0].connection.send(payload)
        await asyncio.sleep(0)
    assert await peer.close_code() == (1013, "reconnect")
    await peer.say(Frame(Opcode.CLOSE, Close(1013, "").serialize()))
    await _gone(node.gateways[0])
