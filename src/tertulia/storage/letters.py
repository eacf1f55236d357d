"""The outbox: letters that wait for their delivery."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import delete, insert, select, update

from tertulia.core.account_stores import LetterStore
from tertulia.core.letters import WaitingLetter
from tertulia.storage.tables import letters

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID

    from sqlalchemy.ext.asyncio import AsyncConnection


class SqlLetterStore(LetterStore):
    """The outbox in the database."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def add(self, letter: WaitingLetter) -> None:
        await self._connection.execute(
            insert(letters).values(
                id=letter.id,
                sealed=letter.sealed,
                tries=letter.tries,
                due_at=letter.due_at,
                expires_at=letter.expires_at,
                inserted_at=letter.inserted_at,
            )
        )

    async def claim(self, now: datetime, until: datetime, limit: int) -> tuple[WaitingLetter, ...]:
        # A row that another node is claiming is passed over; SQLite has one writer at a time.
        due = (
            select(letters.c.id)
            .where(letters.c.due_at <= now)
            .order_by(letters.c.due_at)
            .limit(limit)
            .with_for_update(skip_locked=True)
            # A subquery could be asked more than once, and each time give others.
            .cte("due")
        )
        statement = (
            update(letters)
            .where(letters.c.id.in_(select(due.c.id)))
            .values(due_at=until, tries=letters.c.tries + 1)
            .returning(letters)
        )
        rows = (await self._connection.execute(statement)).mappings().all()
        return tuple(WaitingLetter(**row) for row in rows)

    async def put_off(self, letter_id: UUID, due_at: datetime) -> None:
        statement = update(letters).where(letters.c.id == letter_id).values(due_at=due_at)
        await self._connection.execute(statement)

    async def drop(self, letter_id: UUID) -> None:
        await self._connection.execute(delete(letters).where(letters.c.id == letter_id))
