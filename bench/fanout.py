"""Deliveries per second from one room to many listeners, beside the usual loop of awaited sends.

Three processes: the server, or in its place the usual loop (fanout_plain.py) over the same core and
journal; and the load generator (load_client.py), on the other core. The load is the same for both:
people of the room send 200 bytes, each the next message as soon as the last one was heard, so that
either server is always busy. Both are measured in turns, and each round begins with an empty
history on a new database.

Besides: what an idle socket costs, as the growth of the server process when so many people connect
and join the three topics that the web client joins.
"""

from __future__ import annotations

import os
import resource
import statistics
import subprocess
import sys
import time
from asyncio import run as run_async
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Literal

import msgspec
import psutil

from bench.fanout_town import Town, environment, settle
from bench.load_client import Heard, Listener, Plan
from bench.ports import await_port, free_port
from bench.report import Bars, Report, rows_of

Way = Literal["hub", "loop of awaited sends"]

LISTENERS = (500, 2000)
SENDERS = 100
IDLE_SOCKETS = 5000
MAX_IDLE_BYTES = 24 * 1024
TARGET = 4.0
TARGET_LISTENERS = 500
STOP_S = 20.0
SETTLE_S = 2.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """What one way of fanning out did for so many listeners: the median of its rounds."""

    listeners: int
    way: Way
    sends_per_s: float
    deliveries_per_s: float
    p50_ms: float
    p99_ms: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """All rows, and the bytes of memory that one idle socket costs."""

    rows: list[Row]
    idle_socket_bytes: float


def run(
    *,
    listeners: Sequence[int] = LISTENERS,
    idle_sockets: int = IDLE_SOCKETS,
    seconds: float = 3.0,
    rounds: int = 3,
    progress: Callable[[str], None] = print,
) -> Found:
    """Measure both ways in turns, `rounds` times `seconds` for each number of listeners."""
    rows: list[Row] = []
    _allow_many_files()
    for count in listeners:
        found: dict[Way, list[Row]] = {"hub": [], "loop of awaited sends": []}
        for number in range(rounds):
            for way, measured in found.items():
                progress(f"{count:,} listeners, {way}: round {number + 1} of {rounds}")
                measured.append(_measure(way, count, seconds))
        rows += [_median(measured) for measured in found.values()]
    progress(f"{idle_sockets:,} idle sockets")
    return Found(rows=rows, idle_socket_bytes=_idle_socket_bytes(idle_sockets))


def report(found: Found) -> Report:
    """Word what was found, with the gain for each number of listeners."""
    findings = []
    for count in dict.fromkeys(row.listeners for row in found.rows):
        gain = ratio(found.rows, count)
        aim = ""
        if count == TARGET_LISTENERS:
            is_met = gain >= TARGET and _is_faster(found.rows, count)
            outcome = "met" if is_met else "MISSED"
            aim = f" (at least {TARGET:g} at a lower p99 is asked: {outcome})"
        findings.append(f"{count:,} listeners: {gain:.1f} times as many deliveries{aim}")
    outcome = "met" if found.idle_socket_bytes <= MAX_IDLE_BYTES else "MISSED"
    findings.append(
        f"an idle joined socket costs {found.idle_socket_bytes / 1024:.1f} KiB "
        f"(at most {MAX_IDLE_BYTES / 1024:g} is asked: {outcome})"
    )
    return Report(
        name="fanout",
        title="Deliveries per second to the listeners of one room",
        rows=rows_of(found.rows),
        bars=Bars(group="listeners", series="way", value="deliveries_per_s"),
        findings=findings,
    )


def ratio(rows: Sequence[Row], listeners: int) -> float:
    """Return how many times as many deliveries the hub makes to so many listeners."""
    rates = {row.way: row.deliveries_per_s for row in rows if row.listeners == listeners}
    return rates["hub"] / rates["loop of awaited sends"]


