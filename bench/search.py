"""How long a search takes among a million messages, for who sees nearly all of them and for few.

The messages are stored in bulk and indexed by the indexer itself. Then each kind of question is
asked some hundred times, one after the other, through the use case and its transaction. Beside it
stands what the question takes without an index: a scan with LIKE. At last, how long it takes until
a message that is sent is found.
"""

from __future__ import annotations

import asyncio
import random
import statistics
import time
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING

from rich.progress import Progress
from sqlalchemy import func, select, text

from bench.databases import Kind, fresh_database
from bench.report import Bars, Report, rows_of
from bench.search_town import Plan, plan, said, settle, talk
from tertulia.adapters.limits_memory import LimitsInMemory
from tertulia.core.clock import utc_now
from tertulia.core.message import Draft
from tertulia.core.model import Actor
from tertulia.core.search import Search
from tertulia.core.search_index import SearchIndex
from tertulia.core.search_query import parse
from tertulia.storage.engine import Database, open_database
from tertulia.storage.journal import Journal
from tertulia.storage.migrations import migrate
from tertulia.storage.search_tables import search_docs
from tertulia.storage.stores import SqlStorage
from tertulia.storage.tables import conversations, is_present, members, messages

if TYPE_CHECKING:
    from uuid import UUID

    from tertulia.core.model import Account


MESSAGES = 1_000_000
QUERIES = 200
SCANS = 5
SENDS = 20
PAGE = 20
SEED = 2026
TARGET_MS = 200
_SAMPLE = 20_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """How long one kind of question took one person."""

    database: Kind
    person: str
    kind: str
    queries: int
    hits: int
    p50_ms: float
    p95_ms: float
    p99_ms: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Notes:
    """What else was measured on a database."""

    database: Kind
    messages: int
    indexed_per_s: float
    size_mib: float
    index_mib: float
    scan_ms: float
    rare_ms: float
    found_after_ms: float


def run(
    *,
    databases: Sequence[Kind] = ("SQLite", "PostgreSQL"),
    count: int = MESSAGES,
    queries: int = QUERIES,
    progress: Callable[[str], None] = lambda _said: None,
) -> tuple[list[Row], list[Notes]]:
    """Measure on each database."""
    rows: list[Row] = []
    notes: list[Notes] = []
    for kind in databases:
        with fresh_database(kind) as url:
            found, noted = asyncio.run(_measure(kind, url, count, queries, progress))
        rows += found
        notes.append(noted)
    return rows, notes


def report(measured: tuple[Sequence[Row], Sequence[Notes]]) -> Report:
    """Say what the figures mean."""
    rows, notes = measured
    findings = []
    for note in notes:
        slowest = max(
            (row for row in rows if row.database == note.database), key=lambda row: row.p95_ms
        )
        aim = "met" if slowest.p95_ms <= TARGET_MS else "MISSED"
        findings += [
            f"{note.database}: slowest p95 {slowest.p95_ms:.0f} ms ({slowest.kind}, "
            f"{slowest.person}) among {note.messages:,} messages"
            f" (at most {TARGET_MS} is asked: {aim})",
            f"{note.database}: {note.indexed_per_s:,.0f} messages indexed per second; the index "
            f"takes {note.index_mib:,.0f} of {note.size_mib:,.0f} MiB",
            f"{note.database}: a rare word takes {note.rare_ms:.0f} ms, and {note.scan_ms:,.0f} ms "
            f"by a scan with LIKE: {note.scan_ms / note.rare_ms:,.0f} times as long",
            f"{note.database}: a message is found {note.found_after_ms:.0f} ms after it was sent",
        ]
    return Report(
        name="search",
        title=f"Searching {max(note.messages for note in notes):,} messages",
        rows=rows_of(rows),
        bars=Bars(group="kind", series="database", value="p95_ms", facet="person"),
        findings=findings,
    )


