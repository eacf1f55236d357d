"""The keys of encrypted conversations, sealed by the vault."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import and_, delete, exists, func, insert, select

from tertulia.core.encryption import StoredPair
from tertulia.core.encryption_stores import EncryptionKeyStore
from tertulia.storage.encryption_tables import encryption_keys as table
from tertulia.storage.tables import is_present, members

if TYPE_CHECKING:
    from uuid import UUID

    from sqlalchemy.ext.asyncio import AsyncConnection

has_keys = (
    exists()
    .where(
        table.c.conversation_id == members.c.conversation_id,
        table.c.account_id == members.c.account_id,
        table.c.seq >= members.c.joined_seq,
    )
    .correlate(members)
)
"""Whether a member has published keys since they came."""


class SqlEncryptionKeyStore(EncryptionKeyStore):
    """Keys in the database."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def add(self, pair: StoredPair) -> None:
        await self._connection.execute(
            insert(table).values(
                conversation_id=pair.conversation_id,
                account_id=pair.account_id,
                seq=pair.seq,
                public_key=pair.sealed_public_key,
                private_key=pair.sealed_private_key,
                inserted_at=pair.inserted_at,
            )
        )

    async def current(self, conversation_id: UUID) -> dict[UUID, str]:
        later = table.alias("later")
        latest = (
            select(func.max(later.c.seq))
            .where(
                later.c.conversation_id == members.c.conversation_id,
                later.c.account_id == members.c.account_id,
            )
            .correlate(members)
            .scalar_subquery()
        )
        statement = (
            select(table.c.account_id, table.c.public_key)
            .join_from(
                members,
                table,
                and_(
                    table.c.conversation_id == members.c.conversation_id,
                    table.c.account_id == members.c.account_id,
                    table.c.seq == latest,
                ),
            )
            .where(
                members.c.conversation_id == conversation_id,
                is_present,
                table.c.seq >= members.c.joined_seq,
            )
        )
        return {row[0]: row[1] for row in await self._connection.execute(statement)}

    async def of(self, conversation_id: UUID, account_id: UUID) -> tuple[StoredPair, ...]:
        statement = (
            select(table.c.seq, table.c.public_key, table.c.private_key, table.c.inserted_at)
            .where(table.c.conversation_id == conversation_id, table.c.account_id == account_id)
            .order_by(table.c.seq.desc())
        )
        return tuple(
            StoredPair(
                conversation_id=conversation_id,
                account_id=account_id,
                seq=seq,
                sealed_public_key=public_key,
                sealed_private_key=private_key,
                inserted_at=inserted_at,
            )
            for seq, public_key, private_key, inserted_at in await self._connection.execute(
                statement
            )
        )

    async def drop_all(self, account_id: UUID) -> None:
        await self._connection.execute(delete(table).where(table.c.account_id == account_id))
