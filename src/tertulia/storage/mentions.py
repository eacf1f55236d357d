"""Whom names mean in a conversation."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import bindparam, select

from tertulia.core.talk_stores import MentionStore
from tertulia.storage.columns import Id
from tertulia.storage.folding import fold
from tertulia.storage.tables import accounts, is_present, members

if TYPE_CHECKING:
    from collections.abc import Collection
    from uuid import UUID

    from sqlalchemy.ext.asyncio import AsyncConnection

_MEMBERS_CALLED = (
    select(accounts.c.username_folded, accounts.c.id)
    .join_from(accounts, members, members.c.account_id == accounts.c.id)
    .where(
        accounts.c.username_folded.in_(bindparam("names", expanding=True)),
        members.c.conversation_id == bindparam("conversation_id", type_=Id),
        is_present,
    )
)


class SqlMentionStore(MentionStore):
    """Members by their names in the database."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def members_called(
        self, conversation_id: UUID, usernames: Collection[str]
    ) -> dict[str, UUID]:
        if not usernames:
            return {}
        values = {"conversation_id": conversation_id, "names": list(map(fold, usernames))}
        rows = await self._connection.execute(_MEMBERS_CALLED, values)
        return {row.username_folded: row.id for row in rows}
