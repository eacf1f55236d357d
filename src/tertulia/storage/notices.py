"""Who may have to be told of what was sent, however many members there are, in one statement."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, exists, false, func, or_, select, true

from tertulia.core.model import Kind, Notify
from tertulia.core.notification_stores import NoticeStore
from tertulia.core.notify_rules import USUAL
from tertulia.core.pushes import Listener
from tertulia.storage.notification_settings import SETTINGS_COLUMNS, settings_of
from tertulia.storage.push_subscriptions import SUBSCRIPTION_COLUMNS, subscription_of
from tertulia.storage.rows import (
    CONVERSATION_COLUMNS,
    MESSAGE_COLUMNS,
    conversation_of,
    message_of,
    preferences_of,
)
from tertulia.storage.tables import (
    accounts,
    blocks,
    conversations,
    is_present,
    members,
    messages,
    sessions,
)
from tertulia.storage.talk_tables import notification_settings, push_subscriptions

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime
    from uuid import UUID

    from sqlalchemy import ColumnElement
    from sqlalchemy.ext.asyncio import AsyncConnection

    from tertulia.core.message import Message
    from tertulia.core.model import Conversation

_PREFERENCES = (
    members.c.notify,
    members.c.muted_until,
    members.c.pinned_at,
    members.c.archived_at,
    members.c.marked_unread,
)
_CHOICES = {
    Kind.PRIVATE: notification_settings.c.notify_private,
    Kind.GROUP: notification_settings.c.notify_groups,
    Kind.ROOM: notification_settings.c.notify_rooms,
}


class SqlNoticeStore(NoticeStore):
    """What there is to tell, and whom, from the database."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def anybody_listens(self) -> bool:
        statement = select(push_subscriptions.c.id).limit(1)
        return (await self._connection.execute(statement)).first() is not None

    async def conversation(self, conversation_id: UUID) -> Conversation | None:
        statement = select(*CONVERSATION_COLUMNS).where(
            conversations.c.id == conversation_id, conversations.c.deleted_at.is_(None)
        )
        row = (await self._connection.execute(statement)).one_or_none()
        return None if row is None else conversation_of(row)

    async def messages(self, ids: Collection[UUID]) -> tuple[Message, ...]:
        statement = (
            select(*MESSAGE_COLUMNS)
            .where(messages.c.id.in_(set(ids)), messages.c.deleted_at.is_(None))
            .order_by(messages.c.seq)
        )
        return tuple(map(message_of, await self._connection.execute(statement)))

    async def senders(self, ids: Collection[UUID]) -> dict[UUID, UUID]:
        if not ids:
            return {}
        statement = select(messages.c.id, messages.c.sender_id).where(messages.c.id.in_(set(ids)))
        return {row[0]: row[1] for row in await self._connection.execute(statement)}

    async def listeners(
        self,
        conversation: Conversation,
        messages: Collection[Message],
        *,
        addressed: Collection[UUID],
        now: datetime,
        used_since: datetime,
    ) -> tuple[Listener, ...]:
        senders = {message.sender_id for message in messages}
        has_blocked = exists().where(
            blocks.c.account_id == members.c.account_id, blocks.c.other_id.in_(senders)
        )
        statement = (
            select(
                *SUBSCRIPTION_COLUMNS,
                *_PREFERENCES,
                *SETTINGS_COLUMNS,
                members.c.read_seq,
                has_blocked,
            )
            .join_from(
                push_subscriptions,
                members,
                and_(
                    members.c.account_id == push_subscriptions.c.account_id,
                    members.c.conversation_id == conversation.id,
                ),
            )
            .join(sessions, sessions.c.id == push_subscriptions.c.session_id)
            .join(accounts, accounts.c.id == push_subscriptions.c.account_id)
            .outerjoin(
                notification_settings,
                notification_settings.c.account_id == push_subscriptions.c.account_id,
            )
            .where(
                is_present,
                members.c.read_seq < max(message.seq for message in messages),
                or_(members.c.muted_until.is_(None), members.c.muted_until <= now),
                _may_want(conversation.kind, messages, addressed),
                sessions.c.ended_at.is_(None),
                sessions.c.last_used_at >= used_since,
                accounts.c.disabled_at.is_(None),
            )
        )
        if len(senders) == 1:
            statement = statement.where(members.c.account_id.not_in(senders))
        return tuple(map(_listener_of, await self._connection.execute(statement)))


def _may_want(
    kind: Kind, messages: Collection[Message], addressed: Collection[UUID]
) -> ColumnElement[bool]:
    """Say of `notify_rules` what thins out a large room; what is left is judged by them alone."""
    usual = USUAL.of(kind).value
    wanted = func.coalesce(members.c.notify, _CHOICES[kind], usual)
    speaks_to_all = any(message.extras.mentions_all for message in messages)
    return or_(
        wanted == Notify.ALL.value,
        and_(
            wanted == Notify.MENTIONS.value,
            true() if speaks_to_all else _is_one_of(addressed),
        ),
    )


def _is_one_of(people: Collection[UUID]) -> ColumnElement[bool]:
    return members.c.account_id.in_(set(people)) if people else false()


def _listener_of(row: Any) -> Listener:
    preferences_at = len(SUBSCRIPTION_COLUMNS)
    settings_at = preferences_at + len(_PREFERENCES)
    read_seq, has_blocked = row[-2:]
    return Listener(
        subscription=subscription_of(row[:preferences_at]),
        preferences=preferences_of(row[preferences_at:settings_at]),
        settings=settings_of(row[settings_at:-2]),
        read_seq=read_seq,
        has_blocked=bool(has_blocked),
    )
