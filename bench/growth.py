"""How many parts a town needs from 1,000 people to 100,000,000, from what was measured.

What a message, a delivery and an idle socket cost a node, and what a database commits, is read from
the results that are kept; what Redis passes on is measured here. How people behave is assumed.
"""

from __future__ import annotations

import asyncio
import json
import math
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil
from redis.asyncio import Redis

from bench.report import RESULTS
from tertulia.core.events import MessageSent
from tertulia.realtime import envelope
from tests import examples
from tests.services import RedisServer
from tests.waiting import until_found

PEOPLE = (1_000, 10_000, 100_000, 1_000_000, 10_000_000, 100_000_000)

ONLINE = 0.1
"""The share of all people who are connected in the busiest hour, each by so many sockets:"""
SOCKETS = 1.3
SENT_A_DAY = 40
"""Messages of one person, of which this share in the busiest hour:"""
BUSIEST_HOUR = 0.1
AUDIENCE = 20
"""Sockets to which a message is told."""

BUSY = 0.5
"""How much of what it can a part is to do, so that the others carry on when one is missing."""
SOCKETS_A_NODE = 50_000
"""More of them would all come back at once when a node dies."""

CHANNEL = "here"
MESSAGES = 20_000
AT_ONCE = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Costs:
    """What was measured: seconds of a core for a node, and what the others do in a second.

    `heard_s` is what it costs another node to learn of a message; what it then does for those who
    are told is counted as much as at home, though it commits nothing.
    """

    message_s: float
    delivery_s: float
    heard_s: float
    commits_per_s: float
    redis_per_s: float
    socket_bytes: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """What so many people need in their busiest hour."""

    people: int
    part: str
    needed: float


def measured(results: Path = RESULTS) -> Costs:
    """Read and measure what things cost. Raises FileNotFoundError without results of the others."""
    fanout = _latest(results, "fanout")
    few, many = (_way(fanout["rows"], listeners) for listeners in (500, 2000))
    few_s, many_s = 1 / few["sends_per_s"], 1 / many["sends_per_s"]
    delivery_s = (many_s - few_s) / (many["listeners"] - few["listeners"])
    journal = [
        row["sends_per_s"]
        for row in _latest(results, "journal")["rows"]
        if (row["database"], row["senders"], row["way"]) == ("PostgreSQL", 100, "group commit")
    ]
    (idle,) = (line for line in fanout["findings"] if line.startswith("an idle"))
    redis_per_s, heard_s = asyncio.run(_redis())
    return Costs(
        message_s=few_s - few["listeners"] * delivery_s,
        delivery_s=delivery_s,
        heard_s=heard_s,
        commits_per_s=journal[0],
        redis_per_s=redis_per_s,
        socket_bytes=float(idle.split(" costs ")[1].split(" KiB")[0]) * 1024,
    )


def simulate(costs: Costs, people: Sequence[int] = PEOPLE) -> list[Row]:
    """Return what each number of people needs."""
    return [
        Row(people=count, part=part, needed=needed)
        for count in people
        for part, needed in _parts(costs, count).items()
    ]


def _parts(costs: Costs, people: int) -> dict[str, float]:
    sockets = people * ONLINE * SOCKETS
    messages = people * SENT_A_DAY * BUSIEST_HOUR / 3600
    at_home_s = costs.message_s + AUDIENCE * costs.delivery_s
    nodes = max(1, math.ceil(sockets / SOCKETS_A_NODE))
    # The more nodes there are, the more of them have somebody who is told.
    for _ in range(20):
        others = min(nodes - 1, _reached(nodes, AUDIENCE) - 1)
        elsewhere_s = max(0.0, others) * (costs.heard_s + costs.message_s)
        busy_s = messages * (at_home_s + elsewhere_s)
        nodes = max(nodes, math.ceil(busy_s / BUSY))
    told = _reached(nodes, AUDIENCE) if nodes > 1 else 0
    passed_on = messages * told
    return {
        "nodes": nodes,
        "GiB for sockets": sockets * costs.socket_bytes / 2**30,
        "messages/s": messages,
        "deliveries/s": messages * AUDIENCE,
        "databases": math.ceil(messages / (costs.commits_per_s * BUSY)),
        "Redis messages/s": passed_on,
        "Redis servers": math.ceil(passed_on / (costs.redis_per_s * BUSY)) if passed_on else 0,
    }


