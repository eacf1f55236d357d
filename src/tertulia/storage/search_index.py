"""The index of messages as it is kept: what has to be indexed, and where it goes."""

from __future__ import annotations

from abc import abstractmethod
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import (
    BigInteger,
    Integer,
    bindparam,
    delete,
    func,
    insert,
    select,
    union_all,
    update,
)

from tertulia.core.search_stores import Behind, Entry, SearchIndexStore, Source
from tertulia.storage.rows import MESSAGE_COLUMNS, message_of
from tertulia.storage.search_tables import (
    BLOCK_BITS,
    FIRST_DOC,
    search_docs,
    search_state,
)
from tertulia.storage.tables import accounts, conversations, is_changed, messages
from tertulia.storage.talk_tables import media

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence
    from datetime import datetime
    from uuid import UUID

    from sqlalchemy import CompoundSelect, Select
    from sqlalchemy.ext.asyncio import AsyncConnection


@dataclass(frozen=True, slots=True)
class Kept:
    """What the index has of a message; `indexed` is told on SQLite alone."""

    doc: int
    indexed: str | None


@dataclass(frozen=True, slots=True)
class Change:
    """A document of the index: what was there, and the entry that shall be."""

    doc: int
    old: Kept | None
    entry: Entry


class SqlSearchIndexStore(SearchIndexStore):
    """What is the same on both databases."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def version(self) -> str | None:
        return await self._connection.scalar(select(search_state.c.version))

    async def start_over(self, version: str, before: UUID) -> None:
        await self.clear()
        await self._connection.execute(
            update(conversations).values(indexed_seq=conversations.c.head_seq)
        )
        await self._connection.execute(delete(search_state))
        await self._connection.execute(
            insert(search_state).values(version=version, backlog_before=before)
        )

    async def backlog(self) -> UUID | None:
        return await self._connection.scalar(select(search_state.c.backlog_before))

    async def older(self, before: UUID, limit: int) -> tuple[Source, ...]:
        values = {"before": before, "limit": limit}
        return tuple(map(_source_of, await self._connection.execute(_OLDER, values)))

    async def behind(self, among: Collection[UUID] | None, limit: int) -> tuple[Behind, ...]:
        statement = (
            select(conversations.c.id, conversations.c.indexed_seq, conversations.c.head_seq)
            .where(
                conversations.c.head_seq > conversations.c.indexed_seq,
                conversations.c.deleted_at.is_(None),
                ~conversations.c.encrypted,
            )
            .limit(limit)
        )
        if among is not None:
            statement = statement.where(conversations.c.id.in_(list(among)[:_IDS_AT_ONCE]))
        return tuple(Behind(*row) for row in await self._connection.execute(statement))

    async def changed(self, behind: Behind, limit: int) -> tuple[Source, ...]:
        values = {
            "conversation_id": behind.conversation_id,
            "since": behind.since,
            "head": behind.head,
            "limit": limit,
        }
        return tuple(map(_source_of, await self._connection.execute(_CHANGED, values)))

    async def put(self, entries: Sequence[Entry], *, is_older: bool) -> None:
        kept = await self.kept([(entry.conversation_number, entry.seq) for entry in entries])
        changes: list[Change] = []
        fresh: list[Entry] = []
        for entry in entries:
            old = kept.get((entry.conversation_number, entry.seq))
            if old is not None:
                changes.append(Change(old.doc, old, entry))
            elif entry.text is not None:
                fresh.append(entry)
        first = await self._first_doc(len(fresh), is_older=is_older)
        changes.sort(key=lambda change: change.doc)
        changes += [Change(first + at, None, entry) for at, entry in enumerate(fresh)]
        if changes:
            await self.store(changes)
        await self._note_times(changes)

    async def move(self, moves: Sequence[tuple[Behind, int]]) -> bool:
        for behind, seq in sorted(moves, key=lambda each: each[0].conversation_id):
            moved = await self._connection.execute(
                update(conversations)
                .where(
                    conversations.c.id == behind.conversation_id,
                    conversations.c.indexed_seq == behind.since,
                )
                .values(indexed_seq=seq)
            )
            if moved.rowcount != 1:
                return False
        return True

    async def move_backlog(self, before: UUID, to: UUID | None) -> bool:
        moved = await self._connection.execute(
            update(search_state)
            .where(search_state.c.backlog_before == before)
            .values(backlog_before=to)
        )
        return moved.rowcount == 1

    @abstractmethod
    async def clear(self) -> None:
        """Take everything out of the index."""

    @abstractmethod
    async def kept(self, places: Iterable[tuple[int, int]]) -> dict[tuple[int, int], Kept]:
        """Return what the index has of the messages at these (conversation number, seq)."""

    @abstractmethod
    async def store(self, changes: Sequence[Change]) -> None:
        """Make the index what it shall be, in order of document numbers."""

    @abstractmethod
    async def widen(self, blocks: Sequence[tuple[int, datetime, datetime]]) -> None:
        """Have blocks reach from this time to that one, besides what they reached before."""

    async def _first_doc(self, count: int, *, is_older: bool) -> int:
        if is_older:
            lowest = await self._connection.scalar(select(func.min(search_docs.c.doc)))
            return (FIRST_DOC if lowest is None else lowest) - count
        highest = await self._connection.scalar(select(func.max(search_docs.c.doc)))
        return FIRST_DOC if highest is None else max(highest + 1, FIRST_DOC)

    async def _note_times(self, changes: Iterable[Change]) -> None:
        times: dict[int, list[datetime]] = {}
        for change in changes:
            if change.old is None:
                times.setdefault(change.doc >> BLOCK_BITS, []).append(change.entry.inserted_at)
        if times:
            await self.widen([(block, min(found), max(found)) for block, found in times.items()])


# Statements have a bounded number of parameters.
_IDS_AT_ONCE = 1000

_has_link = (
    select(media.c.seq)
    .where(
        media.c.conversation_id == messages.c.conversation_id,
        media.c.kind == "link",
        media.c.seq == messages.c.seq,
    )
    .exists()
)
_SOURCES = (
    select(*MESSAGE_COLUMNS, conversations.c.number, accounts.c.number, _has_link)
    .join_from(messages, conversations, conversations.c.id == messages.c.conversation_id)
    .join(accounts, accounts.c.id == messages.c.sender_id)
)
_OLDER = (
    _SOURCES.where(
        messages.c.id < bindparam("before"),
        messages.c.deleted_at.is_(None),
        conversations.c.deleted_at.is_(None),
        ~conversations.c.encrypted,
    )
    .order_by(messages.c.id.desc())
    .limit(bindparam("limit"))
)


def _changed() -> Select[Any]:
    """New messages are found by their place in history, older ones by the index of changes."""
    here = messages.c.conversation_id == bindparam("conversation_id")
    seq, changed_seq = messages.c.seq, messages.c.changed_seq
    since, head = bindparam("since", type_=BigInteger), bindparam("head", type_=BigInteger)
    limit = bindparam("limit", type_=Integer)
    new = select(seq, changed_seq).where(here, seq > since, seq <= head, ~is_changed)
    old = select(seq, changed_seq).where(here, changed_seq > since, changed_seq <= head, is_changed)
    both: CompoundSelect[Any] = union_all(
        select(new.order_by(seq).limit(limit).subquery()),
        select(old.order_by(changed_seq).limit(limit).subquery()),
    )
    first = both.order_by(both.selected_columns.changed_seq).limit(limit).subquery("changed")
    return (
        _SOURCES.join(first, first.c.seq == messages.c.seq)
        .where(here)
        .order_by(messages.c.changed_seq)
    )


_CHANGED = _changed()


def _source_of(row: Sequence[Any]) -> Source:
    *message, conversation_number, sender_number, has_link = row
    return Source(
        message=message_of(message),
        conversation_number=conversation_number,
        sender_number=sender_number,
        has_link=bool(has_link),
    )
