"""The index of messages on SQLite: an FTS5 table without content, whose rowids are documents.

FTS5 hands out rowids in descending order one by one, so the newest hits come first and the rest is
never looked at. It keeps nothing but which document has which lexeme (`detail=none`).
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from sqlalchemy import bindparam, text

from tertulia.core.search_lexemes import Clause, lexemes
from tertulia.core.search_stores import Document, Question
from tertulia.storage.columns import Id, to_millis
from tertulia.storage.search import FOUND_COLUMNS, SqlSearchStore, document_of
from tertulia.storage.search_index import Change, Kept, SqlSearchIndexStore
from tertulia.storage.search_tables import search_docs

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from sqlalchemy import TextualSelect

    from tertulia.core.search_stores import Entry


class SqliteSearchStore(SqlSearchStore):
    """Questions in the words of FTS5."""

    async def find(self, question: Question, limit: int) -> tuple[Document, ...]:
        values: dict[str, Any] = {
            "low": question.reach.low,
            "high": question.reach.high,
            "numbers": json.dumps(question.numbers),
            "limit": limit,
        }
        has_words = bool(question.clauses)
        if has_words:
            values["question"] = _worded(question)
        if question.starred_by is not None:
            values["starred_by"] = question.starred_by
        statement = _FIND[has_words, question.starred_by is not None]
        return tuple(map(document_of, await self._connection.execute(statement, values)))


class SqliteSearchIndexStore(SqlSearchIndexStore):
    """Writing what FTS5 shall find."""

    async def claim(self) -> bool:
        # Whoever writes has the whole file.
        return True

    async def clear(self) -> None:
        for statement in (
            "INSERT INTO search_index (search_index) VALUES ('delete-all')",
            "DELETE FROM search_docs",
            "DELETE FROM search_blocks",
        ):
            await self._connection.exec_driver_sql(statement)

    async def kept(self, places: Iterable[tuple[int, int]]) -> dict[tuple[int, int], Kept]:
        asked = (json.dumps(list(places)),)
        rows = (await self._connection.exec_driver_sql(_KEPT, asked)).all()
        return {(row.conversation_number, row.seq): Kept(row.doc, row.indexed) for row in rows}

    async def store(self, changes: Sequence[Change]) -> None:
        # A reaction changes a message and nothing that it is found by.
        changes = [each for each in changes if not (each.old and _is_kept(each.old, each.entry))]
        old = [change.old for change in changes if change.old is not None]
        new = [change for change in changes if change.entry.text is not None]
        await self._each(
            "INSERT INTO search_index (search_index, rowid, lexemes) VALUES ('delete', ?, ?)",
            [(each.doc, _lexemes_of(each.indexed or "")) for each in old],
        )
        await self._each("DELETE FROM search_docs WHERE doc = ?", [(each.doc,) for each in old])
        kept = [(change, _kept_of(change.entry)) for change in new]
        await self._each(
            "INSERT INTO search_docs (doc, conversation_number, seq, indexed) VALUES (?, ?, ?, ?)",
            [
                (change.doc, change.entry.conversation_number, change.entry.seq, indexed)
                for change, indexed in kept
            ],
        )
        await self._each(
            "INSERT INTO search_index (rowid, lexemes) VALUES (?, ?)",
            [(change.doc, _lexemes_of(indexed)) for change, indexed in kept],
        )

    async def widen(self, blocks: Sequence[tuple[int, datetime, datetime]]) -> None:
        await self._each(
            _WIDEN, [(block, to_millis(first), to_millis(last)) for block, first, last in blocks]
        )

    async def _each(self, statement: str, rows: list[tuple[Any, ...]]) -> None:
        if rows:
            await self._connection.exec_driver_sql(statement, rows)


# SQLite looks rows up one by one only where CROSS JOIN tells it to begin with what is asked for.
_KEPT = """
    SELECT d.conversation_number, d.seq, d.doc, d.indexed
    FROM json_each(?) asked CROSS JOIN search_docs d
    WHERE d.conversation_number = json_extract(asked.value, '$[0]')
          AND d.seq = json_extract(asked.value, '$[1]')
"""
_WIDEN = """
    INSERT INTO search_blocks (block, first_at, last_at) VALUES (?, ?, ?)
    ON CONFLICT (block) DO UPDATE SET first_at = min(first_at, excluded.first_at),
                                      last_at = max(last_at, excluded.last_at)
"""


# Each row leads to the next table in this order, which CROSS JOIN makes sure of; the plus keeps
# SQLite from reading whole conversations and sorting them instead.
_SELECT = """
    SELECT d.doc, {columns}
    FROM {index} search_docs d
    CROSS JOIN conversations ON conversations.number = d.conversation_number
    CROSS JOIN messages ON messages.conversation_id = conversations.id AND messages.seq = d.seq
    WHERE {number} BETWEEN :low AND :high
          AND +d.conversation_number IN (SELECT value FROM json_each(:numbers))
          {conditions}
    ORDER BY {number} DESC LIMIT :limit
"""
_HAS_WORDS = "AND search_index MATCH :question AND d.doc = i.rowid"
_IS_STARRED = """
    AND {number} IN (
        SELECT marked.doc FROM stars s
        CROSS JOIN conversations place ON place.id = s.conversation_id
        CROSS JOIN search_docs marked
            ON marked.conversation_number = place.number AND marked.seq = s.seq
        WHERE s.account_id = :starred_by
    )
"""


def _find(*, has_words: bool, is_starred: bool) -> TextualSelect:
    number = "i.rowid" if has_words else "d.doc"
    conditions = (_HAS_WORDS if has_words else "") + (_IS_STARRED if is_starred else "")
    sql = _SELECT.format(
        columns=", ".join(f"{column.table.name}.{column.name}" for column in FOUND_COLUMNS),
        index="search_index i CROSS JOIN" if has_words else "",
        number=number,
        conditions=conditions.format(number=number),
    )
    asked = text(sql)
    if is_starred:
        asked = asked.bindparams(bindparam("starred_by", type_=Id))
    return asked.columns(search_docs.c.doc, *FOUND_COLUMNS)


_FIND = {
    (has_words, is_starred): _find(has_words=has_words, is_starred=is_starred)
    for has_words in (False, True)
    for is_starred in (False, True)
}


def _worded(question: Question) -> str:
    wanted = _all(question.clauses)
    return f"{wanted} NOT ({_all(question.without)})" if question.without else wanted


def _all(clauses: Sequence[Clause]) -> str:
    return " AND ".join(f"({_any(clause)})" for clause in clauses)


def _any(clause: Clause) -> str:
    return " OR ".join(
        f"({' AND '.join(_quoted(each) for each in group)})" if len(group) > 1 else _quoted(*group)
        for group in clause
    )


def _quoted(lexeme: str) -> str:
    return f'"{lexeme}"'


def _is_kept(kept: Kept, entry: Entry) -> bool:
    return entry.text is not None and kept.indexed == _kept_of(entry)


def _kept_of(entry: Entry) -> str:
    return f"{' '.join(entry.marks)}\n{entry.text}"


def _lexemes_of(indexed: str) -> str:
    marks, _, said = indexed.partition("\n")
    return " ".join((marks, *lexemes(said)))
