"""The journal on SQLite: a whole batch in one hop to a thread that owns a connection.

Every call into SQLite gives up the interpreter's lock and has to win it back from a busy event
loop, so a batch makes few of them: one statement for each question, and one for all rows.
"""

from __future__ import annotations

import asyncio
import sqlite3
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache
from typing import TYPE_CHECKING, Any
from uuid import UUID

from tertulia.core.model import Message
from tertulia.storage.columns import from_millis, to_millis
from tertulia.storage.journal_batch import Facts, Settled, settle

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from contextlib import AbstractAsyncContextManager
    from datetime import datetime

    from tertulia.core.model import Draft

# SQLite looks rows up one by one only where it is told to begin with what is asked for, which
# CROSS JOIN does; it reads the whole table for `(a, b) IN (VALUES ...)`.
_MEMBERS = """
    WITH asked (conversation_id, account_id) AS (VALUES {rows})
    SELECT c.id, c.head_seq, c.encrypted, m.account_id, m.silenced_at IS NOT NULL
    FROM asked CROSS JOIN members m USING (conversation_id, account_id)
    CROSS JOIN conversations c ON c.id = m.conversation_id
    WHERE m.left_at IS NULL AND c.deleted_at IS NULL
"""
_SENT = """
    WITH asked (sender_id, client_ref) AS (VALUES {rows})
    SELECT m.id, m.conversation_id, m.seq, m.changed_seq, m.sender_id, m.client_ref, m.body,
           m.reply_to, m.inserted_at, m.edited_at, m.deleted_at
    FROM asked CROSS JOIN messages m USING (sender_id, client_ref)
    WHERE m.client_ref IS NOT NULL
"""
_REPLIED = """
    WITH asked (conversation_id, id) AS (VALUES {rows})
    SELECT conversation_id, id FROM asked CROSS JOIN messages USING (conversation_id, id)
"""
_MOVE_HEADS = """
    WITH moved (id, head_seq) AS (VALUES {rows})
    UPDATE conversations SET head_seq = moved.head_seq, last_activity_at = ?
    FROM moved WHERE conversations.id = moved.id
"""
_INSERT = """
    INSERT INTO messages (id, conversation_id, seq, changed_seq, sender_id, client_ref, body,
                          reply_to, inserted_at)
    VALUES {rows}
"""
# A statement has at most 32,766 parameters (SQLITE_MAX_VARIABLE_NUMBER).
_ROWS_AT_ONCE = 3000


class SqliteBatchWriter:
    """Writes batches on a connection of its own, in turn with the other work that writes."""

    def __init__(
        self,
        connect: Callable[[], sqlite3.Connection],
        turn_taken: Callable[[], AbstractAsyncContextManager[None]],
    ) -> None:
        self._connect = connect
        self._turn_taken = turn_taken
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="journal")
        self._connection: sqlite3.Connection | None = None

    async def write(self, drafts: Sequence[Draft], now: datetime) -> Settled:
        """Settle and store a batch in one transaction."""
        loop = asyncio.get_running_loop()
        async with self._turn_taken():
            return await loop.run_in_executor(self._thread, self._write, drafts, now)

    async def close(self) -> None:
        """Close the connection and end the thread."""
        await asyncio.get_running_loop().run_in_executor(self._thread, self._disconnect)
        self._thread.shutdown()

    def _write(self, drafts: Sequence[Draft], now: datetime) -> Settled:
        if self._connection is None:
            self._connection = self._connect()
        connection = self._connection
        connection.execute("BEGIN IMMEDIATE")
        try:
            settled = settle(drafts, _facts(connection, drafts), now)
            if settled.fresh:
                _store(connection, settled, now)
            connection.execute("COMMIT")
        except BaseException:
            # Closing it takes everything back, whatever state it is in.
            self._disconnect()
            raise
        return settled

    def _disconnect(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None


def _facts(connection: sqlite3.Connection, drafts: Sequence[Draft]) -> Facts:
    pairs = {(draft.conversation_id.bytes, draft.sender_id.bytes) for draft in drafts}
    refs = {
        (draft.sender_id.bytes, draft.client_ref)
        for draft in drafts
        if draft.client_ref is not None
    }
    replies = {
        (draft.conversation_id.bytes, draft.reply_to.bytes)
        for draft in drafts
        if draft.reply_to is not None
    }
    found = [
        (UUID(bytes=row[0]), *row[1:3], UUID(bytes=row[3]), row[4])
        for row in _ask(connection, _MEMBERS, pairs)
    ]
    return Facts(
        heads={conversation_id: head_seq for conversation_id, head_seq, *_ in found},
        encrypted={conversation_id for conversation_id, _, encrypted, *_ in found if encrypted},
        members={(conversation_id, account_id) for conversation_id, _, _, account_id, _ in found},
        silenced={
            (conversation_id, account_id)
            for conversation_id, _, _, account_id, is_silenced in found
            if is_silenced
        },
        sent={
            (message.sender_id, message.client_ref): message
            for message in map(_message, _ask(connection, _SENT, refs))
            if message.client_ref is not None
        },
        replied={
            (UUID(bytes=one), UUID(bytes=other))
            for one, other in _ask(connection, _REPLIED, replies)
        },
    )


def _store(connection: sqlite3.Connection, settled: Settled, now: datetime) -> None:
    at = to_millis(now)
    moved = [(conversation_id.bytes, seq) for conversation_id, seq in settled.heads.items()]
    connection.execute(_sql(_MOVE_HEADS, len(moved), 2), [*_flat(moved), at])
    rows = [
        (
            message.id.bytes,
            message.conversation_id.bytes,
            message.seq,
            message.changed_seq,
            message.sender_id.bytes,
            message.client_ref,
            message.body,
            message.reply_to and message.reply_to.bytes,
            at,
        )
        for message in settled.fresh
    ]
    for start in range(0, len(rows), _ROWS_AT_ONCE):
        some = rows[start : start + _ROWS_AT_ONCE]
        connection.execute(_sql(_INSERT, len(some), 9), _flat(some))


def _ask(
    connection: sqlite3.Connection, statement: str, rows: Iterable[tuple[Any, ...]]
) -> list[Any]:
    asked = list(rows)
    if not asked:
        return []
    return connection.execute(_sql(statement, len(asked), len(asked[0])), _flat(asked)).fetchall()


@lru_cache(maxsize=128)
def _sql(statement: str, rows: int, width: int) -> str:
    row = f"({', '.join('?' * width)})"
    return statement.format(rows=", ".join([row] * rows))


def _flat(rows: Iterable[tuple[Any, ...]]) -> list[Any]:
    return [value for row in rows for value in row]


def _message(row: Sequence[Any]) -> Message:
    (
        message_id,
        conversation_id,
        seq,
        changed_seq,
        sender_id,
        client_ref,
        body,
        reply_to,
        inserted_at,
        edited_at,
        deleted_at,
    ) = row
    return Message(
        id=UUID(bytes=message_id),
        conversation_id=UUID(bytes=conversation_id),
        seq=seq,
        changed_seq=changed_seq,
        sender_id=UUID(bytes=sender_id),
        client_ref=client_ref,
        body=body,
        reply_to=None if reply_to is None else UUID(bytes=reply_to),
        inserted_at=from_millis(inserted_at),
        edited_at=None if edited_at is None else from_millis(edited_at),
        deleted_at=None if deleted_at is None else from_millis(deleted_at),
    )
