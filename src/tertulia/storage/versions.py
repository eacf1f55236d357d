"""What messages said before they were edited."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import delete, insert, select

from tertulia.core.message import Version
from tertulia.core.talk_stores import VersionStore
from tertulia.storage.talk_tables import message_versions as table

if TYPE_CHECKING:
    from uuid import UUID

    from sqlalchemy.ext.asyncio import AsyncConnection

    from tertulia.core.message import Message

MAX_VERSIONS = 100
"""How many texts of one message are kept; of one that is edited even more often, the latest."""


class SqlVersionStore(VersionStore):
    """Former texts in the database."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def keep(self, message: Message, seq: int) -> None:
        statement = insert(table).values(
            message_id=message.id,
            seq=seq,
            body=message.body or "",
            written_at=message.edited_at or message.inserted_at,
        )
        await self._connection.execute(statement)
        latest_dropped = (
            select(table.c.seq)
            .where(table.c.message_id == message.id)
            .order_by(table.c.seq.desc())
            .limit(1)
            .offset(MAX_VERSIONS)
            .scalar_subquery()
        )
        await self._connection.execute(
            delete(table).where(table.c.message_id == message.id, table.c.seq <= latest_dropped)
        )

    async def of(self, message_id: UUID) -> tuple[Version, ...]:
        statement = (
            select(table.c.body, table.c.written_at)
            .where(table.c.message_id == message_id)
            .order_by(table.c.seq)
        )
        return tuple(Version(*row) for row in await self._connection.execute(statement))

    async def forget(self, message_id: UUID) -> None:
        await self._connection.execute(delete(table).where(table.c.message_id == message_id))
