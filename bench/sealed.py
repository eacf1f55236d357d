"""Messages per second in an encrypted group of a hundred, beside an open group of the same people.

In an encrypted conversation a message is as many texts as there are members: one copy is stored for
each, and each is told of their own. The copies are as long as those of the web client for a short
message. The load is the same for both groups: members send the next message as soon as the last one
came back to them, over the sockets on which everybody listens. Both are measured in turns, each
round on a new database; the server has one core, and the load generator the other.
"""

from __future__ import annotations

from asyncio import run as run_async
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Literal

from bench.fanout_town import Town, environment, settle
from bench.load_client import Heard, Plan
from bench.load_running import begin, heard, load, medians, served
from bench.report import Bars, Report, rows_of
from bench.wires import phoenix
from tertulia.core.model import Kind

MEMBERS = 100
SENDERS = 10
OPEN_BYTES = 200
COPY_BYTES = 800
TARGET_PER_S = 50

Way = Literal["encrypted", "open"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """What one group did: the median of its rounds."""

    members: int
    way: Way
    sends_per_s: float
    deliveries_per_s: float
    p50_ms: float
    p99_ms: float


def run(
    *,
    members: int = MEMBERS,
    seconds: float = 5.0,
    rounds: int = 3,
    progress: Callable[[str], None] = print,
) -> list[Row]:
    """Measure both groups in turns, `rounds` times `seconds` for each."""
    found: dict[Way, list[Heard]] = {"encrypted": [], "open": []}
    for number in range(rounds):
        for way, measured in found.items():
            progress(f"{members} members, {way}: round {number + 1} of {rounds}")
            measured.append(_measure(way, members, seconds))
    return [Row(members=members, way=way, **medians(measured)) for way, measured in found.items()]


def report(rows: Sequence[Row]) -> Report:
    """Word the rows."""
    rates = {row.way: row.sends_per_s for row in rows}
    found = "met" if rates["encrypted"] >= TARGET_PER_S else "MISSED"
    return Report(
        name="sealed",
        title=f"Messages per second in a group of {rows[0].members}",
        rows=rows_of(rows),
        bars=Bars(group="members", series="way", value="sends_per_s"),
        findings=[
            f"encrypted: {rates['encrypted']:.0f} messages per second stored and delivered to all "
            f"(at least {TARGET_PER_S} is asked: {found})",
            f"an open group takes {rates['open'] / rates['encrypted']:.1f} times as many",
        ],
    )


def _measure(way: Way, members: int, seconds: float) -> Heard:
    with TemporaryDirectory(prefix="tertulia-bench-") as name:
        folder = Path(name)
        is_encrypted = way == "encrypted"
        town = run_async(settle(folder, members, Kind.GROUP, is_encrypted=is_encrypted))
        with served(["tertulia", "serve"], environment(folder)) as (_, port), load() as client:
            begin(client, _plan(town, port, seconds, is_encrypted=is_encrypted))
            return heard(client)


def _plan(town: Town, port: int, seconds: float, *, is_encrypted: bool) -> Plan:
    room = f"conversation:{town.room_id}"
    sealed_for = [person.account_id for person in town.people] if is_encrypted else []
    return Plan(
        ports=[port],
        listeners=[
            phoenix(person.token, [room, f"user:{person.account_id}"], room, sealed_for)
            for person in town.people
        ],
        act="send",
        senders=SENDERS,
        body_bytes=COPY_BYTES if is_encrypted else OPEN_BYTES,
        seconds=seconds,
    )
