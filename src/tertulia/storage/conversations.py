"""Conversations, fetched only through the right to see them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

from sqlalchemy import bindparam, insert, select, tuple_, update
from sqlalchemy.exc import IntegrityError

from tertulia.core.errors import Invalid, NotFound
from tertulia.core.lifecycle import already_exists
from tertulia.core.model import Chat, Conversation, Listing, Membership, RoomOrder
from tertulia.core.ports import ConversationStore
from tertulia.storage.chats import fetch_chat, fetch_chats
from tertulia.storage.folding import contains_words, fold_marks
from tertulia.storage.rows import (
    CONVERSATION_COLUMNS,
    MEMBER_COLUMNS,
    conversation_of,
    member_of,
)
from tertulia.storage.tables import conversations, is_open_room, is_present, members
from tertulia.storage.violations import violated

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime
    from uuid import UUID

    from sqlalchemy import Select
    from sqlalchemy.ext.asyncio import AsyncConnection

R = TypeVar("R")

# Statements have a bounded number of parameters.
_IDS_AT_ONCE = 1000

# What is asked all the time is put together once, which takes about as long as asking it.
_FOR_MEMBER = (
    select(*CONVERSATION_COLUMNS, *MEMBER_COLUMNS)
    .join_from(conversations, members, members.c.conversation_id == conversations.c.id)
    .where(
        conversations.c.id == bindparam("conversation_id"),
        conversations.c.deleted_at.is_(None),
        members.c.account_id == bindparam("account_id"),
        is_present,
    )
)
_HEADS = select(conversations.c.id, conversations.c.head_seq).where(
    conversations.c.id.in_(bindparam("conversation_ids", expanding=True)),
    conversations.c.deleted_at.is_(None),
)


class SqlConversationStore(ConversationStore):
    """Conversations in the database."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def add(self, conversation: Conversation, pair: tuple[UUID, UUID] | None) -> Conversation:
        values = _own_words(conversation) | {
            "id": conversation.id,
            "kind": conversation.kind.value,
            "encrypted": conversation.encrypted,
            "pair_key": _pair_key(*pair, encrypted=conversation.encrypted) if pair else None,
            "head_seq": conversation.head_seq,
            "inserted_at": conversation.inserted_at,
            "last_activity_at": conversation.last_activity_at,
        }
        statement = insert(conversations).values(values).returning(*CONVERSATION_COLUMNS)
        try:
            return conversation_of((await self._connection.execute(statement)).one())
        except IntegrityError as error:
            raise _taken(error) from error

    async def for_member(self, account_id: UUID, conversation_id: UUID) -> Membership:
        values = {"account_id": account_id, "conversation_id": conversation_id}
        row = _found((await self._connection.execute(_FOR_MEMBER, values)).one_or_none())
        size = len(CONVERSATION_COLUMNS)
        return Membership(conversation=conversation_of(row[:size]), member=member_of(row[size:]))

    async def locked_for_member(self, account_id: UUID, conversation_id: UUID) -> Membership:
        # The lock comes first and alone: a statement that waits for a row reads the other tables
        # as they were before it waited.
        statement = select(conversations.c.number).where(conversations.c.id == conversation_id)
        await self._connection.execute(_locking(statement))
        return await self.for_member(account_id, conversation_id)

    async def numbered(self, number: int) -> UUID | None:
        statement = select(conversations.c.id).where(conversations.c.number == number)
        return (await self._connection.scalars(statement)).one_or_none()

    async def locked_room(self, conversation_id: UUID) -> Conversation:
        statement = select(*CONVERSATION_COLUMNS).where(
            conversations.c.id == conversation_id, is_open_room
        )
        row = (await self._connection.execute(_locking(statement))).one_or_none()
        return conversation_of(_found(row))

    async def living(self, conversation_id: UUID) -> Conversation | None:
        row = (await self._connection.execute(_living(conversation_id))).one_or_none()
        return None if row is None else conversation_of(row)

    async def locked(self, conversation_id: UUID) -> Conversation | None:
        row = (await self._connection.execute(_locking(_living(conversation_id)))).one_or_none()
        return None if row is None else conversation_of(row)

    async def between(self, one: UUID, other: UUID, *, encrypted: bool) -> UUID | None:
        key = _pair_key(one, other, encrypted=encrypted)
        return (await self._connection.scalars(_of_pairs([key]))).one_or_none()

    async def all_between(self, one: UUID, other: UUID) -> tuple[UUID, ...]:
        keys = [_pair_key(one, other, encrypted=encrypted) for encrypted in (False, True)]
        return tuple(await self._connection.scalars(_of_pairs(keys)))

    async def take_seq(self, conversation_id: UUID) -> int:
        statement = (
            update(conversations)
            .where(conversations.c.id == conversation_id, conversations.c.deleted_at.is_(None))
            .values(head_seq=conversations.c.head_seq + 1)
            .returning(conversations.c.head_seq)
        )
        (seq,) = _found((await self._connection.execute(statement)).one_or_none())
        return int(seq)

    async def update(self, conversation: Conversation) -> None:
        statement = update(conversations).where(conversations.c.id == conversation.id)
        try:
            await self._connection.execute(statement.values(_own_words(conversation)))
        except IntegrityError as error:
            raise _taken(error) from error

    async def delete(self, conversation_id: UUID, at: datetime) -> None:
        statement = update(conversations).where(conversations.c.id == conversation_id)
        await self._connection.execute(statement.values(deleted_at=at))

    async def chat(self, account_id: UUID, conversation_id: UUID) -> Chat:
        return _found(await fetch_chat(self._connection, account_id, conversation_id))

    async def chats(
        self, account_id: UUID, *, before: tuple[datetime, int] | None, limit: int
    ) -> tuple[Chat, ...]:
        return await fetch_chats(self._connection, account_id, before, limit)

    async def directory(
        self,
        account_id: UUID,
        *,
        topic: str | None,
        text: str,
        order: RoomOrder,
        after: tuple[int, int] | None,
        limit: int,
    ) -> tuple[Listing, ...]:
        joined = (
            select(members.c.account_id)
            .where(
                members.c.conversation_id == conversations.c.id,
                members.c.account_id == account_id,
                is_present,
            )
            .exists()
        )
        statement = select(*CONVERSATION_COLUMNS, joined).where(is_open_room).limit(limit)
        if topic is not None:
            statement = statement.where(conversations.c.topic == topic)
        if text:
            statement = statement.where(contains_words(conversations.c.search_text, text))
        rows = await self._connection.execute(_in_order(statement, order, after))
        return tuple(
            Listing(conversation=conversation_of(row[:-1]), joined=row[-1]) for row in rows
        )

    async def ids_of(self, account_id: UUID) -> tuple[UUID, ...]:
        statement = (
            select(conversations.c.id)
            .join(members, members.c.conversation_id == conversations.c.id)
            .where(
                members.c.account_id == account_id, is_present, conversations.c.deleted_at.is_(None)
            )
            .order_by(conversations.c.number)
        )
        return tuple(await self._connection.scalars(statement))

    async def heads(self, conversation_ids: Collection[UUID]) -> dict[UUID, int]:
        heads: dict[UUID, int] = {}
        wanted = list(conversation_ids)
        for start in range(0, len(wanted), _IDS_AT_ONCE):
            some = {"conversation_ids": wanted[start : start + _IDS_AT_ONCE]}
            rows = await self._connection.execute(_HEADS, some)
            heads |= {row.id: row.head_seq for row in rows}
        return heads


