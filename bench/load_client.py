"""The load of bench/fanout.py: many listeners of one room, some of whom keep sending.

    python -m bench.load_client < PLAN.json

A process of its own, so that it competes with no server for an interpreter. It reads its plan
(`Plan`, as JSON) on one line of its standard input and says "ready" when everybody has joined. Then
`listen` waits for another line; `send` has each sender send its next message as soon as it has
heard its last one, and prints what was heard (`Heard`, as JSON).

Listeners only count the broadcasts, in C; those who send, spread evenly among them, take them apart
for their own one and for the time that each carries. In the end everybody must have heard as many
as were sent.
"""

from __future__ import annotations

import asyncio
import base64
import itertools
import os
import re
import resource
import sys
import time
from collections.abc import Callable
from functools import partial
from typing import Literal, cast

import msgspec
import uvloop

CONNECTING_AT_ONCE = 50
DRAIN_S = 30.0
STILL_HERE_S = 10.0
"""How often a listener says so, who says nothing else: servers hang up on silent ones."""

_PONG = b"\x8a\x80\0\0\0\0"

REF, CONTENT = "$REF", "$CONTENT"
"""What stands in what is said for the name of a message and for its text."""

_SENT_AT = re.compile(rb"@(\d+)@")


class Step(msgspec.Struct, frozen=True):
    """What is `said` in coming in, if anything, and what marks the answer that is waited for."""

    said: str
    answer: str


class Listener(msgspec.Struct, frozen=True, kw_only=True):
    """How one listener speaks.

    After the handshake at `path` it takes the steps of its `opening`, one after the other.
    `broadcast` marks each message that it hears, and `said`, with a name and a text put in, is how
    it sends one. `still_here` is its heartbeat; without one it sends pongs, for which nobody asked
    (RFC 6455, section 5.5.3).
    """

    path: str
    opening: list[Step]
    broadcast: str
    said: str
    still_here: str = ""


class Plan(msgspec.Struct, frozen=True):
    """What to do. So many `senders` of the listeners send texts of `body_bytes`.

    The listeners connect to the nodes at the `ports` in turns.
    """

    ports: list[int]
    listeners: list[Listener]
    act: Literal["send", "listen"]
    senders: int = 0
    body_bytes: int = 200
    warm_up_s: float = 1.0
    seconds: float = 3.0


class Heard(msgspec.Struct, frozen=True):
    """What was heard in the time measured; `missing` counts deliveries that never came.

    `total` counts all that came, from the beginning to the end, and `lost` the listeners whom the
    server hung up on.
    """

    sends_per_s: float
    deliveries_per_s: float
    p50_ms: float
    p99_ms: float
    missing: int
    total: int
    lost: int


