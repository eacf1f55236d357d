"""The history of conversations; new messages come in through the journal."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import BigInteger, Integer, bindparam, select, union_all, update

from tertulia.core.errors import NotFound
from tertulia.core.model import HistoryOrder, Message
from tertulia.core.ports import MessageStore
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

    from sqlalchemy import CompoundSelect, Select
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
        values: dict[str, Any] = {"conversation_id": conversation_id, "limit": limit}
        if after_seq is None:
            rows = await self._connection.execute(_FIRST_PAGE[order], values)
        else:
            rows = await self._connection.execute(
                _NEXT_PAGE[order], values | {"after_seq": after_seq}
            )
        return tuple(map(message_of, rows))

    async def sent_by(
        self, conversation_id: UUID, sender_id: UUID, *, after_seq: int | None, limit: int
    ) -> tuple[Message, ...]:
        values = {
            "conversation_id": conversation_id,
            "sender_id": sender_id,
            "after_seq": after_seq or 0,
            "limit": limit,
        }
        return tuple(map(message_of, await self._connection.execute(_SENT_BY, values)))

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


# What is asked all the time is put together once, which takes about as long as asking it.
_LIMIT = bindparam("limit", type_=Integer)
_IN_CONVERSATION = select(*MESSAGE_COLUMNS).where(
    messages.c.conversation_id == bindparam("conversation_id")
)
_FIRST_PAGE: dict[HistoryOrder, Select[Any]] = {
    "asc": _IN_CONVERSATION.order_by(messages.c.seq.asc()).limit(_LIMIT),
    "desc": _IN_CONVERSATION.order_by(messages.c.seq.desc()).limit(_LIMIT),
}
_NEXT_PAGE: dict[HistoryOrder, Select[Any]] = {
    "asc": _FIRST_PAGE["asc"].where(messages.c.seq > bindparam("after_seq")),
    "desc": _FIRST_PAGE["desc"].where(messages.c.seq < bindparam("after_seq")),
}

_SENT_BY = _NEXT_PAGE["asc"].where(messages.c.sender_id == bindparam("sender_id"))


def _changed() -> CompoundSelect[Any]:
    """New messages are found by their place in history, older ones by the index of changes."""
    since = bindparam("since", type_=BigInteger)
    new = _IN_CONVERSATION.where(messages.c.seq > since, ~is_changed)
    old = _IN_CONVERSATION.where(messages.c.changed_seq > since, is_changed)
    both = union_all(
        select(new.order_by(messages.c.seq).limit(_LIMIT).subquery()),
        select(old.order_by(messages.c.changed_seq).limit(_LIMIT).subquery()),
    )
    return both.order_by(both.selected_columns.changed_seq).limit(_LIMIT)


_CHANGED = _changed()
