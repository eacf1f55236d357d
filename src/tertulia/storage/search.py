"""The index of messages as one asks it; the questions themselves are each database's own."""

from __future__ import annotations

from abc import abstractmethod
from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, case, func, or_, select

from tertulia.core.model import Chat, Kind
from tertulia.core.search_stores import Document, Place, Question, Reach, SearchStore
from tertulia.storage.chats import fetch_chats_of
from tertulia.storage.folding import contains, contains_words, fold
from tertulia.storage.rows import (
    CONVERSATION_COLUMNS,
    MESSAGE_COLUMNS,
    conversation_of,
    message_of,
)
from tertulia.storage.search_tables import BLOCK_BITS, search_blocks
from tertulia.storage.tables import accounts, conversations, is_present, members

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime
    from uuid import UUID

    from sqlalchemy import ColumnElement, Select
    from sqlalchemy.ext.asyncio import AsyncConnection

FOUND_COLUMNS = (*MESSAGE_COLUMNS, *CONVERSATION_COLUMNS)
_MAX_PEOPLE = 50
_MAX_PLACES = 200


class SqlSearchStore(SearchStore):
    """What is the same on both databases."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def places(self, account_id: UUID) -> tuple[Place, ...]:
        statement = _mine(account_id).with_only_columns(
            conversations.c.id, conversations.c.number, conversations.c.head_seq
        )
        return tuple(Place(*row) for row in await self._connection.execute(statement))

    async def places_named(self, account_id: UUID, name: str) -> frozenset[UUID]:
        return frozenset(await self._ids_named(account_id, name, _MAX_PLACES))

    async def people_named(self, name: str) -> tuple[int, ...]:
        exactly = select(accounts.c.number).where(accounts.c.username_folded == fold(name))
        found = (await self._connection.scalars(exactly)).all()
        if not found:
            within = contains(accounts.c.display_name_folded, name)
            statement = select(accounts.c.number).where(within, accounts.c.deleted_at.is_(None))
            found = (
                await self._connection.scalars(
                    statement.order_by(accounts.c.number).limit(_MAX_PEOPLE)
                )
            ).all()
        return tuple(found)

    async def reach(self, after: datetime | None, before: datetime | None) -> Reach | None:
        statement = select(func.min(search_blocks.c.block), func.max(search_blocks.c.block))
        if after is not None:
            statement = statement.where(search_blocks.c.last_at >= after)
        if before is not None:
            statement = statement.where(search_blocks.c.first_at < before)
        low, high = (await self._connection.execute(statement)).one()
        if low is None:
            return None
        return Reach(low << BLOCK_BITS, ((high + 1) << BLOCK_BITS) - 1)

    async def chats(self, account_id: UUID, text: str, limit: int) -> tuple[Chat, ...]:
        ids = await self._ids_named(account_id, text, limit)
        return await fetch_chats_of(self._connection, account_id, ids) if ids else ()

    @abstractmethod
    async def find(self, question: Question, limit: int) -> tuple[Document, ...]:
        """Ask the index."""

    async def _ids_named(self, account_id: UUID, name: str, limit: int) -> Sequence[UUID]:
        other = members.alias("other")
        statement = (
            _mine(account_id)
            .with_only_columns(conversations.c.id)
            .outerjoin(
                other,
                and_(
                    other.c.conversation_id
                    == case((conversations.c.kind == Kind.PRIVATE.value, conversations.c.id)),
                    other.c.account_id != account_id,
                ),
            )
            .outerjoin(accounts, accounts.c.id == other.c.account_id)
            .where(_is_named(name))
            .order_by(conversations.c.last_activity_at.desc(), conversations.c.number.desc())
            .limit(limit)
        )
        return (await self._connection.scalars(statement)).all()


def document_of(row: Sequence[Any]) -> Document:
    """Read a document's number and the values of FOUND_COLUMNS."""
    size = 1 + len(MESSAGE_COLUMNS)
    return Document(
        number=row[0], message=message_of(row[1:size]), conversation=conversation_of(row[size:])
    )


def _mine(account_id: UUID) -> Select[Any]:
    return (
        select(conversations.c.id)
        .join_from(members, conversations, conversations.c.id == members.c.conversation_id)
        .where(
            members.c.account_id == account_id,
            is_present,
            conversations.c.deleted_at.is_(None),
            ~conversations.c.encrypted,
        )
    )


def _is_named(name: str) -> ColumnElement[bool]:
    return or_(
        contains_words(conversations.c.search_text, name),
        contains(accounts.c.display_name_folded, name),
        contains(accounts.c.username_folded, name),
    )