def _reached(nodes: int, audience: int) -> float:
    """Return on how many of the nodes an audience sits, if everybody chooses one by chance."""
    return float(nodes * (1 - (1 - 1 / nodes) ** audience))


async def _redis() -> tuple[float, float]:
    """Return what a core of Redis passes on in a second, and what it costs to hear a message."""
    server = RedisServer()
    talker = Redis.from_url(server.url)
    try:
        message = examples.message(body="x" * 200)
        event = MessageSent(
            conversation_id=message.conversation_id,
            seq=message.seq,
            message=message,
            sender=examples.account().face,
        )
        sent = envelope.seal("n" * 32, 1, event)
        hearing = asyncio.create_task(asyncio.to_thread(asyncio.run, _hear(server.url)))
        await until_found(lambda: _listeners(talker), within_s=10, what="somebody listens")
        process = psutil.Process(server.pid)
        before_s = _cpu_s(process)
        for _ in range(MESSAGES // AT_ONCE):
            async with talker.pipeline(transaction=False) as pipeline:
                for _ in range(AT_ONCE):
                    pipeline.publish(CHANNEL, sent)
                await pipeline.execute()
        heard_s = await hearing
        return MESSAGES / (_cpu_s(process) - before_s), heard_s / MESSAGES
    finally:
        await talker.aclose()
        server.stop()


async def _listeners(redis: Redis) -> int | None:
    return (await redis.pubsub_numsub(CHANNEL))[0][1] or None


async def _hear(url: str) -> float:
    """Hear all of it, on a thread that does nothing else; return the CPU time of that."""
    listener = Redis.from_url(url)
    heard = listener.pubsub()
    await heard.subscribe(CHANNEL)
    count = 0
    begun_s = time.thread_time()
    while count < MESSAGES:
        came = await heard.get_message(timeout=10)
        if came is not None and came["type"] == "message":
            count += 1
            opened = envelope.read(came["data"])
            if opened is not None:
                envelope.unseal(opened)
    spent_s = time.thread_time() - begun_s
    await heard.aclose()  # type: ignore[no-untyped-call]
    await listener.aclose()
    return spent_s


def _cpu_s(process: psutil.Process) -> float:
    times = process.cpu_times()
    return float(times.user + times.system)


def _latest(results: Path, name: str) -> dict[str, Any]:
    found = sorted(results.glob(f"*-{name}.json"))
    if not found:
        raise FileNotFoundError(f"there are no results of {name}: python -m bench {name} --keep")
    kept: dict[str, Any] = json.loads(found[-1].read_text(encoding="utf-8"))
    return kept


def _way(rows: Sequence[dict[str, Any]], listeners: int) -> dict[str, Any]:
    return next(
        row for row in rows if row["listeners"] == listeners and row["way"] in ("phoenix", "hub")
    )


def findings(costs: Costs) -> list[str]:
    """Return what it is all reckoned from, in words."""
    return [
        f"a message costs a node {costs.message_s * 1e6:.0f} µs and each delivery "
        f"{costs.delivery_s * 1e6:.2f} µs more",
        f"hearing of one from another node costs {costs.heard_s * 1e6:.0f} µs",
        f"a socket keeps {costs.socket_bytes / 1024:.1f} KiB",
        f"PostgreSQL commits {costs.commits_per_s:,.0f} messages/s; "
        f"a core of Redis passes on {costs.redis_per_s:,.0f}/s",
    ]
