"""Whom people keep as contacts, and whom they have blocked."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import delete, select
from sqlalchemy.dialects import postgresql, sqlite

from tertulia.core.account_stores import RelationStore
from tertulia.storage.tables import blocks, contacts

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime
    from uuid import UUID

    from sqlalchemy import Table
    from sqlalchemy.ext.asyncio import AsyncConnection


class SqlRelationStore(RelationStore):
    """Contacts and blocks in the database."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def add_contact(self, account_id: UUID, other_id: UUID, at: datetime) -> None:
        await self._add(contacts, account_id, other_id, at)

    async def drop_contact(self, account_id: UUID, other_id: UUID) -> bool:
        return await self._drop(contacts, account_id, other_id)

    async def contacts(self, account_id: UUID) -> tuple[UUID, ...]:
        return await self._others(contacts, account_id)

    async def block(self, account_id: UUID, other_id: UUID, at: datetime) -> bool:
        return await self._add(blocks, account_id, other_id, at)

    async def unblock(self, account_id: UUID, other_id: UUID) -> bool:
        return await self._drop(blocks, account_id, other_id)

    async def blocked(self, account_id: UUID) -> tuple[UUID, ...]:
        return await self._others(blocks, account_id)

    async def blockers_of(self, account_id: UUID, people: Collection[UUID]) -> frozenset[UUID]:
        if not people:
            return frozenset()
        statement = select(blocks.c.account_id).where(
            blocks.c.other_id == account_id, blocks.c.account_id.in_(list(people))
        )
        return frozenset(await self._connection.scalars(statement))

    async def drop_all(self, account_id: UUID) -> None:
        for table in (contacts, blocks):
            is_theirs = (table.c.account_id == account_id) | (table.c.other_id == account_id)
            await self._connection.execute(delete(table).where(is_theirs))

    async def _add(self, table: Table, account_id: UUID, other_id: UUID, at: datetime) -> bool:
        dialect: Any = sqlite if self._connection.dialect.name == "sqlite" else postgresql
        statement = dialect.insert(table).values(
            account_id=account_id, other_id=other_id, inserted_at=at
        )
        done = await self._connection.execute(statement.on_conflict_do_nothing())
        return done.rowcount == 1

    async def _drop(self, table: Table, account_id: UUID, other_id: UUID) -> bool:
        statement = delete(table).where(
            table.c.account_id == account_id, table.c.other_id == other_id
        )
        return (await self._connection.execute(statement)).rowcount == 1

    async def _others(self, table: Table, account_id: UUID) -> tuple[UUID, ...]:
        statement = (
            select(table.c.other_id)
            .where(table.c.account_id == account_id)
            .order_by(table.c.inserted_at.desc(), table.c.other_id)
        )
        return tuple(await self._connection.scalars(statement))
