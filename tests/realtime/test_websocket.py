"""A WebSocket on a real server, from the handshake to its end (RFC 6455)."""

from __future__ import annotations

import asyncio
import logging
import tracemalloc
from collections.abc import AsyncIterator

import pytest
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosedError
from websockets.frames import Close, Frame, Opcode

from tertulia.realtime.connection_plain import Message, Receive, Send
from tertulia.realtime.frames import text_frame
from tertulia.realtime.websocket import EXTENSION, WebSocketProtocol
from tertulia.realtime.wire import CLOSING_TICKS, SILENT_TICKS, Wire
from tests.realtime.peers import Peer, serving
from tests.waiting import until

MAX_MESSAGE_BYTES = 1 << 16
MAX_WAITING_BYTES = 1 << 20

Address = tuple[str, int]


class Echo:
    """Receives for one wire: says everything back, and counts how often it is told of the end."""

    wire: Wire

    def __init__(self) -> None:
        self.taken: list[str] = []
        self.times_lost = 0

    def take(self, text: str) -> None:
        """Say it back."""
        self.taken.append(text)
        self.wire.write(text_frame(text.encode()))

    def lost(self) -> None:
        """Count the ends."""
        self.times_lost += 1


class EchoServer:
    """Hands each connection over to an Echo of its own."""

    def __init__(self) -> None:
        self.address: Address = ("", 0)
        self.echoes: list[Echo] = []
        self.peers: list[Peer] = []
        self.knocks = 0
        self.is_open = asyncio.Event()
        self.is_open.set()

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """Serve one connection, by ASGI."""
        await receive()
        self.knocks += 1
        await self.is_open.wait()
        await send({"type": "websocket.accept"})
        echo = Echo()
        echo.wire = scope["extensions"][EXTENSION](echo, max_waiting_bytes=MAX_WAITING_BYTES)
        self.echoes.append(echo)

    async def connected(self, path: str = "/") -> tuple[Peer, Echo]:
        """Connect a client; return it with the server's end."""
        peer = await Peer.connect(self.address, path)
        self.peers.append(peer)
        return peer, self.echoes[-1]


@pytest.fixture
async def server() -> AsyncIterator[EchoServer]:
    app = EchoServer()
    async with serving(app, WebSocketProtocol, max_message_bytes=MAX_MESSAGE_BYTES) as address:
        app.address = address
        yield app
        for peer in app.peers:
            await peer.hang_up()


async def _gone(echo: Echo) -> None:
    await until(lambda: echo.times_lost > 0, within_s=5, what="the end was noticed")
    assert echo.times_lost == 1


async def test_texts_go_both_ways_whole_and_in_order(server: EchoServer) -> None:
    peer, _ = await server.connected()
    texts = ["hello", "", "ñandú 🦆", "x" * 1000, "y" * MAX_MESSAGE_BYTES]
    await peer.say(*texts)
    assert [await peer.text() for _ in texts] == texts


async def test_an_ordinary_client_library_is_understood(server: EchoServer) -> None:
    async with connect(f"ws://{server.address[0]}:{server.address[1]}/") as client:
        await client.send(["in ", "three ", "pieces"])
        assert await client.recv() == "in three pieces"
        await (await client.ping())
        await client.send("bye")
        assert await client.recv() == "bye"
        with pytest.raises(ConnectionClosedError) as closing:
            await client.send(b"binary")
            await client.recv()
    assert closing.value.rcvd == Close(1003, "text only")
    await _gone(server.echoes[0])


async def test_an_idle_connection_has_no_task(server: EchoServer) -> None:
    before = len(asyncio.all_tasks())
    peers = [(await server.connected())[0] for _ in range(3)]
    assert len(asyncio.all_tasks()) == before
    await peers[0].say("still there")
    assert await peers[0].text() == "still there"


async def test_a_message_in_fragments_is_one_message(server: EchoServer) -> None:
    peer, echo = await server.connected()
    text = "ñandú".encode()
    await peer.say(
        Frame(Opcode.TEXT, text[:2], fin=False),
        Frame(Opcode.PING, b"between"),
        Frame(Opcode.CONT, text[2:4], fin=False),
    )
    assert (await peer.frame()).opcode is Opcode.PONG
    assert echo.taken == []
    await peer.say(Frame(Opcode.CONT, text[4:]), "next")
    assert [await peer.text(), await peer.text()] == ["ñandú", "next"]