async def _measure(
    kind: Kind, url: str, count: int, queries: int, progress: Callable[[str], None]
) -> tuple[list[Row], Notes]:
    async with _opened(url) as (database, storage):
        town = await settle(storage, plan(SEED), SEED)
        with Progress(transient=True) as bar:
            task = bar.add_task(f"{kind}: storing messages", total=count)
            await talk(database, town, SEED, count, lambda done: bar.advance(task, done))
        progress(f"{kind}: {count:,} messages are stored; indexing them")
        before = await _size(database)
        begun = time.perf_counter()
        await SearchIndex(storage).catch_up()
        indexed_per_s = count / (time.perf_counter() - begun)
        progress(f"{kind}: indexed {indexed_per_s:,.0f} messages per second")
        await _settled(database)
        after = await _size(database)
        search = Search(storage, LimitsInMemory(scale=1_000_000))
        rows: list[Row] = []
        asked = _questions(town, count, queries)
        for person, account, _ in _persons(town):
            for name, questions in asked[person].items():
                row = await _ask(kind, person, name, search, account, questions)
                progress(
                    f"{kind}, {person}, {name}: p50 {row.p50_ms:.0f}, p95 {row.p95_ms:.0f}, "
                    f"p99 {row.p99_ms:.0f} ms, {row.hits:,} hits"
                )
                rows.append(row)
        rare = asked["sees nearly all"]["rare word"]
        notes = Notes(
            database=kind,
            messages=count,
            indexed_per_s=indexed_per_s,
            size_mib=after,
            index_mib=after - before,
            scan_ms=await _scan(database, town.wide.id, rare[:SCANS]),
            rare_ms=next(row.p50_ms for row in rows if row.kind == "rare word"),
            found_after_ms=await _found_after(database, town),
        )
        return rows, notes


@asynccontextmanager
async def _opened(url: str) -> AsyncIterator[tuple[Database, SqlStorage]]:
    await migrate(url)
    database = open_database(url, pool_size=3)
    yield database, SqlStorage(database, lambda _events: None)
    await database.close()


def _persons(town: Plan) -> list[tuple[str, Account, Sequence[UUID]]]:
    return [
        ("sees nearly all", town.wide, [place.id for place in town.wide_in]),
        ("sees little", town.narrow, [place.id for place in town.narrow_in]),
    ]


def _questions(town: Plan, count: int, queries: int) -> dict[str, dict[str, list[str]]]:
    """Return what each person asks, by its kind."""
    chance = random.Random(SEED)
    sample = [each.row for each in islice(said(town, SEED, count), min(_SAMPLE, count))]
    asked = {}
    for person, _, places in _persons(town):
        own = [row["body"] for row in sample if row["conversation_id"] in set(places)]
        spoken = [body.split() for body in own if body.isascii() and body.count(" ") >= 4]
        chinese = [body for body in own if not body.isascii() and len(body) >= 4]
        asked[person] = {
            name: [make(chance, town, spoken, chinese) for _ in range(queries)]
            for name, make in _KINDS.items()
        }
    return asked


Make = Callable[[random.Random, Plan, list[list[str]], list[str]], str]


def _word(low: int, high: int) -> Make:
    return lambda chance, town, _spoken, _chinese: town.words[chance.randrange(low, high)]


def _phrase(chance: random.Random, _town: Plan, spoken: list[list[str]], _chinese: object) -> str:
    words = chance.choice(spoken)
    at = chance.randrange(len(words) - 2)
    return f'"{" ".join(words[at : at + chance.choice((2, 3))])}"'


def _part(chance: random.Random, town: Plan, _spoken: object, _chinese: object) -> str:
    word = ""
    while len(word) < 5:
        word = town.words[int(chance.random() ** 3 * 20_000)]
    at = chance.randrange(len(word) - 3)
    return word[at : at + chance.choice((3, 4))]


def _characters(chance: random.Random, _town: Plan, _spoken: object, chinese: list[str]) -> str:
    body = chance.choice(chinese)
    at = chance.randrange(len(body) - 2)
    return body[at : at + 2]


def _operators(chance: random.Random, town: Plan, _spoken: object, _chinese: object) -> str:
    person, place = chance.choice(town.people), chance.choice(town.narrow_in)
    month = chance.randrange(1, 10)
    return chance.choice(
        [
            f"from:{person.username}",
            f"has:{chance.choice(('image', 'link', 'file'))}",
            f"in:{place.id}",
            f"before:2025-0{month}-15",
            f"after:2025-0{month}-01 before:2025-0{month}-08",
            f"from:{person.username} has:link",
            "is:pinned",
        ]
    )


def _both(chance: random.Random, town: Plan, spoken: list[list[str]], chinese: list[str]) -> str:
    word = town.words[chance.randrange(3000)]
    return f"{word} {_operators(chance, town, spoken, chinese)}"


