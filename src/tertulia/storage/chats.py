"""Conversations as one of their members sees them, a whole list in one statement."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from sqlalchemy import Integer, and_, bindparam, case, func, select, tuple_

from tertulia.core.model import Chat, Kind
from tertulia.storage.columns import Id, Instant, Number
from tertulia.storage.copies import SEALED_COLUMNS, sealed_message_of, with_reactions
from tertulia.storage.encryption_tables import copies
from tertulia.storage.rows import (
    ACCOUNT_COLUMNS,
    CONVERSATION_COLUMNS,
    MEMBER_COLUMNS,
    account_of,
    conversation_of,
    member_of,
)
from tertulia.storage.tables import accounts, conversations, is_present, members, messages
from tertulia.storage.talk_tables import EVERYONE, mentions

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import datetime
    from uuid import UUID

    from sqlalchemy import ColumnElement, FromClause, Select
    from sqlalchemy.ext.asyncio import AsyncConnection


# The questions are put together once: that takes longer than asking them.
_ACCOUNT_ID = bindparam("account_id", type_=Id)
_CONVERSATION_ID = bindparam("conversation_id", type_=Id)
_BEFORE = tuple_(bindparam("before_at", type_=Instant), bindparam("before_number", type_=Number))
_LIMIT = bindparam("limit", type_=Integer)
_ACTIVITY = tuple_(conversations.c.last_activity_at, conversations.c.number)


async def fetch_chat(
    connection: AsyncConnection, account_id: UUID, conversation_id: UUID
) -> Chat | None:
    """Return one conversation as this member sees it; None where there is no living membership."""
    values = {"account_id": account_id, "conversation_id": conversation_id}
    found = await _read(connection, _CHAT, values)
    return found[0] if found else None


async def fetch_chats(
    connection: AsyncConnection,
    account_id: UUID,
    before: tuple[datetime, int] | None,
    limit: int,
) -> tuple[Chat, ...]:
    """Return a person's chats by (last activity, number), the latest first."""
    values: dict[str, Any] = {"account_id": account_id, "limit": limit}
    if before is None:
        return await _read(connection, _FIRST_CHATS, values)
    values |= {"before_at": before[0], "before_number": before[1]}
    return await _read(connection, _FURTHER_CHATS, values)


async def fetch_chats_of(
    connection: AsyncConnection, account_id: UUID, conversation_ids: Sequence[UUID]
) -> tuple[Chat, ...]:
    """Return those of a person's chats that have these ids, the latest active first."""
    values = {"account_id": account_id, "conversation_ids": list(conversation_ids)}
    return await _read(connection, _CHATS_OF, values)


async def _read(
    connection: AsyncConnection, statement: Select[Any], values: Mapping[str, Any]
) -> tuple[Chat, ...]:
    chats = tuple(map(_chat_of, await connection.execute(statement, values)))
    last = await with_reactions(
        connection, [chat.last_message for chat in chats if chat.last_message is not None]
    )
    by_id = {message.id: message for message in last if message.copy and message.copy.reactions}
    return tuple(
        replace(chat, last_message=by_id[chat.last_message.id])
        if chat.last_message is not None and chat.last_message.id in by_id
        else chat
        for chat in chats
    )


def _memberships() -> Select[Any]:
    return (
        select(*CONVERSATION_COLUMNS, *MEMBER_COLUMNS)
        .join_from(members, conversations, conversations.c.id == members.c.conversation_id)
        .where(
            members.c.account_id == _ACCOUNT_ID, is_present, conversations.c.deleted_at.is_(None)
        )
    )


def _page(memberships: Select[Any]) -> Select[Any]:
    latest_first = (conversations.c.last_activity_at.desc(), conversations.c.number.desc())
    return memberships.order_by(*latest_first).limit(_LIMIT)


