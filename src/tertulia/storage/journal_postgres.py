"""The journal on PostgreSQL: whole batches as arrays, straight through the driver."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Any, cast

import asyncpg

from tertulia.core.model import Message
from tertulia.storage.columns import from_millis, to_millis
from tertulia.storage.journal_batch import Facts, Settled, settle

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy.ext.asyncio import AsyncEngine

    from tertulia.core.model import Draft

# In order of id, as everything that locks several conversations does, so that none wait in a ring.
_LOCK = """
    SELECT id, head_seq, encrypted FROM conversations
    WHERE id = ANY($1::uuid[]) AND deleted_at IS NULL
    ORDER BY id FOR NO KEY UPDATE
"""
_MEMBERS = """
    SELECT conversation_id, account_id, silenced_at IS NOT NULL
    FROM members JOIN unnest($1::uuid[], $2::uuid[]) AS asked (conversation_id, account_id)
    USING (conversation_id, account_id) WHERE left_at IS NULL
"""
_SENT = """
    SELECT id, conversation_id, seq, changed_seq, sender_id, client_ref, body, reply_to,
           inserted_at, edited_at, deleted_at
    FROM messages JOIN unnest($1::uuid[], $2::text[]) AS asked (sender_id, client_ref)
    USING (sender_id, client_ref) WHERE client_ref IS NOT NULL
"""
_REPLIED = """
    SELECT conversation_id, id
    FROM messages JOIN unnest($1::uuid[], $2::uuid[]) AS asked (conversation_id, id)
    USING (conversation_id, id)
"""
_STORE = """
    WITH moved AS (
        UPDATE conversations SET head_seq = asked.head_seq, last_activity_at = $1
        FROM unnest($2::uuid[], $3::bigint[]) AS asked (id, head_seq)
        WHERE conversations.id = asked.id
    )
    INSERT INTO messages (inserted_at, id, conversation_id, seq, changed_seq, sender_id,
                          client_ref, body, reply_to)
    SELECT $1, id, conversation_id, seq, seq, sender_id, client_ref, body, reply_to
    FROM unnest($4::uuid[], $5::uuid[], $6::bigint[], $7::uuid[], $8::text[], $9::text[],
                $10::uuid[])
    AS fresh (id, conversation_id, seq, sender_id, client_ref, body, reply_to)
"""

# Nodes meet only where somebody uses one client_ref for two conversations at the same moment: the
# later batch fails, and finds the first message there when it looks again.
_ATTEMPTS = 3


class PostgresBatchWriter:
    """Writes batches on a connection of its own, under the locks of their conversations."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine

    async def write(self, drafts: Sequence[Draft], now: datetime) -> Settled:
        """Settle and store a batch in one transaction."""
        for _ in range(_ATTEMPTS - 1):
            with suppress(asyncpg.UniqueViolationError, asyncpg.DeadlockDetectedError):
                return await self._write(drafts, now)
        return await self._write(drafts, now)

    async def close(self) -> None:
        """Close the connection."""
        await self._engine.dispose()

    async def _write(self, drafts: Sequence[Draft], now: datetime) -> Settled:
        async with self._engine.connect() as lent:
            raw = await lent.get_raw_connection()
            connection = cast("asyncpg.Connection[Any]", raw.driver_connection)
            try:
                async with connection.transaction():
                    settled = settle(drafts, await _facts(connection, drafts), now)
                    if settled.fresh:
                        await _store(connection, settled, now)
            except BaseException:
                # The pool has not seen what went wrong on its connection.
                await lent.invalidate()
                raise
            return settled


async def _facts(connection: asyncpg.Connection[Any], drafts: Sequence[Draft]) -> Facts:
    locked = await connection.fetch(_LOCK, list({draft.conversation_id for draft in drafts}))
    pairs = {(draft.conversation_id, draft.sender_id) for draft in drafts}
    refs = {(draft.sender_id, draft.client_ref) for draft in drafts if draft.client_ref is not None}
    replies = {
        (draft.conversation_id, draft.reply_to) for draft in drafts if draft.reply_to is not None
    }
    found = [tuple(row) for row in await _ask(connection, _MEMBERS, pairs)]
    sent = map(_message, await _ask(connection, _SENT, refs))
    return Facts(
        heads={row["id"]: row["head_seq"] for row in locked},
        encrypted={row["id"] for row in locked if row["encrypted"]},
        members={(conversation_id, account_id) for conversation_id, account_id, _ in found},
        silenced={
            (conversation_id, account_id)
            for conversation_id, account_id, is_silenced in found
            if is_silenced
        },
        sent={
            (message.sender_id, message.client_ref): message
            for message in sent
            if message.client_ref is not None
        },
        replied={tuple(row) for row in await _ask(connection, _REPLIED, replies)},
    )


async def _store(connection: asyncpg.Connection[Any], settled: Settled, now: datetime) -> None:
    fresh = settled.fresh
    await connection.execute(
        _STORE,
        to_millis(now),
        list(settled.heads),
        list(settled.heads.values()),
        [message.id for message in fresh],
        [message.conversation_id for message in fresh],
        [message.seq for message in fresh],
        [message.sender_id for message in fresh],
        [message.client_ref for message in fresh],
        [message.body for message in fresh],
        [message.reply_to for message in fresh],
    )


async def _ask(
    connection: asyncpg.Connection[Any], statement: str, rows: set[tuple[Any, Any]]
) -> list[asyncpg.Record]:
    if not rows:
        return []
    return await connection.fetch(statement, *map(list, zip(*rows, strict=True)))


def _message(row: asyncpg.Record) -> Message:
    edited_at, deleted_at = row["edited_at"], row["deleted_at"]
    return Message(
        **{
            **row,
            "inserted_at": from_millis(row["inserted_at"]),
            "edited_at": None if edited_at is None else from_millis(edited_at),
            "deleted_at": None if deleted_at is None else from_millis(deleted_at),
        }
    )
