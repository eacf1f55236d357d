"""The history of conversations; new messages come in through the journal."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import (
    BigInteger,
    Integer,
    and_,
    bindparam,
    delete,
    insert,
    or_,
    select,
    union_all,
    update,
)

from tertulia.core.errors import NotFound
from tertulia.core.message import Message
from tertulia.core.model import HistoryOrder
from tertulia.core.talk_stores import MessageStore
from tertulia.storage.carried import media_of, mentions_of
from tertulia.storage.copies import SEALED_COLUMNS, of_message, sealed_message_of, with_reactions
from tertulia.storage.encryption_tables import copies
from tertulia.storage.extras import word_extras
from tertulia.storage.rows import MESSAGE_COLUMNS, message_of
from tertulia.storage.tables import (
    conversations,
    is_changed,
    is_present,
    members,
    messages,
)
from tertulia.storage.talk_tables import media, mentions

if TYPE_CHECKING:
    from uuid import UUID

    from sqlalchemy import Column, CompoundSelect, Executable, Select
    from sqlalchemy.ext.asyncio import AsyncConnection


class SqlMessageStore(MessageStore):
    """Messages in the database."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def for_member(self, account_id: UUID, message_id: UUID) -> Message:
        statement = (
            select(*SEALED_COLUMNS)
            .join_from(messages, members, members.c.conversation_id == messages.c.conversation_id)
            .join(conversations, conversations.c.id == messages.c.conversation_id)
            .outerjoin(copies, and_(of_message, copies.c.account_id == account_id))
            .where(
                messages.c.id == message_id,
                conversations.c.deleted_at.is_(None),
                members.c.account_id == account_id,
                is_present,
                or_(~conversations.c.encrypted, copies.c.id.is_not(None)),
            )
        )
        row = (await self._connection.execute(statement)).one_or_none()
        if row is None:
            raise NotFound("There is no such message.")
        (message,) = await with_reactions(self._connection, [sealed_message_of(row)])
        return message

    async def page(
        self,
        conversation_id: UUID,
        *,
        copies_of: UUID | None,
        after_seq: int | None,
        order: HistoryOrder,
        limit: int,
    ) -> tuple[Message, ...]:
        values: dict[str, Any] = {"conversation_id": conversation_id, "limit": limit}
        if after_seq is not None:
            values["after_seq"] = after_seq
        questions = _OPEN if copies_of is None else _SEALED
        pages = questions.first_page if after_seq is None else questions.next_page
        return await self._read(pages[order], values, copies_of)

    async def sent_by(
        self, conversation_id: UUID, sender_id: UUID, *, after_seq: int | None, limit: int
    ) -> tuple[Message, ...]:
        values = {
            "conversation_id": conversation_id,
            "sender_id": sender_id,
            "after_seq": after_seq or 0,
            "limit": limit,
        }
        return await self._read(_SENT_BY, values, None)

    async def changed_since(
        self, conversation_id: UUID, since: int, limit: int, *, copies_of: UUID | None
    ) -> tuple[Message, ...]:
        values = {"conversation_id": conversation_id, "since": since, "limit": limit}
        questions = _OPEN if copies_of is None else _SEALED
        return await self._read(questions.changed, values, copies_of)

    async def _read(
        self, statement: Executable, values: dict[str, Any], copies_of: UUID | None
    ) -> tuple[Message, ...]:
        if copies_of is None:
            return tuple(map(message_of, await self._connection.execute(statement, values)))
        rows = await self._connection.execute(statement, values | {"copies_of": copies_of})
        return await with_reactions(self._connection, map(sealed_message_of, rows))

    async def carry(self, message: Message, *, has_link: bool = False) -> None:
        for table, rows in (
            (mentions, mentions_of(message)),
            (media, media_of(message, has_link=has_link)),
        ):
            here = table.c.conversation_id == message.conversation_id
            await self._connection.execute(delete(table).where(here, table.c.seq == message.seq))
            if rows:
                await self._connection.execute(insert(table).values(rows))

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
                pinned_at=message.pinned_at,
                extras=word_extras(message.extras),
            )
        )


@dataclass(frozen=True, slots=True)
class _Questions:
    """What is asked of a conversation all the time.

    It is put together once, which takes about as long as asking it.
    """

    first_page: dict[HistoryOrder, Select[Any]]
    next_page: dict[HistoryOrder, Select[Any]]
    changed: CompoundSelect[Any]


_LIMIT = bindparam("limit", type_=Integer)


def _questions(history: Select[Any], seq: Column[int]) -> _Questions:
    """Ask them of a history that is read in the order of this seq."""
    first: dict[HistoryOrder, Select[Any]] = {
        "asc": history.order_by(seq.asc()).limit(_LIMIT),
        "desc": history.order_by(seq.desc()).limit(_LIMIT),
    }
    return _Questions(
        first_page=first,
        next_page={
            "asc": first["asc"].where(seq > bindparam("after_seq")),
            "desc": first["desc"].where(seq < bindparam("after_seq")),
        },
        changed=_changed(history, seq),
    )


def _changed(history: Select[Any], seq: Column[int]) -> CompoundSelect[Any]:
    """New messages are found by their place in history, older ones by the index of changes."""
    since = bindparam("since", type_=BigInteger)
    new = history.where(seq > since, ~is_changed)
    old = history.where(messages.c.changed_seq > since, is_changed)
    both = union_all(
        select(new.order_by(seq).limit(_LIMIT).subquery()),
        select(old.order_by(messages.c.changed_seq).limit(_LIMIT).subquery()),
    )
    return both.order_by(both.selected_columns.changed_seq).limit(_LIMIT)


_OPEN = _questions(
    select(*MESSAGE_COLUMNS).where(messages.c.conversation_id == bindparam("conversation_id")),
    messages.c.seq,
)
_SEALED = _questions(
    select(*SEALED_COLUMNS)
    .join_from(copies, messages, of_message)
    .where(
        copies.c.conversation_id == bindparam("conversation_id"),
        copies.c.account_id == bindparam("copies_of"),
        # Said of both, so that the index of changes is used as well.
        messages.c.conversation_id == bindparam("conversation_id"),
    ),
    copies.c.seq,
)
_SENT_BY = _OPEN.next_page["asc"].where(messages.c.sender_id == bindparam("sender_id"))