def _chats(
    memberships: Select[Any], conversation_id: ColumnElement[UUID] | None = None
) -> Select[Any]:
    """Return the question for chats whose memberships an inner question picks.

    So the counting is done only for what is on the page. Where it is one conversation, it is named
    wherever messages are asked for: on PostgreSQL that makes plans for one partition, not for all.
    """
    mine = memberships.subquery("mine")
    place = mine.c.id if conversation_id is None else conversation_id
    other = members.alias("other")
    return (
        select(
            *mine.c,
            _unread(mine, place),
            _mentions(mine, place),
            _others_read_seq(mine),
            *SEALED_COLUMNS,
            *ACCOUNT_COLUMNS,
        )
        .select_from(mine)
        .outerjoin(
            messages,
            and_(messages.c.conversation_id == place, messages.c.seq == _last_seq(mine, place)),
        )
        .outerjoin(
            copies,
            and_(
                # Nothing to look up in an open conversation.
                copies.c.conversation_id == case((mine.c.encrypted, mine.c.id)),
                copies.c.account_id == mine.c.account_id,
                copies.c.seq == messages.c.seq,
            ),
        )
        .outerjoin(
            other,
            and_(
                # Nothing to look up elsewhere: a room may have any number of other members.
                other.c.conversation_id == case((mine.c.kind == Kind.PRIVATE.value, mine.c.id)),
                other.c.account_id != mine.c.account_id,
            ),
        )
        .outerjoin(accounts, accounts.c.id == other.c.account_id)
        .order_by(mine.c.last_activity_at.desc(), mine.c.number.desc())
    )


def _unread(mine: FromClause, place: ColumnElement[UUID]) -> ColumnElement[int]:
    # Of what was sealed since one is a member, one has a copy; whoever joins has read all before.
    return (
        select(func.count())
        .select_from(messages)
        .where(
            messages.c.conversation_id == place,
            messages.c.seq > mine.c.read_seq,
            messages.c.sender_id != mine.c.account_id,
            messages.c.deleted_at.is_(None),
        )
        .correlate(mine)
        .scalar_subquery()
    )


def _mentions(mine: FromClause, place: ColumnElement[UUID]) -> ColumnElement[int]:
    # Asked for each mention, and not joined: a planner may begin a join at the other end, with
    # every message of the conversation.
    sender_id = (
        select(messages.c.sender_id)
        .where(
            messages.c.conversation_id == place,
            messages.c.seq == mentions.c.seq,
        )
        .correlate(mentions, mine)
        .scalar_subquery()
    )
    # A message that mentions somebody and everyone counts once.
    return (
        select(func.count(mentions.c.seq.distinct()))
        .where(
            mentions.c.conversation_id == place,
            mentions.c.account_id.in_([mine.c.account_id, EVERYONE]),
            mentions.c.seq > mine.c.read_seq,
            sender_id != mine.c.account_id,
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
            # A newcomer's pointer starts at the joining, before which nothing was read by them.
            other.c.read_at.is_not(None),
        )
        .correlate(mine)
        .scalar_subquery()
    )
    # Rooms are unbounded, and their members do not see how far the others have read.
    return case((mine.c.kind == Kind.ROOM.value, 0), else_=furthest)


def _last_seq(mine: FromClause, place: ColumnElement[UUID]) -> ColumnElement[int]:
    last = messages.alias("last")
    of_all = (
        select(func.max(last.c.seq))
        .where(last.c.conversation_id == place)
        .correlate(mine)
        .scalar_subquery()
    )
    own = copies.alias("last_copy")
    of_copies = (
        select(func.max(own.c.seq))
        .where(own.c.conversation_id == mine.c.id, own.c.account_id == mine.c.account_id)
        .correlate(mine)
        .scalar_subquery()
    )
    return case((mine.c.encrypted, of_copies), else_=of_all)


_CHAT = _chats(
    _memberships().where(members.c.conversation_id == _CONVERSATION_ID), _CONVERSATION_ID
)
_FIRST_CHATS = _chats(_page(_memberships()))
_CHATS_OF = _chats(
    _memberships().where(
        members.c.conversation_id.in_(bindparam("conversation_ids", expanding=True))
    )
)
_FURTHER_CHATS = _chats(_page(_memberships().where(_ACTIVITY < _BEFORE)))

_SIZES = (
    len(CONVERSATION_COLUMNS),
    len(MEMBER_COLUMNS),
    3,
    len(SEALED_COLUMNS),
    len(ACCOUNT_COLUMNS),
)


def _chat_of(row: Sequence[Any]) -> Chat:
    conversation, member, (unread, mentioned, others_read_seq), message, account = _parts(row)
    return Chat(
        conversation=conversation_of(conversation),
        member=member_of(member),
        unread=unread,
        mentions=mentioned,
        others_read_seq=others_read_seq,
        last_message=None if message[0] is None else sealed_message_of(message),
        peer=None if account[0] is None else account_of(account),
    )


def _parts(row: Sequence[Any]) -> Iterator[Sequence[Any]]:
    start = 0
    for size in _SIZES:
        yield row[start : start + size]
        start += size