_KINDS: dict[str, Make] = {
    "common word": _word(0, 50),
    "word": _word(500, 3000),
    "rare word": _word(30_000, 60_000),
    "two words": lambda *given: f"{_word(0, 300)(*given)} {_word(0, 5000)(*given)}",
    "three common words": lambda *given: " ".join(_word(0, 60)(*given) for _ in range(3)),
    "phrase": _phrase,
    "part of a word": _part,
    "two characters": _characters,
    "operators": _operators,
    "words, operators": _both,
    "no hit": lambda chance, *_: "".join(chance.choice("bdgkvxzaeo") for _ in range(9)),
}


async def _ask(
    kind: Kind,
    person: str,
    name: str,
    search: Search,
    account: Account,
    questions: Sequence[str],
) -> Row:
    actor = Actor(account_id=account.id, session_id=account.id)
    took_ms: list[float] = []
    hits = 0
    for question in questions:
        begun = time.perf_counter()
        found = await search.everywhere(actor, parse(question), None, PAGE)
        took_ms.append((time.perf_counter() - begun) * 1000)
        hits += len(found.hits.items)
    hundredths = statistics.quantiles(took_ms, n=100, method="inclusive")
    return Row(
        database=kind,
        person=person,
        kind=name,
        queries=len(questions),
        hits=hits,
        p50_ms=hundredths[49],
        p95_ms=hundredths[94],
        p99_ms=hundredths[98],
    )


async def _scan(database: Database, account_id: UUID, words: Sequence[str]) -> float:
    """Return how long it takes, in the median, to find words without an index."""
    took_ms = []
    for word in words:
        statement = (
            select(messages.c.id, messages.c.body)
            .join(members, members.c.conversation_id == messages.c.conversation_id)
            .join(conversations, conversations.c.id == messages.c.conversation_id)
            .where(
                members.c.account_id == account_id,
                is_present,
                conversations.c.deleted_at.is_(None),
                messages.c.deleted_at.is_(None),
                messages.c.body.ilike(f"%{word}%"),
            )
            .order_by(messages.c.id.desc())
            .limit(PAGE + 1)
        )
        begun = time.perf_counter()
        async with database.reader() as connection:
            (await connection.execute(statement)).all()
        took_ms.append((time.perf_counter() - begun) * 1000)
    return statistics.median(took_ms)


async def _found_after(database: Database, town: Plan) -> float:
    """Return how long it takes, in the median, until what was sent is found."""
    index: list[SearchIndex] = []
    storage = SqlStorage(database, lambda _events: None)
    index.append(SearchIndex(storage))
    journal = Journal(database.batch_writer(), index[0].hear, utc_now)
    search = Search(storage, LimitsInMemory(scale=1_000_000))
    actor = Actor(account_id=town.wide.id, session_id=town.wide.id)
    running = asyncio.create_task(index[0].run())
    took_ms = []
    for number in range(SENDS):
        word = f"freshly{number:03}"
        draft = Draft(conversation_id=town.wide_in[0].id, sender_id=town.wide.id, body=word)
        await journal.append(draft)
        begun = time.perf_counter()
        while not (await search.everywhere(actor, parse(word), None, 1)).hits.items:  # noqa: ASYNC110, people ask again too
            await asyncio.sleep(0.005)
        took_ms.append((time.perf_counter() - begun) * 1000)
    running.cancel()
    with suppress(asyncio.CancelledError):
        await running
    await journal.close()
    return statistics.median(took_ms)


async def _settled(database: Database) -> None:
    """Let the database put in order what was written, as it does by itself in time."""
    async with database.writer() as connection:
        if connection.dialect.name == "postgresql":
            await connection.execution_options(isolation_level="AUTOCOMMIT")
            await connection.execute(text("VACUUM ANALYZE"))
        await connection.execute(select(func.count()).select_from(search_docs))


async def _size(database: Database) -> float:
    async with database.reader() as connection:
        is_sqlite = connection.dialect.name == "sqlite"
        question = (
            "SELECT page_count * page_size FROM pragma_page_count(), pragma_page_size()"
            if is_sqlite
            else "SELECT pg_database_size(current_database())"
        )
        return float(await connection.scalar(text(question)) or 0) / 1024**2
