"""Identities, and wraps of accounts' secrets."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import delete, insert, select

from tertulia.core.account_key import StoredIdentity, StoredWrap, WrapKind
from tertulia.core.account_key_stores import AccountKeyStore
from tertulia.storage.encryption_tables import account_keys, key_wraps
from tertulia.storage.tables import conversations, members

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from uuid import UUID

    from sqlalchemy.ext.asyncio import AsyncConnection


class SqlAccountKeyStore(AccountKeyStore):
    """Accounts' own keys in the database."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def identity(self, account_id: UUID) -> StoredIdentity | None:
        statement = select(account_keys).where(account_keys.c.account_id == account_id)
        row = (await self._connection.execute(statement)).one_or_none()
        if row is None:
            return None
        return StoredIdentity(
            account_id=row.account_id,
            sealed_public_key=row.public_key,
            sealed_private_key=row.private_key,
            version=row.version,
            inserted_at=row.inserted_at,
        )

    async def identities_of(self, account_ids: Collection[UUID]) -> dict[UUID, str]:
        statement = select(account_keys.c.account_id, account_keys.c.public_key).where(
            account_keys.c.account_id.in_(account_ids)
        )
        rows = await self._connection.execute(statement)
        return {account_id: sealed for account_id, sealed in rows}

    async def put_identity(self, identity: StoredIdentity) -> None:
        await self._drop_identity(identity.account_id)
        await self._connection.execute(
            insert(account_keys).values(
                account_id=identity.account_id,
                public_key=identity.sealed_public_key,
                private_key=identity.sealed_private_key,
                version=identity.version,
                inserted_at=identity.inserted_at,
            )
        )

    async def wraps(self, account_id: UUID) -> tuple[StoredWrap, ...]:
        statement = (
            select(key_wraps)
            .where(key_wraps.c.account_id == account_id)
            .order_by(key_wraps.c.inserted_at, key_wraps.c.id)
        )
        return tuple(
            StoredWrap(
                id=row.id,
                account_id=row.account_id,
                kind=WrapKind(row.kind),
                label=row.label,
                sealed=row.wrapped,
                inserted_at=row.inserted_at,
            )
            for row in await self._connection.execute(statement)
        )

    async def add_wraps(self, wraps: Sequence[StoredWrap]) -> None:
        rows = [
            {
                "id": wrap.id,
                "account_id": wrap.account_id,
                "kind": wrap.kind,
                "label": wrap.label,
                "wrapped": wrap.sealed,
                "inserted_at": wrap.inserted_at,
            }
            for wrap in wraps
        ]
        await self._connection.execute(insert(key_wraps), rows)

    async def drop_wrap(self, account_id: UUID, wrap_id: UUID) -> None:
        await self._connection.execute(
            delete(key_wraps).where(key_wraps.c.account_id == account_id, key_wraps.c.id == wrap_id)
        )

    async def drop_wraps(self, account_id: UUID) -> None:
        await self._connection.execute(
            delete(key_wraps).where(key_wraps.c.account_id == account_id)
        )

    async def drop_all(self, account_id: UUID) -> None:
        await self.drop_wraps(account_id)
        await self._drop_identity(account_id)

    async def correspondents(self, account_id: UUID) -> frozenset[UUID]:
        theirs = (
            select(members.c.conversation_id)
            .join(conversations, conversations.c.id == members.c.conversation_id)
            .where(
                members.c.account_id == account_id,
                members.c.left_at.is_(None),
                conversations.c.encrypted,
                conversations.c.deleted_at.is_(None),
            )
        )
        statement = (
            select(members.c.account_id)
            .where(
                members.c.conversation_id.in_(theirs),
                members.c.left_at.is_(None),
                members.c.account_id != account_id,
            )
            .distinct()
        )
        return frozenset(await self._connection.scalars(statement))

    async def _drop_identity(self, account_id: UUID) -> None:
        await self._connection.execute(
            delete(account_keys).where(account_keys.c.account_id == account_id)
        )
