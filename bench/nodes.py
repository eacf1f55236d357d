"""What a second node costs: CPU time for each delivery, on one node and on two.

One node with so many listeners; then two with as many each, over one PostgreSQL and one Redis. Each
message is then heard by the other node, too, by way of Redis. Where there are not the cores for two
nodes and the load beside them, deliveries a second say little; the CPU time of a node for what it
delivers says whether two nodes with a core each would do twice as much.
"""

from __future__ import annotations

import asyncio
import statistics
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import psutil

from bench.databases import fresh_database
from bench.fanout_town import environment, settle
from bench.load_client import Heard, Plan
from bench.load_running import allow_many_files, begin, heard, load, served
from bench.report import Bars, Report, rows_of
from bench.wires import phoenix
from tests.services import RedisServer

LISTENERS = 1000
"""Of each node."""
SENDERS = 50
MOST = 1.15


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """What so many nodes did: the median of the rounds, the costs those of the dearer node."""

    nodes: int
    listeners: int
    deliveries_per_s: float
    ns_per_delivery: float
    p50_ms: float
    p99_ms: float


def run(
    *,
    listeners: int = LISTENERS,
    seconds: float = 3.0,
    rounds: int = 3,
    progress: Callable[[str], None] = print,
) -> list[Row]:
    """Measure one node and two in turns."""
    allow_many_files()
    found: dict[int, list[tuple[Heard, float]]] = {1: [], 2: []}
    for number in range(rounds):
        for nodes, measured in found.items():
            progress(f"{nodes} of the nodes: round {number + 1} of {rounds}")
            measured.append(_measure(nodes, listeners, seconds))
    return [
        Row(
            nodes=nodes,
            listeners=nodes * listeners,
            deliveries_per_s=statistics.median(each.deliveries_per_s for each, _ in measured),
            ns_per_delivery=statistics.median(cost for _, cost in measured),
            p50_ms=statistics.median(each.p50_ms for each, _ in measured),
            p99_ms=statistics.median(each.p99_ms for each, _ in measured),
        )
        for nodes, measured in found.items()
    ]


def report(rows: Sequence[Row]) -> Report:
    """Word what was found."""
    one, two = (row.ns_per_delivery for row in rows)
    outcome = "met" if two <= one * MOST else "MISSED"
    return Report(
        name="nodes",
        title="CPU time of a node for each delivery to listeners of its own",
        rows=rows_of(rows),
        bars=Bars(group="listeners", series="nodes", value="ns_per_delivery"),
        findings=[
            f"beside another node a delivery costs {two / one:.2f} times as much "
            f"(at most {MOST:g} is asked: {outcome})"
        ],
    )


def _measure(nodes: int, listeners: int, seconds: float) -> tuple[Heard, float]:
    redis = RedisServer()
    with ExitStack() as closing:
        closing.callback(redis.stop)
        url = closing.enter_context(fresh_database("PostgreSQL"))
        folder = Path(closing.enter_context(TemporaryDirectory(prefix="tertulia-bench-")))
        town = asyncio.run(settle(folder, nodes * listeners, database_url=url))
        settings = environment(folder) | {"DATABASE_URL": url, "REDIS_URL": redis.url}
        running = [
            closing.enter_context(served(["tertulia", "serve"], settings)) for _ in range(nodes)
        ]
        client = closing.enter_context(load())
        topic = f"conversation:{town.room_id}"
        plan = Plan(
            ports=[port for _, port in running],
            listeners=[phoenix(person.token, [topic], topic) for person in town.people],
            act="send",
            senders=SENDERS,
            seconds=seconds,
        )
        begin(client, plan)
        processes = [psutil.Process(pid) for pid, _ in running]
        before_s = [_cpu_s(each) for each in processes]
        found = heard(client)
        spent_s = max(
            _cpu_s(each) - before for each, before in zip(processes, before_s, strict=True)
        )
        return found, spent_s * 1e9 / (found.total / nodes)


def _cpu_s(process: psutil.Process) -> float:
    times = process.cpu_times()
    return float(times.user + times.system)
