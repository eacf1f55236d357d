"""Sign-ins and the digests of their refresh tokens."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import bindparam, delete, insert, or_, select, update

from tertulia.core.account_stores import SessionStore
from tertulia.core.model import RefreshToken, Session
from tertulia.storage.encryption_tables import handovers
from tertulia.storage.tables import has_ended, refresh_tokens, sessions
from tertulia.storage.talk_tables import push_subscriptions

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime
    from uuid import UUID

    from sqlalchemy import ColumnElement
    from sqlalchemy.ext.asyncio import AsyncConnection

    from tertulia.core.model import Actor

# Asked with every request, so it is put together once.
_HOLDER = select(sessions.c.account_id, sessions.c.last_used_at).where(
    sessions.c.id == bindparam("session_id"), sessions.c.ended_at.is_(None)
)


class SqlSessionStore(SessionStore):
    """Sessions in the database."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def add(self, session: Session) -> None:
        await self._connection.execute(
            insert(sessions).values(
                id=session.id,
                account_id=session.account_id,
                name=session.name,
                address=session.address,
                inserted_at=session.inserted_at,
                last_used_at=session.last_used_at,
                ended_at=session.ended_at,
            )
        )

    async def get(self, session_id: UUID) -> Session | None:
        statement = select(sessions).where(sessions.c.id == session_id)
        row = (await self._connection.execute(statement)).mappings().one_or_none()
        return None if row is None else Session(**row)

    async def holder(self, session_id: UUID) -> tuple[UUID, datetime] | None:
        found = await self._connection.execute(_HOLDER, {"session_id": session_id})
        row = found.one_or_none()
        return None if row is None else (row[0], row[1])

    async def touch(self, session_id: UUID, at: datetime) -> None:
        statement = update(sessions).where(sessions.c.id == session_id)
        await self._connection.execute(statement.values(last_used_at=at))

    async def end(self, session_id: UUID, at: datetime) -> bool:
        statement = (
            update(sessions)
            .where(sessions.c.id == session_id, sessions.c.ended_at.is_(None))
            .values(ended_at=at)
        )
        has_ended_now = (await self._connection.execute(statement)).rowcount == 1
        await self._let_go([session_id])
        return has_ended_now

    async def end_all(self, account_id: UUID, at: datetime) -> tuple[UUID, ...]:
        return await self._end_where(at, sessions.c.account_id == account_id)

    async def end_others(self, actor: Actor, at: datetime) -> tuple[UUID, ...]:
        return await self._end_where(
            at, sessions.c.account_id == actor.account_id, sessions.c.id != actor.session_id
        )

    async def living(self, account_id: UUID) -> tuple[Session, ...]:
        statement = (
            select(sessions)
            .where(sessions.c.account_id == account_id, sessions.c.ended_at.is_(None))
            .order_by(sessions.c.last_used_at.desc(), sessions.c.id.desc())
        )
        rows = (await self._connection.execute(statement)).mappings()
        return tuple(Session(**row) for row in rows)

    async def ended_since(self, at: datetime) -> tuple[Session, ...]:
        statement = select(sessions).where(has_ended, sessions.c.ended_at >= at)
        rows = (await self._connection.execute(statement)).mappings()
        return tuple(Session(**row) for row in rows)

    async def scrub(self, account_id: UUID) -> None:
        is_theirs = sessions.c.account_id == account_id
        theirs = select(sessions.c.id).where(is_theirs)
        await self._connection.execute(
            delete(refresh_tokens).where(refresh_tokens.c.session_id.in_(theirs))
        )
        blank = update(sessions).where(is_theirs).values(name="", address="")
        await self._connection.execute(blank)

    async def add_token(self, token: RefreshToken) -> None:
        await self._connection.execute(
            insert(refresh_tokens).values(
                digest=token.digest,
                session_id=token.session_id,
                expires_at=token.expires_at,
                spent_at=token.spent_at,
            )
        )

    async def drop_tokens(self, session_id: UUID) -> None:
        await self._connection.execute(
            delete(refresh_tokens).where(refresh_tokens.c.session_id == session_id)
        )

    async def token(self, digest: bytes) -> RefreshToken | None:
        statement = select(refresh_tokens).where(refresh_tokens.c.digest == digest)
        row = (await self._connection.execute(statement)).mappings().one_or_none()
        return None if row is None else RefreshToken(**row)

    async def spend(self, digest: bytes, at: datetime) -> bool:
        statement = (
            update(refresh_tokens)
            .where(refresh_tokens.c.digest == digest, refresh_tokens.c.spent_at.is_(None))
            .values(spent_at=at)
        )
        return (await self._connection.execute(statement)).rowcount == 1

    async def _end_where(self, at: datetime, *conditions: ColumnElement[bool]) -> tuple[UUID, ...]:
        statement = (
            update(sessions)
            .where(sessions.c.ended_at.is_(None), *conditions)
            .values(ended_at=at)
            .returning(sessions.c.id)
        )
        ended = tuple(await self._connection.scalars(statement))
        await self._let_go(ended)
        return ended

    async def _let_go(self, session_ids: Sequence[UUID]) -> None:
        """Push to nobody, and hand nothing over, through sessions that are over."""
        if session_ids:
            subscribed = push_subscriptions.c.session_id.in_(session_ids)
            await self._connection.execute(delete(push_subscriptions).where(subscribed))
            takes_part = or_(
                handovers.c.session_id.in_(session_ids), handovers.c.answerer_id.in_(session_ids)
            )
            await self._connection.execute(delete(handovers).where(takes_part))
