"""Ways into a conversation's history other than from its ends."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import BigInteger, and_, bindparam, exists, func, select

from tertulia.core.talk_stores import ArchiveStore, MediaKind
from tertulia.storage.columns import Id
from tertulia.storage.copies import SEALED_COLUMNS, of_message, sealed_message_of, with_reactions
from tertulia.storage.encryption_tables import copies
from tertulia.storage.rows import MESSAGE_COLUMNS, message_of
from tertulia.storage.tables import is_pinned, members, messages
from tertulia.storage.tables_postgres import client_refs
from tertulia.storage.talk_tables import media

if TYPE_CHECKING:
    from collections.abc import Callable, Collection
    from datetime import datetime
    from uuid import UUID

    from sqlalchemy import Select, Table
    from sqlalchemy.ext.asyncio import AsyncConnection

    from tertulia.core.message import Message

_IN_CONVERSATION = messages.c.conversation_id == bindparam("conversation_id", type_=Id)
_FROM = (
    select(messages.c.seq, messages.c.inserted_at)
    .where(_IN_CONVERSATION, messages.c.seq >= bindparam("from_seq", type_=BigInteger))
    .order_by(messages.c.seq)
    .limit(1)
)
_of_ref = and_(
    messages.c.conversation_id == client_refs.c.conversation_id,
    messages.c.seq == client_refs.c.seq,
)
_LAST = select(func.max(messages.c.seq)).where(_IN_CONVERSATION)


class SqlArchiveStore(ArchiveStore):
    """History in the database."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def sent_as(self, sender_id: UUID, refs: Collection[str]) -> tuple[Message, ...]:
        if not refs:
            return ()
        own = and_(of_message, copies.c.account_id == messages.c.sender_id)
        statement = select(*SEALED_COLUMNS).outerjoin_from(messages, copies, own)
        named: Table = messages
        if self._connection.dialect.name == "postgresql":
            named = client_refs
            statement = statement.join(client_refs, _of_ref)
        statement = statement.where(
            named.c.client_ref.in_(refs),
            named.c.client_ref.is_not(None),
            named.c.sender_id == sender_id,
        )
        return await self._sealed(statement)

    async def last_sent_at(self, conversation_id: UUID, account_id: UUID) -> datetime | None:
        return await self._connection.scalar(
            select(members.c.last_sent_at).where(
                members.c.conversation_id == conversation_id, members.c.account_id == account_id
            )
        )

    async def first_at(self, conversation_id: UUID, at: datetime) -> int | None:
        # Messages are in order of time by their seq, so a few looks halve the way to the place;
        # an index by time would be one more to write for every message.
        here = {"conversation_id": conversation_id}
        last = await self._connection.scalar(_LAST, here)
        low, high = 1, (last or 0) + 1
        while low < high:
            middle = (low + high) // 2
            found = await self._connection.execute(_FROM, here | {"from_seq": middle})
            row = found.one_or_none()
            if row is None or row.inserted_at >= at:
                high = middle
            else:
                low = row.seq + 1
        first: int | None = await self._connection.scalar(_FROM, here | {"from_seq": low})
        return first

    async def pinned(self, conversation_id: UUID, *, copies_of: UUID | None) -> tuple[Message, ...]:
        return await self._read(
            lambda history: (
                history.where(messages.c.conversation_id == conversation_id, is_pinned)
                # Of two pins of one moment the later change is the newer.
                .order_by(messages.c.pinned_at.desc(), messages.c.changed_seq.desc())
            ),
            copies_of,
        )

    async def carrying(
        self,
        conversation_id: UUID,
        kind: MediaKind,
        *,
        copies_of: UUID | None,
        before_seq: int | None,
        limit: int,
    ) -> tuple[Message, ...]:
        # One message may carry several things of a kind.
        seqs = (
            select(media.c.seq)
            .distinct()
            .where(media.c.conversation_id == conversation_id, media.c.kind == kind)
            .order_by(media.c.seq.desc())
            .limit(limit)
        )
        if before_seq is not None:
            seqs = seqs.where(media.c.seq < before_seq)
        if copies_of is not None:
            seqs = seqs.where(
                exists().where(
                    copies.c.conversation_id == conversation_id,
                    copies.c.account_id == copies_of,
                    copies.c.seq == media.c.seq,
                )
            )
        return await self._read(
            lambda history: history.where(
                messages.c.conversation_id == conversation_id, messages.c.seq.in_(seqs)
            ).order_by(messages.c.seq.desc()),
            copies_of,
        )

    async def _read(
        self, asked: Callable[[Select[Any]], Select[Any]], copies_of: UUID | None
    ) -> tuple[Message, ...]:
        if copies_of is None:
            rows = await self._connection.execute(asked(select(*MESSAGE_COLUMNS)))
            return tuple(map(message_of, rows))
        own = and_(of_message, copies.c.account_id == copies_of)
        return await self._sealed(asked(select(*SEALED_COLUMNS).join_from(messages, copies, own)))

    async def _sealed(self, statement: Select[Any]) -> tuple[Message, ...]:
        rows = await self._connection.execute(statement)
        return await with_reactions(self._connection, map(sealed_message_of, rows))