async def test_a_message_in_fragments_of_one_byte_costs_no_more_than_its_bytes(
    server: EchoServer,
) -> None:
    peer, echo = await server.connected()
    size = 10_000
    fragments = [Frame(Opcode.CONT, b"x", fin=False)] * (size - 2)
    tracemalloc.start()
    try:
        await peer.say(Frame(Opcode.TEXT, b"x", fin=False), *fragments, Frame(Opcode.PING, b""))
        assert (await peer.frame()).opcode is Opcode.PONG
        held_bytes, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert held_bytes < 8 * size
    await peer.say(Frame(Opcode.CONT, b"x"))
    assert await peer.text() == "x" * size
    assert len(echo.taken) == 1


async def test_a_ping_is_answered_with_what_it_carries(server: EchoServer) -> None:
    peer, _ = await server.connected()
    await peer.say(Frame(Opcode.PING, b"1234"), Frame(Opcode.PONG, b"unasked"))
    frame = await peer.frame()
    assert (frame.opcode, bytes(frame.data)) == (Opcode.PONG, b"1234")


async def test_the_closing_handshake_is_answered_and_the_server_hangs_up(
    server: EchoServer,
) -> None:
    peer, echo = await server.connected()
    await peer.say("last words", Frame(Opcode.CLOSE, Close(1000, "bye").serialize()), "too late")
    assert await peer.text() == "last words"
    assert await peer.close_code() == (1000, "bye")
    assert await peer.end() == b""
    await _gone(echo)
    assert echo.taken == ["last words"]


async def test_the_server_closes_once_and_waits_for_the_answer(server: EchoServer) -> None:
    peer, echo = await server.connected()
    echo.wire.write(text_frame(b"last event"))
    echo.wire.close(4001, "session_ended")
    echo.wire.close(1011, "error")
    echo.wire.write(text_frame(b"never said"))
    assert await peer.text() == "last event"
    assert await peer.close_code() == (4001, "session_ended")
    await peer.say("not heard", Frame(Opcode.CLOSE, Close(4001, "").serialize()))
    assert await peer.end() == b""
    await _gone(echo)
    assert echo.taken == []


async def test_a_peer_that_vanishes_is_noticed(server: EchoServer) -> None:
    peer, echo = await server.connected()
    await peer.hang_up()
    await _gone(echo)


@pytest.mark.parametrize(
    ("frames", "code"),
    [
        pytest.param([Frame(Opcode.BINARY, b"\x00")], 1003, id="binary"),
        pytest.param(["x" * (MAX_MESSAGE_BYTES + 1)], 1009, id="too large"),
        pytest.param(
            [
                Frame(Opcode.TEXT, b"x" * MAX_MESSAGE_BYTES, fin=False),
                Frame(Opcode.CONT, b"x"),
            ],
            1009,
            id="too large in fragments",
        ),
        pytest.param([Frame(Opcode.TEXT, b"\xff")], 1007, id="not UTF-8"),
        pytest.param([Frame(Opcode.CONT, b"x")], 1002, id="continues nothing"),
        pytest.param([Frame(Opcode.TEXT, b"x", rsv1=True)], 1002, id="compressed"),
    ],
)
async def test_a_bad_frame_closes_with_the_code_that_says_why(
    server: EchoServer, frames: list[Frame | str], code: int
) -> None:
    peer, echo = await server.connected()
    await peer.say("before", *frames, "after")
    assert await peer.text() == "before"
    assert (await peer.close_code())[0] == code
    await peer.hang_up()
    await _gone(echo)
    assert echo.taken == ["before"]


async def test_frames_written_in_one_turn_arrive_whole_and_in_order(server: EchoServer) -> None:
    peer, echo = await server.connected()
    texts = [f"{number} ".encode() * number for number in range(1, 400)]
    for text in texts:
        echo.wire.write(text_frame(text))
    assert [(await peer.text()).encode() for _ in texts] == texts