def _is_faster(rows: Sequence[Row], listeners: int) -> bool:
    waits = {row.way: row.p99_ms for row in rows if row.listeners == listeners}
    return waits["hub"] < waits["loop of awaited sends"]


def _measure(way: Way, count: int, seconds: float) -> Row:
    with _served(way, count) as (_, port, town), _load() as client:
        plan = Plan(
            port=port,
            listeners=[
                Listener(person.token, [f"conversation:{town.room_id}"]) for person in town.people
            ],
            act="send",
            room=f"conversation:{town.room_id}",
            senders=SENDERS,
            seconds=seconds,
        )
        _begin(client, plan)
        heard = msgspec.json.decode(_line(client), type=Heard)
    if heard.missing:
        raise RuntimeError(f"{way}: {heard.missing} deliveries never came")
    return Row(
        listeners=count,
        way=way,
        sends_per_s=heard.sends_per_s,
        deliveries_per_s=heard.deliveries_per_s,
        p50_ms=heard.p50_ms,
        p99_ms=heard.p99_ms,
    )


def _idle_socket_bytes(count: int) -> float:
    with _served("hub", count) as (pid, port, town), _load() as client:
        process = psutil.Process(pid)
        before = process.memory_info().rss
        listeners = [
            Listener(
                person.token,
                ["system:general", f"user:{person.account_id}", f"conversation:{town.room_id}"],
            )
            for person in town.people
        ]
        _begin(client, Plan(port=port, listeners=listeners, act="listen"))
        time.sleep(SETTLE_S)
        growth = process.memory_info().rss - before
        client.communicate("\n", timeout=STOP_S)
    return growth / count


@contextmanager
def _served(way: Way, people: int) -> Iterator[tuple[int, int, Town]]:
    """Run a server of either kind on a new database and the first core.

    Gives its process id, its port and the people that it knows.
    """
    with TemporaryDirectory(prefix="tertulia-bench-") as name:
        folder = Path(name)
        town = run_async(settle(folder, people))
        port = free_port()
        module = ["tertulia", "serve"] if way == "hub" else ["bench.fanout_plain", str(port)]
        process = subprocess.Popen(
            [sys.executable, "-m", *module],
            env={**os.environ, **environment(folder), "PORT": str(port)},
            stdout=subprocess.DEVNULL,
        )
        try:
            os.sched_setaffinity(process.pid, {min(_cores())})
            await_port(process, port)
            yield process.pid, port, town
        finally:
            process.terminate()
            process.wait(STOP_S)


@contextmanager
def _load() -> Iterator[subprocess.Popen[str]]:
    """Run the load generator on a core that is not the server's, if there is one."""
    client = subprocess.Popen(
        [sys.executable, "-m", "bench.load_client"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    os.sched_setaffinity(client.pid, _cores() - {min(_cores())} or _cores())
    try:
        yield client
    finally:
        client.kill()
        client.wait()


def _begin(client: subprocess.Popen[str], plan: Plan) -> None:
    """Give the load generator its plan and wait until everybody has joined."""
    if client.stdin is None:
        raise RuntimeError("the load generator has no input")
    client.stdin.write(msgspec.json.encode(plan).decode() + "\n")
    client.stdin.flush()
    if _line(client) != "ready":
        raise RuntimeError("the load generator could not connect")


def _line(client: subprocess.Popen[str]) -> str:
    return client.stdout.readline().strip() if client.stdout else ""


def _median(rows: Sequence[Row]) -> Row:
    return Row(
        listeners=rows[0].listeners,
        way=rows[0].way,
        sends_per_s=statistics.median(row.sends_per_s for row in rows),
        deliveries_per_s=statistics.median(row.deliveries_per_s for row in rows),
        p50_ms=statistics.median(row.p50_ms for row in rows),
        p99_ms=statistics.median(row.p99_ms for row in rows),
    )


def _cores() -> set[int]:
    return os.sched_getaffinity(0)


def _allow_many_files() -> None:
    """Let the servers that are started have as many sockets as the system permits."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
