"""Accounts at providers that stand for accounts here."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import delete, insert, select
from sqlalchemy.exc import IntegrityError

from tertulia.core.account_stores import IdentityStore
from tertulia.core.errors import Conflict
from tertulia.core.proofs import Identity
from tertulia.storage.tables import identities

if TYPE_CHECKING:
    from uuid import UUID

    from sqlalchemy.ext.asyncio import AsyncConnection


class SqlIdentityStore(IdentityStore):
    """Identities in the database."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def add(self, identity: Identity) -> None:
        statement = insert(identities).values(
            provider=identity.provider,
            subject=identity.subject,
            account_id=identity.account_id,
            email=identity.email,
            inserted_at=identity.inserted_at,
        )
        try:
            await self._connection.execute(statement)
        except IntegrityError as error:
            raise Conflict(
                "This account at the provider is connected to somebody already.",
                code="identity_taken",
            ) from error

    async def find(self, provider: str, subject: str) -> Identity | None:
        statement = select(identities).where(
            identities.c.provider == provider, identities.c.subject == subject
        )
        row = (await self._connection.execute(statement)).mappings().one_or_none()
        return None if row is None else Identity(**row)

    async def of(self, account_id: UUID) -> tuple[Identity, ...]:
        statement = (
            select(identities)
            .where(identities.c.account_id == account_id)
            .order_by(identities.c.inserted_at, identities.c.provider)
        )
        rows = (await self._connection.execute(statement)).mappings()
        return tuple(Identity(**row) for row in rows)

    async def drop(self, account_id: UUID, provider: str) -> bool:
        statement = delete(identities).where(
            identities.c.account_id == account_id, identities.c.provider == provider
        )
        return (await self._connection.execute(statement)).rowcount > 0