class Peer(asyncio.Protocol):
    """A connected listener that counts the broadcasts."""

    def __init__(self, listener: Listener) -> None:
        self.count = 0
        self._listener = listener
        self._broadcast = listener.broadcast.encode()
        self.is_lost = False
        self._tail = b""
        self._answers: bytearray | None = bytearray()
        self._transport: asyncio.WriteTransport
        self._arrived = asyncio.Event()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep the transport."""
        self._transport = cast("asyncio.WriteTransport", transport)

    def data_received(self, data: bytes) -> None:
        """Take what answers the opening, then frames."""
        if self._answers is None:
            self.take(data)
        else:
            self._answers += data
            self._arrived.set()

    def take(self, data: bytes) -> None:
        """Count the broadcasts in some bytes, one that is cut in two as well."""
        joint = self._tail + data
        self.count += joint.count(self._broadcast)
        self._tail = joint[1 - len(self._broadcast) :]

    def connection_lost(self, _: Exception | None) -> None:
        """Note that the server hung up."""
        self.is_lost = True
        self._arrived.set()

    async def open(self, port: int) -> None:
        """Finish the handshake and say what comes first."""
        listener = self._listener
        key = base64.b64encode(os.urandom(16)).decode()
        self._transport.write(
            f"GET {listener.path} HTTP/1.1\r\n"
            f"Host: 127.0.0.1:{port}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            f"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: {key}\r\n"
            "User-Agent: bench\r\n\r\n".encode()
        )
        await self._answer(b"HTTP/1.1 101 ", _mark_end)
        await self._answer(b"\r\n\r\n", _mark_end)
        for step in listener.opening:
            if step.said:
                self.say(step.said)
            # Whole frames: whoever takes apart what follows begins where one begins.
            await self._answer(step.answer.encode(), _marked_frame_end)
        rest, self._answers = self._answers, None
        self.take(bytes(rest or b""))

    def say(self, text: str) -> None:
        """Send one text, masked with zeros."""
        payload = text.encode()
        length = len(payload)
        if length < 126:
            head = bytes((0x81, 0x80 | length))
        elif length < 65536:
            head = b"\x81\xfe" + length.to_bytes(2, "big")
        else:
            head = b"\x81\xff" + length.to_bytes(8, "big")
        self._transport.write(head + b"\0\0\0\0" + payload)

    def stay(self) -> None:
        """Give a sign of life, once it has come in."""
        if self._answers is None and not self.is_lost:
            if self._listener.still_here:
                self.say(self._listener.still_here)
            else:
                self._transport.write(_PONG)

    async def _answer(self, mark: bytes, end_of: Callable[[bytearray, bytes], int | None]) -> None:
        """Return once this has come; what came up to its end is of no matter."""
        answers = self._answers
        if answers is None:
            raise RuntimeError("the opening is over")
        async with asyncio.timeout(DRAIN_S):
            while (end := end_of(answers, mark)) is None:
                if self.is_lost:
                    raise RuntimeError(f"the server hung up: {bytes(answers)!r}")
                self._arrived.clear()
                await self._arrived.wait()
        del answers[:end]


class SendingPeer(Peer):
    """A listener that sends, and notes how old each message is when it comes, in nanoseconds."""

    def __init__(self, listener: Listener, plan: Plan, name: str, ages_ns: list[int]) -> None:
        super().__init__(listener)
        self.sent = 0
        self.is_done = False
        self._plan = plan
        self._name = name
        self._ages_ns = ages_ns
        self._own = b""
        self._pending = b""

    def take(self, data: bytes) -> None:
        """Take whole frames apart; keep the rest for later."""
        now_ns = time.perf_counter_ns()
        pending = self._pending + data
        start = 0
        while (end := _frame_end(pending, start)) is not None:
            if pending.find(self._broadcast, start, end) >= 0:
                self._take_broadcast(pending, start, end, now_ns)
            start = end
        self._pending = pending[start:]

    def send(self) -> None:
        """Send a message that says when it was sent, unless it is enough."""
        if self.is_done:
            return
        self.sent += 1
        name = f"{self._name}-{self.sent}"
        self._own = f"{name} @".encode()
        content = f"{name} @{time.perf_counter_ns()}@ ".ljust(self._plan.body_bytes, "x")
        self.say(self._listener.said.replace(REF, name).replace(CONTENT, content))

    def _take_broadcast(self, data: bytes, start: int, end: int, now_ns: int) -> None:
        self.count += 1
        sent_at = _SENT_AT.search(data, start, end)
        if sent_at is not None:
            self._ages_ns.append(now_ns - int(sent_at[1]))
        if data.find(self._own, start, end) >= 0:
            self.send()


async def act(plan: Plan) -> None:
    """Carry a plan out."""
    ages_ns: list[int] = []
    every = len(plan.listeners) // plan.senders if plan.senders else 0
    senders = [
        SendingPeer(plan.listeners[number * every], plan, f"s{number}", ages_ns)
        for number in range(plan.senders)
    ]
    peers: list[Peer] = [Peer(listener) for listener in plan.listeners]
    peers[: every * plan.senders : every or None] = senders
    staying = asyncio.create_task(_stay(peers))
    await _connect(plan, peers)
    _say("ready")
    if plan.act == "listen":
        await asyncio.to_thread(sys.stdin.readline)
        return
    for sender in senders:
        sender.send()
    await asyncio.sleep(plan.warm_up_s)
    ages_ns.clear()
    sent, heard = _totals(senders, peers)
    start = time.perf_counter()
    await asyncio.sleep(plan.seconds)
    seconds = time.perf_counter() - start
    sent_later, heard_later = _totals(senders, peers)
    ages_ms = sorted(age / 1e6 for age in ages_ns)
    for sender in senders:
        sender.is_done = True
    result = Heard(
        sends_per_s=(sent_later - sent) / seconds,
        deliveries_per_s=(heard_later - heard) / seconds,
        p50_ms=ages_ms[len(ages_ms) // 2],
        p99_ms=ages_ms[len(ages_ms) * 99 // 100],
        missing=await _missing(senders, peers),
        total=_totals(senders, peers)[1],
        lost=sum(peer.is_lost for peer in peers),
    )
    staying.cancel()
    _say(msgspec.json.encode(result).decode())


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


async def _connect(plan: Plan, peers: list[Peer]) -> None:
    loop = asyncio.get_running_loop()
    waiting = zip(peers, itertools.cycle(plan.ports), strict=False)

    async def connect_some() -> None:
        for peer, port in waiting:
            await loop.create_connection(partial(_itself, peer), "127.0.0.1", port)
            await peer.open(port)

    await asyncio.gather(*(connect_some() for _ in range(CONNECTING_AT_ONCE)))


def _itself(peer: Peer) -> Peer:
    return peer


async def _stay(peers: list[Peer]) -> None:
    while True:
        await asyncio.sleep(STILL_HERE_S)
        for peer in peers:
            peer.stay()


async def _missing(senders: list[SendingPeer], peers: list[Peer]) -> int:
    """Wait until everybody has heard everything; return how much was not heard in time."""
    end = time.perf_counter() + DRAIN_S
    while True:
        sent, heard = _totals(senders, peers)
        missing = sent * len(peers) - heard
        if missing <= 0 or time.perf_counter() > end:
            return missing
        await asyncio.sleep(0.05)


def _totals(senders: list[SendingPeer], peers: list[Peer]) -> tuple[int, int]:
    return sum(sender.sent for sender in senders), sum(peer.count for peer in peers)


def _mark_end(data: bytearray, mark: bytes) -> int | None:
    at = data.find(mark)
    return None if at < 0 else at + len(mark)


def _marked_frame_end(data: bytearray, mark: bytes) -> int | None:
    start = 0
    while (end := _frame_end(data, start)) is not None:
        if data.find(mark, start, end) >= 0:
            return end
        start = end
    return None


def _frame_end(data: bytes | bytearray, start: int) -> int | None:
    """Return where the frame that begins at `start` ends, if it is all there."""
    if len(data) < start + 4:
        return None
    length, head = data[start + 1], 2
    if length == 126:
        length, head = int.from_bytes(data[start + 2 : start + 4], "big"), 4
    elif length == 127:
        length, head = int.from_bytes(data[start + 2 : start + 10], "big"), 10
    end = start + head + length
    return end if end <= len(data) else None


if __name__ == "__main__":
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    uvloop.run(act(msgspec.json.decode(sys.stdin.readline(), type=Plan)))
