"""Messages as they were sealed for each person.

They are found by their readers, who are all of a conversation's members of any time: so no index
is written for a message beside the one by reader.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from sqlalchemy import BigInteger, and_, bindparam, delete, insert, select, update

from tertulia.core.encryption_stores import CopyStore, Holder
from tertulia.core.message import Copy, Message, SealedReaction
from tertulia.storage.columns import Id
from tertulia.storage.encryption_keys import has_keys
from tertulia.storage.encryption_tables import copies, reaction_copies
from tertulia.storage.rows import MESSAGE_COLUMNS, message_of
from tertulia.storage.tables import is_present, members, messages

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from uuid import UUID

    from sqlalchemy import ColumnElement, Table
    from sqlalchemy.ext.asyncio import AsyncConnection

# Statements have a bounded number of parameters.
_IDS_AT_ONCE = 1000

COPY_COLUMNS = (copies.c.id, copies.c.content)
SEALED_COLUMNS = (*MESSAGE_COLUMNS, *COPY_COLUMNS)
of_message = and_(
    copies.c.conversation_id == messages.c.conversation_id, copies.c.seq == messages.c.seq
)


def sealed_message_of(row: Sequence[Any]) -> Message:
    """Read the values of SEALED_COLUMNS; those of the copy may be missing."""
    message = message_of(row[:-2])
    copy_id, content = row[-2:]
    if copy_id is None:
        return message
    return replace(message, copy=Copy(id=copy_id, content=content))


async def with_reactions(
    connection: AsyncConnection, found: Iterable[Message]
) -> tuple[Message, ...]:
    """Put into the copies of messages what was sealed of reactions for the same person."""
    read = tuple(found)
    ids = [each.copy.id for each in read if each.copy is not None and each.copy.content is not None]
    if not ids:
        return read
    reactions: dict[UUID, list[SealedReaction]] = defaultdict(list)
    for start in range(0, len(ids), _IDS_AT_ONCE):
        some = {"ids": ids[start : start + _IDS_AT_ONCE]}
        for copy_id, author_id, content in await connection.execute(_REACTIONS, some):
            reactions[copy_id].append(SealedReaction(author_id, content))
    if not reactions:
        return read
    return tuple(
        replace(each, copy=replace(each.copy, reactions=tuple(reactions[each.copy.id])))
        if each.copy is not None and each.copy.id in reactions
        else each
        for each in read
    )


class SqlCopyStore(CopyStore):
    """Copies in the database."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def holders(self, message: Message) -> dict[UUID, Holder]:
        rows = await self._connection.execute(_HOLDERS, _place(message))
        return {row[0]: Holder(row[1], bool(row[2])) for row in rows}

    async def replace(self, message: Message, contents: Mapping[UUID, str]) -> None:
        rows = [
            _place(message) | {"holder_id": account_id, "sealed": content}
            for account_id, content in contents.items()
        ]
        await self._connection.execute(_REPLACE, rows)

    async def clear(self, message: Message) -> None:
        await self._connection.execute(
            update(copies).where(*_here(copies, message)).values(content=None)
        )
        await self._connection.execute(
            delete(reaction_copies).where(*_here(reaction_copies, message))
        )

    async def react(self, message: Message, author_id: UUID, contents: Mapping[UUID, str]) -> None:
        await self._connection.execute(
            delete(reaction_copies).where(
                *_here(reaction_copies, message), reaction_copies.c.author_id == author_id
            )
        )
        if contents:
            rows = [
                {
                    "conversation_id": message.conversation_id,
                    "account_id": account_id,
                    "seq": message.seq,
                    "author_id": author_id,
                    "content": content,
                }
                for account_id, content in contents.items()
            ]
            await self._connection.execute(insert(reaction_copies), rows)


def _place(message: Message) -> dict[str, Any]:
    return {"in_conversation": message.conversation_id, "at_seq": message.seq}


def _here(table: Table, message: Message) -> tuple[ColumnElement[bool], ...]:
    """Find what there is of a message by its possible readers: all who were ever members."""
    ever_in = select(members.c.account_id).where(
        members.c.conversation_id == message.conversation_id
    )
    return (
        table.c.conversation_id == message.conversation_id,
        table.c.account_id.in_(ever_in),
        table.c.seq == message.seq,
    )


# What is asked all the time is put together once, which takes about as long as asking it.
_IN_CONVERSATION = bindparam("in_conversation", type_=Id)
_AT_SEQ = bindparam("at_seq", type_=BigInteger)
_HOLDERS = (
    select(copies.c.account_id, copies.c.id, has_keys)
    .join_from(
        members,
        copies,
        and_(
            copies.c.conversation_id == members.c.conversation_id,
            copies.c.account_id == members.c.account_id,
            copies.c.seq == _AT_SEQ,
        ),
    )
    .where(members.c.conversation_id == _IN_CONVERSATION, is_present)
)
_REPLACE = (
    update(copies)
    .where(
        copies.c.conversation_id == _IN_CONVERSATION,
        copies.c.account_id == bindparam("holder_id"),
        copies.c.seq == _AT_SEQ,
    )
    .values(content=bindparam("sealed"))
)
_REACTIONS = (
    select(copies.c.id, reaction_copies.c.author_id, reaction_copies.c.content)
    .join_from(
        copies,
        reaction_copies,
        and_(
            reaction_copies.c.conversation_id == copies.c.conversation_id,
            reaction_copies.c.account_id == copies.c.account_id,
            reaction_copies.c.seq == copies.c.seq,
        ),
    )
    .where(copies.c.id.in_(bindparam("ids", expanding=True)))
    .order_by(reaction_copies.c.author_id)
)
