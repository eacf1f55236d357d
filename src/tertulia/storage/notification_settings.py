"""What people want to be notified of, and who is due a digest."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import (
    BigInteger,
    and_,
    case,
    delete,
    exists,
    func,
    or_,
    select,
    type_coerce,
    update,
)
from sqlalchemy.dialects import postgresql, sqlite

from tertulia.core.model import Kind, Notify
from tertulia.core.notification_stores import Absentee, NotificationSettingsStore
from tertulia.core.notify_rules import USUAL, NotificationSettings
from tertulia.storage.columns import to_millis
from tertulia.storage.rows import ACCOUNT_COLUMNS, account_of
from tertulia.storage.tables import accounts, conversations, is_present, members, sessions
from tertulia.storage.talk_tables import EVERYONE, mentions
from tertulia.storage.talk_tables import notification_settings as table

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime
    from uuid import UUID

    from sqlalchemy import ColumnElement
    from sqlalchemy.ext.asyncio import AsyncConnection

_HOUR_MS = 3_600_000

SETTINGS_COLUMNS = (
    table.c.notify_private,
    table.c.notify_groups,
    table.c.notify_rooms,
    table.c.shows_text,
    table.c.has_sound,
    table.c.digest_after_h,
)


def settings_of(row: Sequence[Any]) -> NotificationSettings:
    """Read the values of SETTINGS_COLUMNS; all are null where somebody has no row."""
    private, groups, rooms, shows_text, has_sound, digest_after_h = row
    if private is None:
        return USUAL
    return NotificationSettings(
        notify_private=Notify(private),
        notify_groups=Notify(groups),
        notify_rooms=Notify(rooms),
        shows_text=shows_text,
        has_sound=has_sound,
        digest_after_h=digest_after_h,
    )


class SqlNotificationSettingsStore(NotificationSettingsStore):
    """Notification settings in the database."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def get(self, account_id: UUID) -> NotificationSettings:
        statement = select(*SETTINGS_COLUMNS).where(table.c.account_id == account_id)
        row = (await self._connection.execute(statement)).one_or_none()
        return USUAL if row is None else settings_of(row)

    async def put(self, account_id: UUID, settings: NotificationSettings) -> None:
        upsert = sqlite.insert if self._connection.dialect.name == "sqlite" else postgresql.insert
        values = {
            "notify_private": settings.notify_private.value,
            "notify_groups": settings.notify_groups.value,
            "notify_rooms": settings.notify_rooms.value,
            "shows_text": settings.shows_text,
            "has_sound": settings.has_sound,
            "digest_after_h": settings.digest_after_h,
        }
        statement = upsert(table).values(account_id=account_id, **values)
        await self._connection.execute(
            statement.on_conflict_do_update(index_elements=[table.c.account_id], set_=values)
        )

    async def drop(self, account_id: UUID) -> None:
        await self._connection.execute(delete(table).where(table.c.account_id == account_id))

    async def absentees(
        self, now: datetime, *, after: UUID | None, limit: int
    ) -> tuple[Absentee, ...]:
        seen = _seen_at()
        statement = (
            select(*ACCOUNT_COLUMNS, *SETTINGS_COLUMNS, table.c.digest_sent_at)
            .join_from(table, accounts, accounts.c.id == table.c.account_id)
            .where(
                table.c.digest_after_h.is_not(None),
                accounts.c.email.is_not(None),
                accounts.c.confirmed_at.is_not(None),
                accounts.c.deleted_at.is_(None),
                accounts.c.disabled_at.is_(None),
                seen + table.c.digest_after_h * _HOUR_MS <= to_millis(now),
                or_(table.c.digest_sent_at.is_(None), _millis(table.c.digest_sent_at) < seen),
                _has_unread(),
            )
            .order_by(table.c.account_id)
            .limit(limit)
        )
        if after is not None:
            statement = statement.where(table.c.account_id > after)
        width = len(ACCOUNT_COLUMNS)
        return tuple(
            Absentee(
                account=account_of(row[:width]),
                settings=settings_of(row[width:-1]),
                sent_at=row[-1],
            )
            for row in await self._connection.execute(statement)
        )

    async def claim_digest(self, absentee: Absentee, at: datetime) -> bool:
        statement = (
            update(table)
            .where(
                table.c.account_id == absentee.account.id,
                table.c.digest_after_h.is_not(None),
                table.c.digest_sent_at.is_not_distinct_from(absentee.sent_at),
            )
            .values(digest_sent_at=at)
        )
        return (await self._connection.execute(statement)).rowcount == 1


def _millis(moment: ColumnElement[Any]) -> ColumnElement[int]:
    """Return a moment as the number that it is in the database, to reckon with."""
    return type_coerce(moment, BigInteger)


def _seen_at() -> ColumnElement[int]:
    """Return when somebody last did something on any device, or read anything."""
    used = _latest(sessions.c.last_used_at, sessions.c.account_id)
    read = _latest(members.c.read_at, members.c.account_id)
    return case((used > read, used), else_=read)


def _latest(moment: ColumnElement[Any], account_id: ColumnElement[UUID]) -> ColumnElement[int]:
    return (
        select(func.coalesce(func.max(_millis(moment)), 0))
        .where(account_id == table.c.account_id)
        .correlate(table)
        .scalar_subquery()
    )


def _has_unread() -> ColumnElement[bool]:
    """Whether there may be something for a digest: a private chat that went on, or a mention."""
    is_mentioned = exists().where(
        mentions.c.conversation_id == members.c.conversation_id,
        mentions.c.account_id.in_([members.c.account_id, EVERYONE]),
        mentions.c.seq > members.c.read_seq,
    )
    went_on = and_(
        conversations.c.kind == Kind.PRIVATE.value, conversations.c.head_seq > members.c.read_seq
    )
    return (
        exists()
        .where(
            members.c.account_id == table.c.account_id,
            conversations.c.id == members.c.conversation_id,
            is_present,
            conversations.c.deleted_at.is_(None),
            or_(went_on, is_mentioned),
        )
        .correlate(table)
    )
