"""Who is kept out of which conversation."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import delete, select, tuple_
from sqlalchemy.dialects import postgresql, sqlite

from tertulia.core.conversation_stores import BanStore
from tertulia.core.moderation import Ban
from tertulia.storage.talk_tables import bans

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime
    from uuid import UUID

    from sqlalchemy.ext.asyncio import AsyncConnection


class SqlBanStore(BanStore):
    """Bans in the database."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def add(self, ban: Ban) -> bool:
        dialect: Any = sqlite if self._connection.dialect.name == "sqlite" else postgresql
        statement = dialect.insert(bans).values(
            conversation_id=ban.conversation_id,
            account_id=ban.account_id,
            banned_by=ban.banned_by,
            reason=ban.reason,
            inserted_at=ban.inserted_at,
        )
        done = await self._connection.execute(statement.on_conflict_do_nothing())
        return done.rowcount == 1

    async def drop(self, conversation_id: UUID, account_id: UUID) -> bool:
        statement = delete(bans).where(
            bans.c.conversation_id == conversation_id, bans.c.account_id == account_id
        )
        return (await self._connection.execute(statement)).rowcount == 1

    async def among(self, conversation_id: UUID, people: Collection[UUID]) -> frozenset[UUID]:
        if not people:
            return frozenset()
        statement = select(bans.c.account_id).where(
            bans.c.conversation_id == conversation_id, bans.c.account_id.in_(list(people))
        )
        return frozenset(await self._connection.scalars(statement))

    async def page(
        self, conversation_id: UUID, *, before: tuple[datetime, UUID] | None, limit: int
    ) -> tuple[Ban, ...]:
        statement = (
            select(bans)
            .where(bans.c.conversation_id == conversation_id)
            .order_by(bans.c.inserted_at.desc(), bans.c.account_id.desc())
            .limit(limit)
        )
        if before is not None:
            statement = statement.where(tuple_(bans.c.inserted_at, bans.c.account_id) < before)
        rows = await self._connection.execute(statement)
        return tuple(Ban(**row) for row in rows.mappings())
