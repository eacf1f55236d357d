"""Conversations as one of their members sees them, a whole list in one statement."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, case, func, select, tuple_

from tertulia.core.model import Chat, Kind
from tertulia.storage.rows import (
    ACCOUNT_COLUMNS,
    CONVERSATION_COLUMNS,
    MEMBER_COLUMNS,
    MESSAGE_COLUMNS,
    account_of,
    conversation_of,
    member_of,
    message_of,
)
from tertulia.storage.tables import accounts, conversations, is_present, members, messages

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime
    from uuid import UUID

    from sqlalchemy import ColumnElement, FromClause, Select


def chats_of(
    account_id: UUID,
    *,
    conversation_id: UUID | None = None,
    before: tuple[datetime, int] | None = None,
    limit: int = 1,
) -> Select[Any]:
    """Return the question for a person's chats, latest activity first; `chat_of` reads its rows.

    The inner question picks the page, so that counting happens only for what is on it.
    """
    mine = _memberships(account_id, conversation_id, before, limit).subquery("mine")
    other = members.alias("other")
    return (
        select(
            *mine.c,
            _unread(mine),
            _others_read_seq(mine),
            *MESSAGE_COLUMNS,
            *ACCOUNT_COLUMNS,
        )
        .select_from(mine)
        .outerjoin(
            messages,
            and_(messages.c.conversation_id == mine.c.id, messages.c.seq == _last_seq(mine)),
        )
        .outerjoin(
            other,
            and_(
                mine.c.kind == Kind.PRIVATE.value,
                other.c.conversation_id == mine.c.id,
                other.c.account_id != mine.c.account_id,
            ),
        )
        .outerjoin(accounts, accounts.c.id == other.c.account_id)
        .order_by(mine.c.last_activity_at.desc(), mine.c.number.desc())
    )


def chat_of(row: Sequence[Any]) -> Chat:
    """Read one row of the answer to `chats_of`."""
    conversation, member, (unread, others_read_seq), message, account = _parts(row)
    return Chat(
        conversation=conversation_of(conversation),
        member=member_of(member),
        unread=unread,
        others_read_seq=others_read_seq,
        last_message=None if message[0] is None else message_of(message),
        peer=None if account[0] is None else account_of(account),
    )


def _memberships(
    account_id: UUID,
    conversation_id: UUID | None,
    before: tuple[datetime, int] | None,
    limit: int,
) -> Select[Any]:
    key = (conversations.c.last_activity_at, conversations.c.number)
    statement = (
        select(*CONVERSATION_COLUMNS, *MEMBER_COLUMNS)
        .join_from(members, conversations, conversations.c.id == members.c.conversation_id)
        .where(members.c.account_id == account_id, is_present, conversations.c.deleted_at.is_(None))
        .order_by(*(column.desc() for column in key))
        .limit(limit)
    )
    if conversation_id is not None:
        statement = statement.where(members.c.conversation_id == conversation_id)
    if before is not None:
        statement = statement.where(tuple_(*key) < before)
    return statement


def _unread(mine: FromClause) -> ColumnElement[int]:
    return (
        select(func.count())
        .select_from(messages)
        .where(
            messages.c.conversation_id == mine.c.id,
            messages.c.seq > mine.c.read_seq,
            messages.c.sender_id != mine.c.account_id,
            messages.c.deleted_at.is_(None),
        )
        .correlate(mine)
        .scalar_subquery()
    )


def _others_read_seq(mine: FromClause) -> ColumnElement[int]:
    other = members.alias("reader")
    furthest = (
        select(func.coalesce(func.max(other.c.read_seq), 0))
        .where(
            other.c.conversation_id == mine.c.id,
            other.c.account_id != mine.c.account_id,
            other.c.left_at.is_(None),
        )
        .correlate(mine)
        .scalar_subquery()
    )
    # Rooms are unbounded, and their members do not see how far the others have read.
    return case((mine.c.kind == Kind.ROOM.value, 0), else_=furthest)


def _last_seq(mine: FromClause) -> ColumnElement[int]:
    last = messages.alias("last")
    return (
        select(func.max(last.c.seq))
        .where(last.c.conversation_id == mine.c.id)
        .correlate(mine)
        .scalar_subquery()
    )


_SIZES = (
    len(CONVERSATION_COLUMNS),
    len(MEMBER_COLUMNS),
    2,
    len(MESSAGE_COLUMNS),
    len(ACCOUNT_COLUMNS),
)


def _parts(row: Sequence[Any]) -> Iterator[Sequence[Any]]:
    start = 0
    for size in _SIZES:
        yield row[start : start + size]
        start += size