def _own_words(conversation: Conversation) -> dict[str, Any]:
    shown = (conversation.alias, conversation.name, conversation.description)
    return {
        "name": conversation.name,
        "alias": conversation.alias,
        "topic": conversation.topic,
        "description": conversation.description,
        "search_text": fold_marks("\n".join(text for text in shown if text)),
        "member_count": conversation.member_count,
        "picture": conversation.picture,
        "slow_mode_s": conversation.slow_mode_s,
        "updated_at": conversation.updated_at,
    }


def _pair_key(one: UUID, other: UUID, *, encrypted: bool) -> bytes:
    # Two people have an open chat and an encrypted one, of each no more than one.
    prefix = b"e" if encrypted else b""
    return prefix + min(one, other).bytes + max(one, other).bytes


def _of_pairs(keys: list[bytes]) -> Select[Any]:
    return (
        select(conversations.c.id)
        .where(conversations.c.pair_key.in_(keys), conversations.c.deleted_at.is_(None))
        .order_by(conversations.c.number)
    )


def _taken(error: IntegrityError) -> Exception:
    rule = violated(error)
    if rule.endswith("pair_key"):
        return already_exists()
    if rule.endswith("name"):
        return Invalid("Another room has this name.", code="taken", attr="name")
    return error


def _found(found: R | None) -> R:
    if found is None:
        raise NotFound("There is no such conversation.")
    return found


def _living(conversation_id: UUID) -> Select[Any]:
    return select(*CONVERSATION_COLUMNS).where(
        conversations.c.id == conversation_id, conversations.c.deleted_at.is_(None)
    )


def _locking(statement: Select[Any]) -> Select[Any]:
    # FOR NO KEY UPDATE lets others add rows that refer to this one meanwhile. SQLite has no row
    # locks and needs none: whoever writes has the whole file.
    return statement.with_for_update(key_share=True)


def _in_order(
    statement: Select[Any], order: RoomOrder, after: tuple[int, int] | None
) -> Select[Any]:
    key, number = conversations.c.member_count, conversations.c.number
    if order == "popular":
        statement = statement.order_by(key.desc(), number.desc())
        return statement if after is None else statement.where(tuple_(key, number) < after)
    statement = statement.order_by(number.asc() if order == "old" else number.desc())
    if after is None:
        return statement
    return statement.where(number > after[1] if order == "old" else number < after[1])
