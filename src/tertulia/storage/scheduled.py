"""Messages that wait for their time."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec
from msgspec import Struct
from sqlalchemy import and_, delete, exists, func, insert, or_, select, update

from tertulia.core.errors import NotFound
from tertulia.core.message import Attachment
from tertulia.core.notification_stores import ScheduledStore
from tertulia.core.scheduled import Scheduled
from tertulia.storage.tables import accounts
from tertulia.storage.talk_tables import scheduled as table

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence
    from datetime import datetime
    from uuid import UUID

    from sqlalchemy import ColumnElement
    from sqlalchemy.ext.asyncio import AsyncConnection

_COLUMNS = (
    table.c.id,
    table.c.account_id,
    table.c.conversation_id,
    table.c.body,
    table.c.reply_to,
    table.c.extras,
    table.c.due_at,
    table.c.inserted_at,
    table.c.failure,
)
_IN_ORDER = (table.c.due_at, table.c.id)


class _Extras(Struct, omit_defaults=True):
    attachments: tuple[Attachment, ...] = ()
    is_silent: bool = False


class SqlScheduledStore(ScheduledStore):
    """Scheduled messages in the database."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def add(self, scheduled: Scheduled) -> None:
        extras = _Extras(scheduled.attachments, scheduled.is_silent)
        await self._connection.execute(
            insert(table).values(
                id=scheduled.id,
                account_id=scheduled.account_id,
                conversation_id=scheduled.conversation_id,
                body=scheduled.body,
                reply_to=scheduled.reply_to,
                extras=None if extras == _Extras() else msgspec.json.encode(extras).decode(),
                due_at=scheduled.due_at,
                inserted_at=scheduled.inserted_at,
                failure=scheduled.failure,
            )
        )

    async def count(self, account_id: UUID) -> int:
        statement = select(func.count()).where(table.c.account_id == account_id)
        return int((await self._connection.execute(statement)).scalar_one())

    async def of(self, account_id: UUID, conversation_id: UUID | None) -> tuple[Scheduled, ...]:
        statement = select(*_COLUMNS).where(table.c.account_id == account_id)
        if conversation_id is not None:
            statement = statement.where(table.c.conversation_id == conversation_id)
        rows = await self._connection.execute(statement.order_by(*_IN_ORDER))
        return tuple(map(_scheduled_of, rows))

    async def get(self, account_id: UUID, scheduled_id: UUID) -> Scheduled:
        statement = select(*_COLUMNS).where(
            table.c.id == scheduled_id, table.c.account_id == account_id
        )
        row = (await self._connection.execute(statement)).one_or_none()
        if row is None:
            raise NotFound("There is no such scheduled message.")
        return _scheduled_of(row)

    async def update(self, scheduled: Scheduled, now: datetime) -> bool:
        statement = (
            update(table)
            .where(table.c.id == scheduled.id, _is_free(now))
            .values(body=scheduled.body, due_at=scheduled.due_at, failure=scheduled.failure)
        )
        return (await self._connection.execute(statement)).rowcount == 1

    async def drop(self, scheduled_id: UUID) -> bool:
        statement = delete(table).where(table.c.id == scheduled_id)
        return (await self._connection.execute(statement)).rowcount == 1

    async def drop_all(self, account_id: UUID) -> None:
        await self._connection.execute(delete(table).where(table.c.account_id == account_id))

    async def is_any_due(self, now: datetime) -> bool:
        statement = select(table.c.id).where(_is_due(now)).limit(1)
        return (await self._connection.execute(statement)).first() is not None

    async def hold_due(self, now: datetime, limit: int) -> tuple[UUID, ...]:
        sent = table.alias("sent")
        is_sent = exists().where(sent.c.account_id == accounts.c.id, sent.c.claimed_until > now)
        statement = (
            select(accounts.c.id)
            .where(accounts.c.id.in_(select(table.c.account_id).where(_is_due(now))), ~is_sent)
            .limit(limit)
            # SQLite has one writer at a time.
            .with_for_update(key_share=True, skip_locked=True)
        )
        return tuple((await self._connection.execute(statement)).scalars())

    async def claim_due(
        self, account_ids: Collection[UUID], now: datetime, until: datetime
    ) -> tuple[Scheduled, ...]:
        statement = (
            update(table)
            .where(table.c.account_id.in_(account_ids), _is_due(now))
            .values(claimed_until=until)
            .returning(*_COLUMNS)
        )
        return _ordered((await self._connection.execute(statement)).all())

    async def claim(self, scheduled_id: UUID, now: datetime, until: datetime) -> bool:
        statement = (
            update(table)
            .where(table.c.id == scheduled_id, _is_free(now))
            .values(claimed_until=until)
        )
        return (await self._connection.execute(statement)).rowcount == 1

    async def behind(self, scheduled: Scheduled) -> tuple[Scheduled, ...]:
        is_later = or_(
            table.c.due_at > scheduled.due_at,
            and_(table.c.due_at == scheduled.due_at, table.c.id > scheduled.id),
        )
        statement = select(*_COLUMNS).where(
            table.c.account_id == scheduled.account_id,
            table.c.conversation_id == scheduled.conversation_id,
            table.c.failure.is_(None),
            is_later,
        )
        rows = await self._connection.execute(statement.with_for_update())
        # Put in order here: the database would not see a time that changed while it waited.
        return _ordered(rows.all())

    async def release(self, scheduled: Scheduled) -> None:
        statement = update(table).where(table.c.id == scheduled.id)
        await self._connection.execute(
            statement.values(claimed_until=None, due_at=scheduled.due_at, failure=scheduled.failure)
        )


def _is_free(now: datetime) -> ColumnElement[bool]:
    return or_(table.c.claimed_until.is_(None), table.c.claimed_until <= now)


def _is_due(now: datetime) -> ColumnElement[bool]:
    return and_(table.c.due_at <= now, table.c.failure.is_(None), _is_free(now))


def _ordered(rows: Iterable[Sequence[Any]]) -> tuple[Scheduled, ...]:
    return tuple(sorted(map(_scheduled_of, rows), key=lambda each: (each.due_at, each.id)))


def _scheduled_of(row: Sequence[Any]) -> Scheduled:
    (
        scheduled_id,
        account_id,
        conversation_id,
        body,
        reply_to,
        extras,
        due_at,
        inserted_at,
        failure,
    ) = row
    stored = _Extras() if extras is None else msgspec.json.decode(extras, type=_Extras)
    return Scheduled(
        id=scheduled_id,
        account_id=account_id,
        conversation_id=conversation_id,
        body=body,
        reply_to=reply_to,
        attachments=stored.attachments,
        is_silent=stored.is_silent,
        due_at=due_at,
        inserted_at=inserted_at,
        failure=failure,
    )
