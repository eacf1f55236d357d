"""Links into conversations."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import insert, or_, select, update

from tertulia.core.conversation_stores import InviteStore
from tertulia.core.moderation import Invite
from tertulia.storage.talk_tables import invites

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID

    from sqlalchemy import ColumnElement
    from sqlalchemy.ext.asyncio import AsyncConnection


class SqlInviteStore(InviteStore):
    """Invites in the database."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def add(self, invite: Invite) -> None:
        await self._connection.execute(
            insert(invites).values(
                id=invite.id,
                conversation_id=invite.conversation_id,
                digest=invite.digest,
                sealed_token=invite.sealed_token,
                created_by=invite.created_by,
                inserted_at=invite.inserted_at,
                expires_at=invite.expires_at,
                max_uses=invite.max_uses,
                uses=invite.uses,
                revoked_at=invite.revoked_at,
            )
        )

    async def get(self, conversation_id: UUID, invite_id: UUID) -> Invite | None:
        found = await self._those(
            invites.c.conversation_id == conversation_id, invites.c.id == invite_id
        )
        return found[0] if found else None

    async def by_digest(self, digest: bytes) -> Invite | None:
        found = await self._those(invites.c.digest == digest)
        return found[0] if found else None

    async def living(self, conversation_id: UUID, at: datetime) -> tuple[Invite, ...]:
        return await self._those(
            invites.c.conversation_id == conversation_id,
            invites.c.revoked_at.is_(None),
            or_(invites.c.expires_at.is_(None), invites.c.expires_at > at),
            or_(invites.c.max_uses.is_(None), invites.c.uses < invites.c.max_uses),
        )

    async def update(self, invite: Invite) -> None:
        statement = update(invites).where(invites.c.id == invite.id)
        await self._connection.execute(
            statement.values(uses=invite.uses, revoked_at=invite.revoked_at)
        )

    async def revoke_all_of(self, conversation_id: UUID, account_id: UUID, at: datetime) -> None:
        statement = update(invites).where(
            invites.c.conversation_id == conversation_id,
            invites.c.created_by == account_id,
            invites.c.revoked_at.is_(None),
        )
        await self._connection.execute(statement.values(revoked_at=at))

    async def _those(self, *conditions: ColumnElement[bool]) -> tuple[Invite, ...]:
        statement = select(invites).where(*conditions).order_by(invites.c.id.desc())
        rows = await self._connection.execute(statement)
        return tuple(Invite(**row) for row in rows.mappings())
