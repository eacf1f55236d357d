"""Moving an installation from its SQLite file into an empty PostgreSQL database.

The file is only read, as of one moment. Tables come in the order of their foreign keys, each in
batches in the order of its primary key; the mark of how far a table is commits with the batch, so
that a copy that was cut off goes on where it was. At the end both sides are read through and
compared (`digests`). While marks are there, `migrations` lets no server begin over the database.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import make_url

from tertulia.storage.encryption_tables import metadata
from tertulia.storage.migrations import migrate
from tertulia.storage.outages import outages_refused
from tertulia.storage.search_tables import search_blocks, search_docs, search_state
from tertulia.storage.transfer.digests import Digest, Digests, digests_of
from tertulia.storage.transfer.refusals import TransferRefused as TransferRefused
from tertulia.storage.transfer.source import Source, open_source
from tertulia.storage.transfer.target import Target, open_target, require_room

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from sqlalchemy import Table

# The index of messages is another one on PostgreSQL; the first server that runs there makes it,
# from the newest message backwards, as it does where there never was one.
_MADE_ANEW = (search_docs, search_blocks, search_state)

COPIED = tuple(table for table in metadata.sorted_tables if table not in _MADE_ANEW)
"""What is copied, in an order in which every row finds what it refers to."""

_ROWS_AT_ONCE = 5000
_SHOWN_DIFFERENCES = 5


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a table is; `act` says what is done with it."""

    act: str
    table: str
    done: int
    total: int


@dataclass(frozen=True, slots=True)
class Transferred:
    """What came over, and was found to be the same on both sides."""

    tables: int
    rows: int
    conversations: int


async def transfer(
    source_url: str, target_url: str, hear: Callable[[Progress], None]
) -> Transferred:
    """Copy everything, or what is left of it, and compare.

    TransferRefused where it cannot be done; Unavailable when PostgreSQL is out of reach.
    """
    with outages_refused(), open_source(make_url(source_url)) as source:
        await require_room(make_url(target_url), source.revision())
        totals = {table.name: source.count(table) for table in COPIED}
        async with open_target(make_url(target_url)) as target:
            if not await target.goes_on():
                await migrate(target_url)
            await target.begin(COPIED, totals)
            for table in COPIED:
                await _copy(source, target, table, totals[table.name], hear)
            found = await _compared(source, target, totals, hear)
            if source.was_changed():
                raise TransferRefused(
                    "The SQLite file was changed while it was copied. Stop every server over it,"
                    " empty the PostgreSQL database, and begin again."
                )
            await target.finish({table: source.last_number(table) for table in _numbered()})
            return Transferred(tables=len(COPIED), rows=sum(totals.values()), conversations=found)


async def _copy(
    source: Source, target: Target, table: Table, total: int, hear: Callable[[Progress], None]
) -> None:
    mark = target.marks[table.name]
    hear(Progress("copied", table.name, mark.rows, total))
    while rows := source.rows(table, after=mark.key, limit=_ROWS_AT_ONCE):
        mark = await target.add(table, rows, mark)
        hear(Progress("copied", table.name, mark.rows, total))


async def _compared(
    source: Source, target: Target, totals: Mapping[str, int], hear: Callable[[Progress], None]
) -> int:
    """Read both sides through, table by table; return how many conversations have the same."""
    differences: list[str] = []
    conversations: set[object] = set()
    for table in COPIED:
        there = digests_of(table)
        for row in source.every_row(table):
            there.add(row)
        here = await target.digests(table)
        differences += _differences(table, there.found, here.found)
        conversations |= {of for of in there.found if of is not None}
        hear(Progress("compared", table.name, here.rows, totals[table.name]))
    if differences:
        shown = "; ".join(differences[:_SHOWN_DIFFERENCES])
        raise TransferRefused(
            f"What is in PostgreSQL is not what the SQLite file has now: {shown}. If the file was"
            " changed since the copy was begun, empty the database and begin again."
        )
    return len(conversations)


def _differences(table: Table, there: Digests, here: Digests) -> list[str]:
    nothing = Digest()
    found: list[str] = []
    for place in sorted({*there, *here}, key=str):
        ours, theirs = here.get(place, nothing), there.get(place, nothing)
        if ours != theirs:
            where = table.name if place is None else f"{table.name} of conversation {place}"
            found.append(f"{where} ({ours.rows} rows, in the file {theirs.rows})")
    return found


def _numbered() -> list[Table]:
    return [table for table in COPIED if table.dialect_options["sqlite"]["autoincrement"]]
