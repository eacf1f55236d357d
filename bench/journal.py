"""Sends per second through the journal, acknowledged and stored, beside one commit per message.

Everybody sends one message after the other, each as soon as the last one is acknowledged, under a
reference of the sort that the web client makes (a UUIDv7). The same code writes both times: "one
commit per message" is the journal with batches of one. The load comes from tasks in the same
process, since the journal itself is measured and no wire. After each round the rows in the database
are counted: they must be as many as were acknowledged.
"""

from __future__ import annotations

import asyncio
import statistics
import time
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Literal
from uuid import UUID

import uvloop
from sqlalchemy import func, select

from bench.databases import Kind, fresh_database
from bench.report import Bars, Report, rows_of
from tertulia.core.clock import utc_now
from tertulia.core.ids import new_id
from tertulia.core.message import Draft
from tertulia.storage.engine import Database, open_database
from tertulia.storage.journal import Journal
from tertulia.storage.migrations import migrate
from tertulia.storage.stores import SqlStorage
from tertulia.storage.tables import messages
from tests import examples as eg

Way = Literal["group commit", "one commit per message"]

SENDERS = (1, 10, 100, 1000)
GROUP_SIZE = 10
BODY = "Measured in words as people write them, not longer. " * 3
WARM_UP_S = 0.3
BATCH = {"group commit": 512, "one commit per message": 1}
TARGET = 6.0
TARGET_SENDERS = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One way of writing under one load: the median of its rounds."""

    database: Kind
    senders: int
    way: Way
    sends_per_s: float
    p50_ms: float
    p99_ms: float


@dataclass(frozen=True, slots=True)
class Place:
    """Where one sender writes: a group, and who it is."""

    conversation_id: UUID
    sender_id: UUID


def run(
    *,
    databases: Sequence[Kind] = ("SQLite", "PostgreSQL"),
    senders: Sequence[int] = SENDERS,
    seconds: float = 2.0,
    rounds: int = 3,
    progress: Callable[[str], None] = print,
) -> list[Row]:
    """Measure both ways in turns, `rounds` times `seconds` for each load on each database."""
    rows: list[Row] = []
    for kind in databases:
        with fresh_database(kind) as url:
            rows += uvloop.run(_measure_all(kind, url, senders, seconds, rounds, progress))
    return rows


def report(rows: Sequence[Row]) -> Report:
    """Word the rows, with the gain of group commit under each load."""
    findings = []
    for kind in dict.fromkeys(row.database for row in rows):
        for count in dict.fromkeys(row.senders for row in rows):
            gain = ratio(rows, kind, count)
            aim = ""
            if (kind, count) == ("SQLite", TARGET_SENDERS):
                aim = f" (at least {TARGET:g} is asked: {'met' if gain >= TARGET else 'MISSED'})"
            findings.append(f"{kind}, {count:,} at once: {gain:.1f} times as many{aim}")
    return Report(
        name="journal",
        title="Sends acknowledged and stored per second",
        rows=rows_of(rows),
        bars=Bars(group="senders", series="way", value="sends_per_s", facet="database"),
        findings=findings,
    )


def ratio(rows: Sequence[Row], kind: Kind, senders: int) -> float:
    """Return how many times as many sends group commit stores under this load."""
    rates = {
        row.way: row.sends_per_s for row in rows if (row.database, row.senders) == (kind, senders)
    }
    return rates["group commit"] / rates["one commit per message"]


async def _measure_all(
    kind: Kind,
    url: str,
    senders: Sequence[int],
    seconds: float,
    rounds: int,
    progress: Callable[[str], None],
) -> list[Row]:
    rows: list[Row] = []
    async with _opened(url) as (database, storage):
        for count in senders:
            places = await _places(storage, count)
            found: dict[Way, list[Row]] = {"group commit": [], "one commit per message": []}
            for number in range(rounds):
                for way, measured in found.items():
                    progress(f"{kind}, {count:,} at once, {way}: round {number + 1} of {rounds}")
                    waits = await _send(database, places, BATCH[way], seconds)
                    measured.append(_row(kind, count, way, waits, seconds))
            rows += [_median(measured) for measured in found.values()]
    return rows


@asynccontextmanager
async def _opened(url: str) -> AsyncIterator[tuple[Database, SqlStorage]]:
    await migrate(url)
    database = open_database(url, pool_size=2)
    yield database, SqlStorage(database, lambda _events: None)
    await database.close()


async def _places(storage: SqlStorage, count: int) -> list[Place]:
    """Store so many people in groups of ten."""
    places: list[Place] = []
    async with storage.begin() as work:
        people = [await work.accounts.add(eg.account(), None) for _ in range(count)]
        for start in range(0, count, GROUP_SIZE):
            group = people[start : start + GROUP_SIZE]
            conversation = await work.conversations.add(
                eg.conversation(member_count=len(group)), None
            )
            await work.members.add([eg.member(conversation.id, person.id) for person in group])
            places += [Place(conversation.id, person.id) for person in group]
    return places


async def _send(database: Database, places: list[Place], batch: int, seconds: float) -> list[float]:
    """Let everybody send for so long; return how long each send took that was acknowledged then.

    In seconds, and rising. Raises RuntimeError when not exactly the acknowledged ones are stored.
    """
    journal = Journal(database.batch_writer(), lambda _events: None, utc_now, max_batch=batch)
    stored_before = await _stored(database)
    start = time.perf_counter() + WARM_UP_S
    end = start + seconds
    waits: list[float] = []
    acknowledged = 0

    async def send(place: Place) -> None:
        nonlocal acknowledged
        sent_at = time.perf_counter()
        while sent_at < end:
            await journal.append(
                Draft(
                    conversation_id=place.conversation_id,
                    sender_id=place.sender_id,
                    body=BODY,
                    client_ref=str(new_id()),
                )
            )
            acknowledged += 1
            now = time.perf_counter()
            if start <= now <= end:
                waits.append(now - sent_at)
            sent_at = now

    await asyncio.gather(*map(send, places))
    await journal.close()
    stored = await _stored(database) - stored_before
    if stored != acknowledged:
        raise RuntimeError(f"{acknowledged} sends were acknowledged and {stored} are stored")
    return sorted(waits)


async def _stored(database: Database) -> int:
    async with database.reader() as connection:
        return await connection.scalar(select(func.count()).select_from(messages)) or 0


def _row(kind: Kind, senders: int, way: Way, waits: list[float], seconds: float) -> Row:
    return Row(
        database=kind,
        senders=senders,
        way=way,
        sends_per_s=len(waits) / seconds,
        p50_ms=waits[len(waits) // 2] * 1000,
        p99_ms=waits[len(waits) * 99 // 100] * 1000,
    )


def _median(rows: Sequence[Row]) -> Row:
    return Row(
        database=rows[0].database,
        senders=rows[0].senders,
        way=rows[0].way,
        sends_per_s=statistics.median(row.sends_per_s for row in rows),
        p50_ms=statistics.median(row.p50_ms for row in rows),
        p99_ms=statistics.median(row.p99_ms for row in rows),
    )
