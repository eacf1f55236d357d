"""The history of conversations; new messages come in through the journal."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import BigInteger, Integer, bindparam, select, union_all, update

from tertulia.core.errors import NotFound
from tertulia.core.model import HistoryOrder, Message
from tertulia.core.ports import MessageStore
from tertulia.storage.columns import Id
from tertulia.storage.rows import MESSAGE_COLUMNS, message_of
from tertulia.storage.tables import (
    conversations,
    is_changed,
    is_present,
    members,
    messages,
)

if TYPE_CHECKING:
    from uuid import UUID

    from sqlalchemy import CompoundSelect
    from sqlalchemy.ext.asyncio import AsyncConnection


class SqlMessageStore(MessageStore):
    """Messages in the database."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def for_member(self, account_id: UUID, message_id: UUID) -> Message:
        statement = (
            select(*MESSAGE_COLUMNS)
            .join_from(messages, members, members.c.conversation_id == messages.c.conversation_id)
            .join(conversations, conversations.c.id == messages.c.conversation_id)
            .where(
                messages.c.id == message_id,
                conversations.c.deleted_at.is_(None),
                members.c.account_id == account_id,
                is_present,
            )
        )
        row = (await self._connection.execute(statement)).one_or_none()
        if row is None:
            raise NotFound("There is no such message.")
        return message_of(row)

    async def page(
        self, conversation_id: UUID, *, after_seq: int | None, order: HistoryOrder, limit: int
    ) -> tuple[Message, ...]:
        seq = messages.c.seq
        statement = (
            select(*MESSAGE_COLUMNS)
            .where(messages.c.conversation_id == conversation_id)
            .order_by(seq.asc() if order == "asc" else seq.desc())
            .limit(limit)
        )
        if after_seq is not None:
            statement = statement.where(seq > after_seq if order == "asc" else seq < after_seq)
        return tuple(map(message_of, await self._connection.execute(statement)))

    async def changed_since(
        self, conversation_id: UUID, since: int, limit: int
    ) -> tuple[Message, ...]:
        values = {"conversation_id": conversation_id, "since": since, "limit": limit}
        return tuple(map(message_of, await self._connection.execute(_CHANGED, values)))

    async def update(self, message: Message) -> None:
        await self._connection.execute(
            update(messages)
            .where(
                messages.c.conversation_id == message.conversation_id,
                messages.c.seq == message.seq,
            )
            .values(
                body=message.body,
                changed_seq=message.changed_seq,
                edited_at=message.edited_at,
                deleted_at=message.deleted_at,
            )
        )


def _changed() -> CompoundSelect[Any]:
    """New messages are found by their place in history, older ones by the index of changes."""
    since, limit = bindparam("since", type_=BigInteger), bindparam("limit", type_=Integer)
    rows = select(*MESSAGE_COLUMNS).where(
        messages.c.conversation_id == bindparam("conversation_id", type_=Id)
    )
    new = rows.where(messages.c.seq > since, ~is_changed).order_by(messages.c.seq)
    old = rows.where(messages.c.changed_seq > since, is_changed).order_by(messages.c.changed_seq)
    both = union_all(*(select(part.limit(limit).subquery()) for part in (new, old)))
    return both.order_by(both.selected_columns.changed_seq).limit(limit)


# Put together once: that takes longer than asking it.
_CHANGED = _changed()
