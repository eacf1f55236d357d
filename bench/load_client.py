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
import os
import re
import resource
import sys
import time
from functools import partial
from typing import Literal, cast
from urllib.parse import quote

import msgspec
import uvloop

CONNECTING_AT_ONCE = 50
DRAIN_S = 30.0

_BROADCAST = b'"new_message"'
_SENT_AT = re.compile(rb"@(\d+)@")


class Listener(msgspec.Struct, frozen=True):
    """Who connects, and the topics that are joined."""

    token: str
    topics: list[str]


class Plan(msgspec.Struct, frozen=True):
    """What to do. `room` is the topic on which `senders` of the listeners send."""

    port: int
    listeners: list[Listener]
    act: Literal["send", "listen"]
    room: str = ""
    senders: int = 0
    body_bytes: int = 200
    warm_up_s: float = 1.0
    seconds: float = 3.0


class Heard(msgspec.Struct, frozen=True):
    """What was heard in the time measured; `missing` counts deliveries that never came."""

    sends_per_s: float
    deliveries_per_s: float
    p50_ms: float
    p99_ms: float
    missing: int


class Peer(asyncio.Protocol):
    """A connected listener that counts the broadcasts."""

    def __init__(self) -> None:
        self.count = 0
        self.is_lost = False
        self._tail = b""
        self._head: bytearray | None = bytearray()
        self._transport: asyncio.WriteTransport
        self._arrived = asyncio.Event()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep the transport."""
        self._transport = cast("asyncio.WriteTransport", transport)

    def data_received(self, data: bytes) -> None:
        """Take the answer of the handshake, then frames."""
        if self._head is None:
            self.take(data)
            return
        self._head += data
        end = self._head.find(b"\r\n\r\n")
        if end >= 0:
            if not self._head.startswith(b"HTTP/1.1 101"):
                raise RuntimeError(f"the server refused: {bytes(self._head[:end])!r}")
            rest, self._head = bytes(self._head[end + 4 :]), None
            self._arrived.set()
            if rest:
                self.take(rest)

    def take(self, data: bytes) -> None:
        """Count the broadcasts in some bytes, one that is cut in two as well."""
        joint = self._tail + data
        self.count += joint.count(_BROADCAST)
        self._tail = joint[1 - len(_BROADCAST) :]
        self._arrived.set()

    def connection_lost(self, _: Exception | None) -> None:
        """Note that the server hung up."""
        self.is_lost = True
        self._arrived.set()

    async def open(self, port: int, listener: Listener) -> None:
        """Finish the handshake and join the topics, one after the other."""
        key = base64.b64encode(os.urandom(16)).decode()
        self._transport.write(
            f"GET /socket/websocket?vsn=2.0.0&token={quote(listener.token)} HTTP/1.1\r\n"
            f"Host: 127.0.0.1:{port}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            f"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: {key}\r\n"
            "User-Agent: bench\r\n\r\n".encode()
        )
        await self._next_arrival()
        for ref, topic in enumerate(listener.topics):
            self.say([str(ref), str(ref), topic, "phx_join", {}])
            await self._next_arrival()

    def say(self, frame: object) -> None:
        """Send one frame, masked with zeros."""
        payload = msgspec.json.encode(frame)
        length = len(payload)
        if length < 126:
            head = bytes((0x81, 0x80 | length))
        else:
            head = b"\x81\xfe" + length.to_bytes(2, "big")
        self._transport.write(head + b"\0\0\0\0" + payload)

    async def _next_arrival(self) -> None:
        await self._arrived.wait()
        self._arrived.clear()
        if self.is_lost:
            raise RuntimeError("the server hung up")


class SendingPeer(Peer):
    """A listener that sends, and notes how old each message is when it comes, in nanoseconds."""

    def __init__(self, plan: Plan, name: str, ages_ns: list[int]) -> None:
        super().__init__()
        self.sent = 0
        self.is_done = False
        self._plan = plan
        self._name = name
        self._ages_ns = ages_ns
        self._own = b""
        self._pending = b""

    def take(self, data: bytes) -> None:
        """Take whole frames apart; keep the rest for later."""
        self._arrived.set()
        now_ns = time.perf_counter_ns()
        pending = self._pending + data
        start = 0
        while (end := _frame_end(pending, start)) is not None:
            if pending.find(_BROADCAST, start, end) >= 0:
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
        payload = {"content": content, "client_ref": name}
        self.say(["0", str(self.sent), self._plan.room, "send_message", payload])

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
    senders = [SendingPeer(plan, f"s{number}", ages_ns) for number in range(plan.senders)]
    peers: list[Peer] = [Peer() for _ in plan.listeners]
    peers[: every * plan.senders : every or None] = senders
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
    )
    _say(msgspec.json.encode(result).decode())


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


async def _connect(plan: Plan, peers: list[Peer]) -> None:
    loop = asyncio.get_running_loop()
    waiting = iter(zip(peers, plan.listeners, strict=True))

    async def connect_some() -> None:
        for peer, listener in waiting:
            await loop.create_connection(partial(_itself, peer), "127.0.0.1", plan.port)
            await peer.open(plan.port, listener)

    await asyncio.gather(*(connect_some() for _ in range(CONNECTING_AT_ONCE)))


def _itself(peer: Peer) -> Peer:
    return peer


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


def _frame_end(data: bytes, start: int) -> int | None:
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
