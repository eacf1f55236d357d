"""What each person has put a star on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, delete, func, select, tuple_
from sqlalchemy.dialects import postgresql, sqlite

from tertulia.core.talk_stores import StarStore
from tertulia.storage.copies import SEALED_COLUMNS, of_message, sealed_message_of, with_reactions
from tertulia.storage.encryption_tables import copies
from tertulia.storage.tables import conversations, is_present, members, messages
from tertulia.storage.talk_tables import stars

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID

    from sqlalchemy import Select
    from sqlalchemy.ext.asyncio import AsyncConnection

    from tertulia.core.message import Message


class SqlStarStore(StarStore):
    """Stars in the database."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def add(self, account_id: UUID, message: Message, at: datetime) -> bool:
        insert = sqlite.insert if self._connection.dialect.name == "sqlite" else postgresql.insert
        statement = (
            insert(stars)
            .values(
                account_id=account_id,
                message_id=message.id,
                conversation_id=message.conversation_id,
                seq=message.seq,
                starred_at=at,
            )
            .on_conflict_do_nothing()
        )
        return (await self._connection.execute(statement)).rowcount == 1

    async def remove(self, account_id: UUID, message_id: UUID) -> UUID | None:
        statement = (
            delete(stars)
            .where(stars.c.account_id == account_id, stars.c.message_id == message_id)
            .returning(stars.c.conversation_id)
        )
        return (await self._connection.execute(statement)).scalar_one_or_none()

    async def count(self, account_id: UUID) -> int:
        statement = select(func.count()).select_from(stars).where(stars.c.account_id == account_id)
        return int(await self._connection.scalar(statement) or 0)

    async def ids(self, account_id: UUID) -> tuple[UUID, ...]:
        found = await self._connection.scalars(_seen(account_id, select(stars.c.message_id)))
        return tuple(found)

    async def page(
        self, account_id: UUID, *, before: tuple[datetime, UUID] | None, limit: int
    ) -> tuple[tuple[Message, datetime], ...]:
        own = and_(of_message, copies.c.account_id == account_id)
        statement = (
            _seen(account_id, select(*SEALED_COLUMNS, stars.c.starred_at))
            .outerjoin(copies, own)
            .limit(limit)
        )
        if before is not None:
            statement = statement.where(tuple_(stars.c.starred_at, stars.c.message_id) < before)
        rows = (await self._connection.execute(statement)).all()
        starred = await with_reactions(
            self._connection, [sealed_message_of(row[:-1]) for row in rows]
        )
        return tuple((message, row[-1]) for message, row in zip(starred, rows, strict=True))

    async def drop_all(self, account_id: UUID) -> None:
        await self._connection.execute(delete(stars).where(stars.c.account_id == account_id))

    async def fall(self, message_id: UUID) -> None:
        await self._connection.execute(delete(stars).where(stars.c.message_id == message_id))


def _seen(account_id: UUID, statement: Select[Any]) -> Select[Any]:
    """Narrow a question to what is still there, in conversations that the person is in."""
    return (
        statement.select_from(stars)
        .join(
            messages,
            and_(
                messages.c.conversation_id == stars.c.conversation_id,
                messages.c.seq == stars.c.seq,
            ),
        )
        .join(
            members,
            and_(
                members.c.conversation_id == stars.c.conversation_id,
                members.c.account_id == stars.c.account_id,
                is_present,
            ),
        )
        .join(conversations, conversations.c.id == stars.c.conversation_id)
        .where(
            stars.c.account_id == account_id,
            messages.c.deleted_at.is_(None),
            conversations.c.deleted_at.is_(None),
        )
        .order_by(stars.c.starred_at.desc(), stars.c.message_id.desc())
    )
