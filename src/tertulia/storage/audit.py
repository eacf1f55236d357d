"""The trails of what people did who look after conversations."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from sqlalchemy import insert, select

from tertulia.core.conversation_stores import AuditStore
from tertulia.core.moderation import Act, AuditEntry
from tertulia.storage.talk_tables import audit

if TYPE_CHECKING:
    from collections.abc import Sequence
    from uuid import UUID

    from sqlalchemy.ext.asyncio import AsyncConnection


class SqlAuditStore(AuditStore):
    """Trails in the database."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def add(self, entries: Sequence[AuditEntry]) -> None:
        if not entries:
            return
        rows = [
            {
                "conversation_id": entry.conversation_id,
                "id": entry.id,
                "actor_id": entry.actor_id,
                "act": entry.act.value,
                "target_id": entry.target_id,
                "detail": json.dumps(dict(entry.detail)) if entry.detail else None,
                "inserted_at": entry.inserted_at,
            }
            for entry in entries
        ]
        await self._connection.execute(insert(audit), rows)

    async def page(
        self, conversation_id: UUID, *, before: UUID | None, limit: int
    ) -> tuple[AuditEntry, ...]:
        statement = (
            select(audit)
            .where(audit.c.conversation_id == conversation_id)
            .order_by(audit.c.id.desc())
            .limit(limit)
        )
        if before is not None:
            statement = statement.where(audit.c.id < before)
        return tuple(
            AuditEntry(
                id=row.id,
                conversation_id=row.conversation_id,
                actor_id=row.actor_id,
                act=Act(row.act),
                inserted_at=row.inserted_at,
                target_id=row.target_id,
                detail=json.loads(row.detail) if row.detail else {},
            )
            for row in await self._connection.execute(statement)
        )
