"""Deliveries per second from one room to many listeners, beside the usual loop of awaited sends.

Three processes: the server, or in its place the usual loop (fanout_plain.py) over the same core and
journal; and the load generator (load_client.py), on the other core. The load is the same for both:
people of the room send 200 bytes, each the next message as soon as the last one was heard, so that
either server is always busy. All ways are measured in turns, and each round begins with an empty
history on a new database. The usual loop speaks Phoenix; the server is measured in each dialect,
and with listeners of all of them.

Besides: what an idle socket costs, as the growth of the server process when so many people connect
and join the three topics that the web client joins.
"""

from __future__ import annotations

import itertools
import time
from asyncio import run as run_async
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Literal

import psutil

from bench.fanout_town import Town, environment, settle
from bench.load_client import Heard, Listener, Plan
from bench.load_running import (
    STOP_S,
    allow_many_files,
    begin,
    heard,
    load,
    medians,
    served,
)
from bench.report import Bars, Report, rows_of
from bench.wires import WIRES, Dialect, phoenix

Way = Literal["phoenix", "rooms", "events", "socketio", "all dialects", "loop of awaited sends"]
LOOP: Way = "loop of awaited sends"
DIALECTS: Mapping[Way, tuple[Dialect, ...]] = {
    "phoenix": ("phoenix",),
    "rooms": ("rooms",),
    "events": ("events",),
    "socketio": ("socketio",),
    "all dialects": ("phoenix", "rooms", "events", "socketio"),
    # It is a server of its own, which listens as the first one does.
    LOOP: ("phoenix",),
}
"""What the listeners speak, in turns."""

LISTENERS = (500, 2000)
SENDERS = 100
IDLE_SOCKETS = 5000
MAX_IDLE_BYTES = 24 * 1024
TARGET = 4.0
TARGET_LISTENERS = 500
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
    """Measure every way in turns, `rounds` times `seconds` for each number of listeners."""
    rows: list[Row] = []
    allow_many_files()
    for count in listeners:
        found: dict[Way, list[Heard]] = {way: [] for way in DIALECTS}
        for number in range(rounds):
            for way, measured in found.items():
                progress(f"{count:,} listeners, {way}: round {number + 1} of {rounds}")
                measured.append(_measure(way, count, seconds))
        rows += [
            Row(listeners=count, way=way, **medians(measured)) for way, measured in found.items()
        ]
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
        findings.append(_dialects(found.rows, count))
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
    rates = _rates(rows, listeners)
    return rates["phoenix"] / rates[LOOP]


def _rates(rows: Sequence[Row], listeners: int) -> dict[Way, float]:
    return {row.way: row.deliveries_per_s for row in rows if row.listeners == listeners}


def _dialects(rows: Sequence[Row], listeners: int) -> str:
    rates = _rates(rows, listeners)
    shares = (f"{way} {rates[way] / rates['phoenix']:.2f}" for way in rates if way != LOOP)
    return f"{listeners:,} listeners, deliveries beside those of phoenix: {', '.join(shares)}"


def _is_faster(rows: Sequence[Row], listeners: int) -> bool:
    waits = {row.way: row.p99_ms for row in rows if row.listeners == listeners}
    return waits["phoenix"] < waits[LOOP]


def _measure(way: Way, count: int, seconds: float) -> Heard:
    with _served(way, count) as (_, port, town), load() as client:
        plan = Plan(
            ports=[port],
            listeners=_listeners(way, town),
            act="send",
            senders=SENDERS,
            seconds=seconds,
        )
        begin(client, plan)
        return heard(client)


def _listeners(way: Way, town: Town) -> list[Listener]:
    """Return how everybody speaks: all alike, or in turns each dialect."""
    speak = [WIRES[dialect] for dialect in DIALECTS[way]]
    return [
        each(person.token, town.room_id, town.room_number)
        for person, each in zip(town.people, itertools.cycle(speak), strict=False)
    ]


def _idle_socket_bytes(count: int) -> float:
    with _served("phoenix", count) as (pid, port, town), load() as client:
        process = psutil.Process(pid)
        before = process.memory_info().rss
        listeners = [
            phoenix(
                person.token,
                ["system:general", f"user:{person.account_id}", f"conversation:{town.room_id}"],
            )
            for person in town.people
        ]
        begin(client, Plan(ports=[port], listeners=listeners, act="listen"))
        time.sleep(SETTLE_S)
        growth = process.memory_info().rss - before
        client.communicate("\n", timeout=STOP_S)
    return growth / count


@contextmanager
def _served(way: Way, people: int) -> Iterator[tuple[int, int, Town]]:
    """Run a server of either kind on a new database.

    Gives its process id, its port and the people that it knows.
    """
    with TemporaryDirectory(prefix="tertulia-bench-") as name:
        folder = Path(name)
        town = run_async(settle(folder, people))
        module = ["bench.fanout_plain", "{port}"] if way == LOOP else ["tertulia", "serve"]
        with served(module, environment(folder)) as (pid, port):
            yield pid, port, town
