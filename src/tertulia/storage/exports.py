"""Copies of people's own data, while they are made and kept."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

from sqlalchemy import delete, insert, select, update

from tertulia.core.account_stores import ExportStore
from tertulia.core.model import Export
from tertulia.storage.tables import accounts, exports

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID

    from sqlalchemy import Select
    from sqlalchemy.ext.asyncio import AsyncConnection

_is_of_deleted = exports.c.account_id.in_(
    select(accounts.c.id).where(accounts.c.deleted_at.is_not(None))
)


class SqlExportStore(ExportStore):
    """Exports in the database."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def add(self, export: Export) -> None:
        await self._connection.execute(insert(exports).values(asdict(export)))

    async def latest(self, account_id: UUID) -> Export | None:
        of_account = select(exports).where(exports.c.account_id == account_id)
        found = await self._all(of_account.order_by(exports.c.id.desc()).limit(1))
        return found[0] if found else None

    async def waiting(self) -> tuple[Export, ...]:
        under_way = select(exports).where(
            exports.c.ready_at.is_(None), exports.c.failed_at.is_(None), ~_is_of_deleted
        )
        return await self._all(under_way.order_by(exports.c.id))

    async def update(self, export: Export) -> bool:
        statement = update(exports).where(exports.c.id == export.id).values(asdict(export))
        return (await self._connection.execute(statement)).rowcount == 1

    async def expired(self, now: datetime) -> tuple[Export, ...]:
        is_over = (exports.c.expires_at <= now) | _is_of_deleted
        return await self._all(select(exports).where(is_over).order_by(exports.c.id))

    async def drop(self, export_id: UUID) -> None:
        await self._connection.execute(delete(exports).where(exports.c.id == export_id))

    async def _all(self, statement: Select[tuple[object, ...]]) -> tuple[Export, ...]:
        rows = (await self._connection.execute(statement)).mappings().all()
        return tuple(Export(**row) for row in rows)
