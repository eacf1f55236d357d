"""Secrets on their way between two devices of one account."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import delete, insert, select, update

from tertulia.core.account_key_stores import HandoverStore
from tertulia.core.handover import StoredHandover
from tertulia.storage.encryption_tables import handovers

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID

    from sqlalchemy import ColumnElement, Row, Select
    from sqlalchemy.ext.asyncio import AsyncConnection


class SqlHandoverStore(HandoverStore):
    """Handovers in the database."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def add(self, handover: StoredHandover) -> None:
        await self._connection.execute(
            insert(handovers).values(
                id=handover.id,
                account_id=handover.account_id,
                session_id=handover.session_id,
                answerer_id=handover.answerer_id,
                device=handover.device,
                messages=handover.sealed_messages,
                expires_at=handover.expires_at,
            )
        )

    async def get(self, account_id: UUID, handover_id: UUID) -> StoredHandover | None:
        return await self._one(_of(account_id, handover_id))

    async def locked(self, account_id: UUID, handover_id: UUID) -> StoredHandover | None:
        return await self._one(_of(account_id, handover_id).with_for_update())

    async def begun_by(self, session_id: UUID) -> tuple[StoredHandover, ...]:
        statement = select(handovers).where(handovers.c.session_id == session_id)
        return tuple(map(_handover, await self._connection.execute(statement)))

    async def update(self, handover: StoredHandover) -> None:
        await self._connection.execute(
            update(handovers)
            .where(handovers.c.id == handover.id)
            .values(answerer_id=handover.answerer_id, messages=handover.sealed_messages)
        )

    async def drop(self, handover_id: UUID) -> None:
        await self._drop(handovers.c.id == handover_id)

    async def drop_all(self, account_id: UUID) -> None:
        await self._drop(handovers.c.account_id == account_id)

    async def sweep(self, now: datetime) -> None:
        await self._drop(handovers.c.expires_at <= now)

    async def _one(self, statement: Select[Any]) -> StoredHandover | None:
        row = (await self._connection.execute(statement)).one_or_none()
        return None if row is None else _handover(row)

    async def _drop(self, those: ColumnElement[bool]) -> None:
        await self._connection.execute(delete(handovers).where(those))


def _of(account_id: UUID, handover_id: UUID) -> Select[Any]:
    return select(handovers).where(
        handovers.c.id == handover_id, handovers.c.account_id == account_id
    )


def _handover(row: Row[Any]) -> StoredHandover:
    return StoredHandover(
        id=row.id,
        account_id=row.account_id,
        session_id=row.session_id,
        answerer_id=row.answerer_id,
        device=row.device,
        sealed_messages=row.messages,
        expires_at=row.expires_at,
    )
