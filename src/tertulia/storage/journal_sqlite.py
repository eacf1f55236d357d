"""The journal on SQLite: a whole batch in one hop to a thread that owns a connection.

Every call into SQLite gives up the interpreter's lock and has to win it back from a busy event
loop, so a batch makes few of them: one statement for each question, and one for all rows.
"""

from __future__ import annotations

import asyncio
import sqlite3
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from functools import lru_cache
from typing import TYPE_CHECKING, Any
from uuid import UUID

from tertulia.core.message import PLAIN, Message
from tertulia.core.model import Face
from tertulia.storage.columns import from_millis, to_millis
from tertulia.storage.extras import read_extras, word_extras
from tertulia.storage.journal_batch import Facts, Settled, Slowed, sealed_into, settle

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Sequence
    from contextlib import AbstractAsyncContextManager
    from datetime import datetime

    from tertulia.core.message import Draft

# SQLite looks rows up one by one only where it is told to begin with what is asked for, which
# CROSS JOIN does; it reads the whole table for `(a, b) IN (VALUES ...)`.
_MEMBERS = """
    WITH asked (conversation_id, account_id) AS (VALUES {rows})
    SELECT c.id, c.head_seq, c.encrypted, m.account_id, m.silenced_at IS NOT NULL,
           CASE m.role WHEN 'member' THEN c.slow_mode_s ELSE 0 END, m.last_sent_at,
           a.number, a.username, a.display_name, a.avatar
    FROM asked CROSS JOIN members m USING (conversation_id, account_id)
    CROSS JOIN conversations c ON c.id = m.conversation_id
    CROSS JOIN accounts a ON a.id = m.account_id
    WHERE m.left_at IS NULL AND c.deleted_at IS NULL
"""
_SENT = """
    WITH asked (sender_id, client_ref) AS (VALUES {rows})
    SELECT m.id, m.conversation_id, m.seq, m.changed_seq, m.sender_id, m.client_ref, m.body,
           m.reply_to, m.inserted_at, m.edited_at, m.deleted_at, m.pinned_at, m.extras
    FROM asked CROSS JOIN messages m USING (sender_id, client_ref)
    WHERE m.client_ref IS NOT NULL
"""
_REPLIED = """
    WITH asked (conversation_id, id) AS (VALUES {rows})
    SELECT conversation_id, id FROM asked CROSS JOIN messages USING (conversation_id, id)
"""
_UPLOADS = """
    WITH asked (id) AS (VALUES {rows})
    SELECT id, expires_at FROM asked CROSS JOIN uploads USING (id)
"""
_HAVE_KEYS = """
    WITH asked (conversation_id) AS (VALUES {rows})
    SELECT m.conversation_id, m.account_id, EXISTS (
               SELECT 1 FROM encryption_keys k
               WHERE k.conversation_id = m.conversation_id AND k.account_id = m.account_id
                     AND k.seq >= m.joined_seq)
    FROM asked CROSS JOIN members m USING (conversation_id) WHERE m.left_at IS NULL
"""
_MOVE_HEADS = """
    WITH moved (id, head_seq) AS (VALUES {rows})
    UPDATE conversations SET head_seq = moved.head_seq, last_activity_at = ?
    FROM moved WHERE conversations.id = moved.id
"""
_INSERT = """
    INSERT INTO messages (id, conversation_id, seq, changed_seq, sender_id, client_ref, body,
                          reply_to, inserted_at, extras)
    VALUES {rows}
"""
_INSERT_COPIES = """
    INSERT INTO copies (conversation_id, account_id, seq, id, content) VALUES {rows}
"""
_INSERT_MENTIONS = "INSERT INTO mentions (conversation_id, account_id, seq) VALUES {rows}"
_INSERT_MEDIA = """
    INSERT INTO media (conversation_id, seq, position, kind, upload_id) VALUES {rows}
"""
_SLOW_DOWN = """
    WITH slowed (conversation_id, account_id) AS (VALUES {rows})
    UPDATE members SET last_sent_at = ? FROM slowed
    WHERE members.conversation_id = slowed.conversation_id
          AND members.account_id = slowed.account_id
"""
_KEEP_UPLOADS = "UPDATE uploads SET expires_at = NULL WHERE id IN (VALUES {rows})"
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
    files = {(attachment.id.bytes,) for draft in drafts for attachment in draft.extras.attachments}
    found = [
        (UUID(bytes=row[0]), *row[1:3], UUID(bytes=row[3]), *row[4:])
        for row in _ask(connection, _MEMBERS, pairs)
    ]
    encrypted = {conversation_id for conversation_id, _, is_encrypted, *_ in found if is_encrypted}
    return Facts(
        heads={conversation_id: head_seq for conversation_id, head_seq, *_ in found},
        encrypted=encrypted,
        have_keys=_have_keys(connection, sealed_into(drafts, encrypted)),
        members={
            (conversation_id, account_id): Face(account_id, *seen)
            for conversation_id, _, _, account_id, _, _, _, *seen in found
        },
        silenced={
            (conversation_id, account_id)
            for conversation_id, _, _, account_id, is_silenced, *_ in found
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
        slowed={
            (conversation_id, account_id): Slowed(
                timedelta(seconds=slow_mode_s),
                None if last_sent_at is None else from_millis(last_sent_at),
            )
            for conversation_id, _, _, account_id, _, slow_mode_s, last_sent_at, *_ in found
            if slow_mode_s
        },
        uploads={
            UUID(bytes=upload_id): None if expires_at is None else from_millis(expires_at)
            for upload_id, expires_at in _ask(connection, _UPLOADS, files)
        },
    )


def _have_keys(
    connection: sqlite3.Connection, conversation_ids: Collection[UUID]
) -> dict[UUID, dict[UUID, bool]]:
    have_keys: dict[UUID, dict[UUID, bool]] = {each: {} for each in conversation_ids}
    asked = [(each.bytes,) for each in conversation_ids]
    for conversation_id, account_id, has_keys in _ask(connection, _HAVE_KEYS, asked):
        have_keys[UUID(bytes=conversation_id)][UUID(bytes=account_id)] = bool(has_keys)
    return have_keys


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
            word_extras(message.extras),
        )
        for message in settled.fresh
    ]
    _insert(connection, _INSERT, rows)
    _insert(connection, _INSERT_COPIES, list(map(_raw, settled.copy_rows())))
    _insert(connection, _INSERT_MENTIONS, list(map(_raw, settled.mentions)))
    _insert(connection, _INSERT_MEDIA, list(map(_raw, settled.media)))
    if settled.carried:
        carried = [each.bytes for each in settled.carried]
        connection.execute(_sql(_KEEP_UPLOADS, len(carried), 1), carried)
    if settled.slowed:
        slowed = list(map(_raw, settled.slowed))
        connection.execute(_sql(_SLOW_DOWN, len(slowed), 2), [*_flat(slowed), at])


def _insert(
    connection: sqlite3.Connection, statement: str, rows: Sequence[tuple[Any, ...]]
) -> None:
    for start in range(0, len(rows), _ROWS_AT_ONCE):
        some = rows[start : start + _ROWS_AT_ONCE]
        connection.execute(_sql(statement, len(some), len(some[0])), _flat(some))


def _raw(row: tuple[Any, ...]) -> tuple[Any, ...]:
    return tuple(value.bytes if isinstance(value, UUID) else value for value in row)


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
        pinned_at,
        extras,
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
        pinned_at=None if pinned_at is None else from_millis(pinned_at),
        extras=PLAIN if extras is None else read_extras(extras),
    )
