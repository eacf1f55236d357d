"""The journal on PostgreSQL: whole batches as arrays, straight through the driver."""

from __future__ import annotations

from contextlib import suppress
from datetime import timedelta
from typing import TYPE_CHECKING, Any, cast

import asyncpg

from tertulia.core.message import PLAIN, Message
from tertulia.core.model import Face, Role
from tertulia.storage.columns import from_millis, to_millis
from tertulia.storage.extras import read_extras, word_extras
from tertulia.storage.journal_batch import Facts, Settled, Slowed, sealed_into, settle

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence
    from datetime import datetime
    from uuid import UUID

    from sqlalchemy.ext.asyncio import AsyncEngine

    from tertulia.core.message import Draft

# In order of id, as everything that locks several conversations does, so that none wait in a ring.
_LOCK = """
    SELECT id, head_seq, encrypted, slow_mode_s FROM conversations
    WHERE id = ANY($1::uuid[]) AND deleted_at IS NULL
    ORDER BY id FOR NO KEY UPDATE
"""
_MEMBERS = """
    SELECT conversation_id, account_id, silenced_at IS NOT NULL, role, last_sent_at,
           number, username, display_name, avatar
    FROM members JOIN unnest($1::uuid[], $2::uuid[]) AS asked (conversation_id, account_id)
    USING (conversation_id, account_id) JOIN accounts ON accounts.id = account_id
    WHERE left_at IS NULL
"""
# What was sent is looked up one by one, by index, and each message in the partition of its
# conversation: in a plain join the planner may believe in reading whole tables, as long as it
# does not know how large they have become.
_SENT = """
    SELECT found.*
    FROM unnest($1::uuid[], $2::text[]) AS asked (sender_id, client_ref)
    CROSS JOIN LATERAL (
        SELECT conversation_id, seq FROM client_refs
        WHERE client_ref = asked.client_ref AND sender_id = asked.sender_id LIMIT 1
    ) AS ref
    CROSS JOIN LATERAL (
        SELECT id, conversation_id, seq, changed_seq, sender_id, client_ref, body, reply_to,
               inserted_at, edited_at, deleted_at, pinned_at, extras
        FROM messages WHERE conversation_id = ref.conversation_id AND seq = ref.seq LIMIT 1
    ) AS found
"""
_REPLIED = """
    SELECT found.*
    FROM unnest($1::uuid[], $2::uuid[]) AS asked (conversation_id, id)
    CROSS JOIN LATERAL (
        SELECT conversation_id, id
        FROM messages WHERE conversation_id = asked.conversation_id AND id = asked.id LIMIT 1
    ) AS found
"""
# Locked, so that none is thrown away meanwhile.
_UPLOADS = """
    SELECT id, expires_at FROM uploads WHERE id = ANY($1::uuid[]) ORDER BY id FOR NO KEY UPDATE
"""
_HAVE_KEYS = """
    SELECT conversation_id, account_id, EXISTS (
               SELECT 1 FROM encryption_keys k
               WHERE k.conversation_id = m.conversation_id AND k.account_id = m.account_id
                     AND k.seq >= m.joined_seq)
    FROM members m WHERE conversation_id = ANY($1::uuid[]) AND left_at IS NULL
"""
_STORE = """
    WITH moved AS (
        UPDATE conversations SET head_seq = asked.head_seq, last_activity_at = $1
        FROM unnest($2::uuid[], $3::bigint[]) AS asked (id, head_seq)
        WHERE conversations.id = asked.id
    )
    INSERT INTO messages (inserted_at, id, conversation_id, seq, changed_seq, sender_id,
                          client_ref, body, reply_to, extras)
    SELECT $1, id, conversation_id, seq, seq, sender_id, client_ref, body, reply_to, extras
    FROM unnest($4::uuid[], $5::uuid[], $6::bigint[], $7::uuid[], $8::text[], $9::text[],
                $10::uuid[], $11::text[])
    AS fresh (id, conversation_id, seq, sender_id, client_ref, body, reply_to, extras)
"""
_STORE_COPIES = """
    INSERT INTO copies (conversation_id, account_id, seq, id, content)
    SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::bigint[], $4::uuid[], $5::text[])
"""
_STORE_MENTIONS = """
    INSERT INTO mentions (conversation_id, account_id, seq)
    SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::bigint[])
"""
_STORE_MEDIA = """
    INSERT INTO media (conversation_id, seq, position, kind, upload_id)
    SELECT * FROM unnest($1::uuid[], $2::bigint[], $3::bigint[], $4::text[], $5::uuid[])
"""
_KEEP_UPLOADS = "UPDATE uploads SET expires_at = NULL WHERE id = ANY($1::uuid[])"
_SLOW_DOWN = """
    UPDATE members SET last_sent_at = $1
    FROM unnest($2::uuid[], $3::uuid[]) AS slowed (conversation_id, account_id)
    WHERE members.conversation_id = slowed.conversation_id
          AND members.account_id = slowed.account_id
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
            transaction = connection.transaction()
            try:
                await transaction.start()
                settled = settle(drafts, await _facts(connection, drafts), now)
                if settled.fresh:
                    await _store(connection, settled, now)
                await transaction.commit()
            except BaseException:
                # The pool has not seen what went wrong on its connection. To close it takes
                # everything back; to ask for that, as well, waits once more where nobody answers.
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
    files = {attachment.id for draft in drafts for attachment in draft.extras.attachments}
    found = [tuple(row) for row in await _ask(connection, _MEMBERS, pairs)]
    uploads = await connection.fetch(_UPLOADS, list(files)) if files else []
    sent = map(_message, await _ask(connection, _SENT, refs))
    waits = {
        row["id"]: timedelta(seconds=row["slow_mode_s"]) for row in locked if row["slow_mode_s"]
    }
    encrypted = {row["id"] for row in locked if row["encrypted"]}
    return Facts(
        heads={row["id"]: row["head_seq"] for row in locked},
        encrypted=encrypted,
        have_keys=await _have_keys(connection, sealed_into(drafts, encrypted)),
        members={
            (conversation_id, account_id): Face(account_id, *seen)
            for conversation_id, account_id, _, _, _, *seen in found
        },
        silenced={
            (conversation_id, account_id)
            for conversation_id, account_id, is_silenced, *_ in found
            if is_silenced
        },
        sent={
            (message.sender_id, message.client_ref): message
            for message in sent
            if message.client_ref is not None
        },
        replied={tuple(row) for row in await _ask(connection, _REPLIED, replies)},
        slowed={
            (conversation_id, account_id): Slowed(
                waits[conversation_id],
                None if last_sent_at is None else from_millis(last_sent_at),
            )
            for conversation_id, account_id, _, role, last_sent_at, *_ in found
            if role == Role.MEMBER and conversation_id in waits
        },
        uploads={
            row["id"]: None if row["expires_at"] is None else from_millis(row["expires_at"])
            for row in uploads
        },
    )


async def _have_keys(
    connection: asyncpg.Connection[Any], conversation_ids: Collection[UUID]
) -> dict[UUID, dict[UUID, bool]]:
    have_keys: dict[UUID, dict[UUID, bool]] = {each: {} for each in conversation_ids}
    if conversation_ids:
        rows = await connection.fetch(_HAVE_KEYS, list(conversation_ids))
        for conversation_id, account_id, has_keys in rows:
            have_keys[conversation_id][account_id] = has_keys
    return have_keys


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
        [word_extras(message.extras) for message in fresh],
    )
    if settled.copies:
        await connection.execute(_STORE_COPIES, *_columns(settled.copy_rows()))
    if settled.mentions:
        await connection.execute(_STORE_MENTIONS, *_columns(settled.mentions))
    if settled.media:
        await connection.execute(_STORE_MEDIA, *_columns(settled.media))
    if settled.carried:
        await connection.execute(_KEEP_UPLOADS, list(settled.carried))
    if settled.slowed:
        await connection.execute(_SLOW_DOWN, to_millis(now), *_columns(settled.slowed))


async def _ask(
    connection: asyncpg.Connection[Any], statement: str, rows: set[tuple[Any, Any]]
) -> list[asyncpg.Record]:
    if not rows:
        return []
    return await connection.fetch(statement, *_columns(rows))


def _columns(rows: Iterable[tuple[Any, ...]]) -> list[list[Any]]:
    return [list(column) for column in zip(*rows, strict=True)]


def _message(row: asyncpg.Record) -> Message:
    edited_at, deleted_at = row["edited_at"], row["deleted_at"]
    pinned_at, extras = row["pinned_at"], row["extras"]
    return Message(
        **{
            **row,
            "inserted_at": from_millis(row["inserted_at"]),
            "edited_at": None if edited_at is None else from_millis(edited_at),
            "deleted_at": None if deleted_at is None else from_millis(deleted_at),
            "pinned_at": None if pinned_at is None else from_millis(pinned_at),
            "extras": PLAIN if extras is None else read_extras(extras),
        }
    )
