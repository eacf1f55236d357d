"""The index of messages on PostgreSQL: lexemes in a GIN index, asked shelf by shelf.

GIN knows no order: it would fetch every hit of a common word to find the newest ones. So documents
stand on shelves of 2^14, each with the lexeme of its shelf, `b<number>`, and the newest shelves are
asked first, then as many as the hits on those let expect the rest on.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import BigInteger, Text, bindparam, cast, func, select, text
from sqlalchemy.dialects.postgresql import ARRAY, TSQUERY

from tertulia.core.search_lexemes import Clause, lexemes
from tertulia.core.search_stores import Document, Question
from tertulia.storage.columns import to_millis
from tertulia.storage.search import FOUND_COLUMNS, SqlSearchStore, document_of
from tertulia.storage.search_index import Change, Kept, SqlSearchIndexStore
from tertulia.storage.search_tables import search_docs
from tertulia.storage.tables import conversations, messages
from tertulia.storage.talk_tables import stars

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from sqlalchemy import Select

# Any number will do, as long as nothing else on the same database asks for a lock by it.
_LOCK_KEY = 0x7465_7274_7365_6172

_SHELF_BITS = 14
_FIRST_SHELVES = 2
_SHELVES_NAMED = 16


class PostgresSearchStore(SqlSearchStore):
    """Questions as tsquery."""

    async def find(self, question: Question, limit: int) -> tuple[Document, ...]:
        await self._connection.execute(_STEP_BY_STEP)
        found: list[Document] = []
        low, high = question.reach.low >> _SHELF_BITS, question.reach.high >> _SHELF_BITS
        top, size = high, _FIRST_SHELVES
        while high >= low and len(found) < limit:
            shelves = range(max(low, high - size + 1), high + 1)
            found += await self._on(shelves, question, limit - len(found))
            high = shelves.start - 1
            missing = limit - len(found)
            # As many as should have what is missing, twice over; all of them where there was none.
            expected = 2 * missing * (top - high) // len(found) if found else high - low + 1
            size = max(2 * size, expected)
        return tuple(found)

    async def _on(self, shelves: range, question: Question, limit: int) -> Iterable[Document]:
        values: dict[str, Any] = {
            "question": _worded(question, shelves),
            "low": max(question.reach.low, shelves.start << _SHELF_BITS),
            "high": min(question.reach.high, (shelves.stop << _SHELF_BITS) - 1),
            "numbers": list(question.numbers),
            "limit": limit,
        }
        if question.starred_by is not None:
            values["starred_by"] = question.starred_by
        statement = _FIND[question.starred_by is not None]
        return map(document_of, await self._connection.execute(statement, values))


class PostgresSearchIndexStore(SqlSearchIndexStore):
    """Writing what GIN shall find."""

    async def claim(self) -> bool:
        held = await self._connection.scalar(select(func.pg_try_advisory_xact_lock(_LOCK_KEY)))
        return bool(held)

    async def clear(self) -> None:
        await self._connection.execute(text("TRUNCATE search_docs, search_blocks"))

    async def kept(self, places: Iterable[tuple[int, int]]) -> dict[tuple[int, int], Kept]:
        numbers, seqs = zip(*places, strict=True) if places else ((), ())
        values = {"numbers": list(numbers), "seqs": list(seqs)}
        rows = await self._connection.execute(_KEPT, values)
        return {(number, seq): Kept(doc, None) for number, seq, doc in rows}

    async def store(self, changes: Sequence[Change]) -> None:
        gone = [each.doc for each in changes if each.old and each.entry.text is None]
        if gone:
            await self._connection.execute(_FORGET, {"docs": gone})
        rows = [
            {
                "doc": each.doc,
                "number": each.entry.conversation_number,
                "seq": each.entry.seq,
                "lexemes": [
                    f"b{each.doc >> _SHELF_BITS}",
                    *each.entry.marks,
                    *lexemes(each.entry.text),
                ],
            }
            for each in changes
            if each.entry.text is not None
        ]
        if rows:
            await self._connection.execute(_STORE, rows)

    async def widen(self, blocks: Sequence[tuple[int, datetime, datetime]]) -> None:
        rows = [
            {"block": block, "first_at": to_millis(first), "last_at": to_millis(last)}
            for block, first, last in blocks
        ]
        await self._connection.execute(_WIDEN, rows)


# A few documents, then the message of each: that is always the way. The planner, who cannot know
# which words go together, at times believes in reading a whole table; and it plans anew for each
# question, for a plan made for all of them suits none.
_STEP_BY_STEP = text(
    """
    SELECT set_config('enable_seqscan', 'off', true), set_config('enable_hashjoin', 'off', true),
           set_config('enable_mergejoin', 'off', true),
           set_config('plan_cache_mode', 'force_custom_plan', true)
    """
)
_KEPT = text(
    """
    SELECT d.conversation_number, d.seq, d.doc
    FROM unnest(CAST(:numbers AS bigint[]), CAST(:seqs AS bigint[])) asked (number, seq)
    JOIN search_docs d ON d.conversation_number = asked.number AND d.seq = asked.seq
    """
)
_FORGET = text("DELETE FROM search_docs WHERE doc = ANY(CAST(:docs AS bigint[]))")
_STORE = text(
    """
    INSERT INTO search_docs (doc, conversation_number, seq, indexed)
    VALUES (:doc, :number, :seq, array_to_tsvector(CAST(:lexemes AS text[])))
    ON CONFLICT (doc) DO UPDATE SET indexed = excluded.indexed
    WHERE search_docs.indexed <> excluded.indexed
    """
)
_WIDEN = text(
    """
    INSERT INTO search_blocks (block, first_at, last_at) VALUES (:block, :first_at, :last_at)
    ON CONFLICT (block) DO UPDATE SET
        first_at = least(search_blocks.first_at, excluded.first_at),
        last_at = greatest(search_blocks.last_at, excluded.last_at)
    """
)


def _find(*, is_starred: bool) -> Select[Any]:
    # With something added to it, the planner cannot walk the numbers' own index and look at each.
    number = search_docs.c.doc + 0
    asked = cast(bindparam("question", type_=Text), TSQUERY)
    hits = (
        select(search_docs.c.doc, search_docs.c.conversation_number, search_docs.c.seq)
        .where(
            search_docs.c.indexed.op("@@")(asked),
            number.between(bindparam("low", type_=BigInteger), bindparam("high", type_=BigInteger)),
            search_docs.c.conversation_number
            == func.any(bindparam("numbers", type_=ARRAY(BigInteger))),
        )
        .order_by(number.desc())
        .limit(bindparam("limit", type_=BigInteger))
    )
    if is_starred:
        hits = hits.where(_is_starred())
    first = hits.subquery("hits")
    return (
        select(first.c.doc, *FOUND_COLUMNS)
        .join_from(first, conversations, conversations.c.number == first.c.conversation_number)
        .join(
            messages,
            (messages.c.conversation_id == conversations.c.id) & (messages.c.seq == first.c.seq),
        )
        .order_by(first.c.doc.desc())
    )


def _is_starred() -> Any:
    place = conversations.alias("starred_in")
    return (
        select(stars.c.message_id)
        .join_from(stars, place, place.c.id == stars.c.conversation_id)
        .where(
            stars.c.account_id == bindparam("starred_by"),
            place.c.number == search_docs.c.conversation_number,
            stars.c.seq == search_docs.c.seq,
        )
        .exists()
    )


_FIND = {is_starred: _find(is_starred=is_starred) for is_starred in (False, True)}


def _worded(question: Question, shelves: range) -> str:
    asked = list(map(_any, question.clauses))
    # To name most of the shelves costs more than to pass over what is found on the others.
    if not asked or len(shelves) <= _SHELVES_NAMED:
        within = "|".join(f"'b{shelf}'" for shelf in shelves)
        asked.insert(0, f"({within})")
    wanted = "&".join(asked)
    return f"{wanted}&!({_all(question.without)})" if question.without else wanted


def _all(clauses: Sequence[Clause]) -> str:
    return "&".join(map(_any, clauses))


def _any(clause: Clause) -> str:
    groups = ("&".join(f"'{lexeme}'" for lexeme in group) for group in clause)
    return f"({'|'.join(f'({group})' for group in groups)})"