async def test_a_listener_that_does_not_read_is_told_to_reconnect(server: EchoServer) -> None:
    peer, echo = await server.connected()
    frame = text_frame(b"x" * 10_000)
    written = 0
    while not echo.wire.is_closing:
        echo.wire.write(frame)
        written += 1
        await asyncio.sleep(0)
    assert written * len(frame) > MAX_WAITING_BYTES
    assert await peer.close_code() == (1013, "reconnect")
    await peer.say(Frame(Opcode.CLOSE, Close(1013, "").serialize()))
    await _gone(echo)


async def test_one_who_asks_without_reading_is_not_read_from_until_it_has_caught_up(
    server: EchoServer,
) -> None:
    peer, echo = await server.connected()
    texts = [str(number) * MAX_MESSAGE_BYTES for number in range(10)] * 20
    asking = asyncio.create_task(peer.say(*texts))
    await until(lambda: echo.wire.is_congested, within_s=5, what="answers wait to be read")
    assert len(echo.taken) < len(texts)
    assert [await peer.text() for _ in texts] == texts
    await asking


async def test_nothing_piles_up_for_one_who_does_not_read_and_pings_on_after_the_close(
    server: EchoServer,
) -> None:
    peer, echo = await server.connected()
    ping = Frame(Opcode.PING, b"p" * 125)
    asking = asyncio.create_task(peer.say(*[ping] * 100_000))
    await until(lambda: echo.wire.is_congested, within_s=5, what="pongs wait to be read")
    echo.wire.close(4001, "session_ended")
    await asking
    assert await peer.close_code() == (4001, "session_ended")
    await peer.say(Frame(Opcode.CLOSE, Close(4001, "").serialize()))
    assert len(await peer.end()) < MAX_WAITING_BYTES
    await _gone(echo)


async def test_a_peer_that_stays_silent_is_closed_and_then_dropped(server: EchoServer) -> None:
    peer, echo = await server.connected()
    for _ in range(SILENT_TICKS):
        echo.wire.tick()
    assert not echo.wire.is_closing
    echo.wire.tick()
    assert await peer.close_code() == (1001, "silent")
    for _ in range(CLOSING_TICKS):
        echo.wire.tick()
    await _gone(echo)


async def test_a_peer_that_says_anything_is_kept(server: EchoServer) -> None:
    peer, echo = await server.connected()
    for _ in range(3):
        for _ in range(SILENT_TICKS):
            echo.wire.tick()
        await peer.say(Frame(Opcode.PING, b""))
        assert (await peer.frame()).opcode is Opcode.PONG
    assert not echo.wire.is_closing


async def test_a_peer_that_is_asked_while_it_is_silent_is_kept_as_long_as_it_answers(
    server: EchoServer,
) -> None:
    peer, echo = await server.connected()
    echo.wire.ask()
    for _ in range(2 * SILENT_TICKS):
        echo.wire.tick()
        echo.wire.ask()
        assert (await peer.frame()).opcode is Opcode.PING, "and not before there was silence"
        await peer.say(Frame(Opcode.PONG, b""), "here")
        assert await peer.text() == "here"
    for _ in range(SILENT_TICKS + 1):
        echo.wire.tick()
        echo.wire.ask()
    assert await peer.close_code() == (1001, "silent")


async def test_a_stopping_server_says_that_it_comes_back() -> None:
    app = EchoServer()
    async with serving(app, WebSocketProtocol) as app.address:
        peer, _ = await app.connected()
    assert await peer.close_code() == (1012, "")
    await peer.hang_up()


async def test_one_who_speaks_before_the_handshake_is_over_is_refused(server: EchoServer) -> None:
    server.is_open.clear()
    peer = await Peer.knock(server.address)
    await until(lambda: server.knocks == 1, within_s=5, what="the request was read")
    await peer.say("early")
    for _ in range(10):  # the loopback has it at once; the server reads it within a turn or two
        await asyncio.sleep(0)
    server.is_open.set()
    await peer.enter()
    assert await peer.close_code() == (1002, "too early")
    await peer.hang_up()


async def test_no_log_shows_the_address_that_a_token_may_stand_in(
    server: EchoServer, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO):
        peer, _ = await server.connected("/socket?token=secret")
        await peer.say(Frame(Opcode.CLOSE, b""))
        await peer.end()
    assert "secret" not in caplog.text
