"""Who is, and was, in a conversation."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import bindparam, func, select, tuple_, update
from sqlalchemy.dialects import postgresql, sqlite

from tertulia.core.errors import NotFound
from tertulia.core.model import Account, Kind, Member, Preferences, Role
from tertulia.core.ports import MemberStore
from tertulia.storage.rows import ACCOUNT_COLUMNS, MEMBER_COLUMNS, account_of, member_of
from tertulia.storage.tables import accounts, conversations, is_present
from tertulia.storage.tables import members as table

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from datetime import datetime
    from uuid import UUID

    from sqlalchemy.ext.asyncio import AsyncConnection

# What somebody who comes back takes on anew: all but the key.
_RENEWED = tuple(column for column in MEMBER_COLUMNS if not column.primary_key)

# What is asked all the time is put together once, which takes about as long as asking it.
_ONE = select(*MEMBER_COLUMNS).where(
    table.c.conversation_id == bindparam("conversation_id"),
    table.c.account_id == bindparam("account_id"),
    is_present,
)
# In order of joining.
_PRESENT = (
    select(*MEMBER_COLUMNS)
    .where(table.c.conversation_id == bindparam("conversation_id"), is_present)
    .order_by(table.c.joined_seq, table.c.account_id)
)
_PEOPLE = _PRESENT.join_from(table, accounts, accounts.c.id == table.c.account_id).add_columns(
    *ACCOUNT_COLUMNS
)


class SqlMemberStore(MemberStore):
    """Memberships in the database."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def add(self, members: Sequence[Member]) -> None:
        if not members:
            return
        upsert = sqlite.insert if self._connection.dialect.name == "sqlite" else postgresql.insert
        statement = upsert(table)
        statement = statement.on_conflict_do_update(
            index_elements=table.primary_key.columns,
            set_={column.name: statement.excluded[column.name] for column in _RENEWED},
        )
        await self._connection.execute(statement, [_values(member) for member in members])

    async def get(self, conversation_id: UUID, account_id: UUID) -> Member:
        values = {"conversation_id": conversation_id, "account_id": account_id}
        row = (await self._connection.execute(_ONE, values)).one_or_none()
        if row is None:
            raise NotFound("This person is not a member.")
        return member_of(row)

    async def among(self, conversation_id: UUID, people: Collection[UUID]) -> tuple[Member, ...]:
        if not people:
            return ()
        statement = _PRESENT.where(table.c.account_id.in_(set(people)))
        rows = await self._connection.execute(statement, {"conversation_id": conversation_id})
        return tuple(map(member_of, rows))

    async def longest(self, conversation_id: UUID, role: Role) -> Member | None:
        statement = _PRESENT.where(table.c.role == role.value).limit(1)
        found = await self._connection.execute(statement, {"conversation_id": conversation_id})
        row = found.one_or_none()
        return None if row is None else member_of(row)

    async def present(self, conversation_id: UUID) -> tuple[Member, ...]:
        rows = await self._connection.execute(_PRESENT, {"conversation_id": conversation_id})
        return tuple(map(member_of, rows))

    async def people(self, conversation_id: UUID) -> tuple[tuple[Member, Account], ...]:
        rows = await self._connection.execute(_PEOPLE, {"conversation_id": conversation_id})
        width = len(MEMBER_COLUMNS)
        return tuple((member_of(row[:width]), account_of(row[width:])) for row in rows)

    async def page(
        self, conversation_id: UUID, *, after: tuple[int, UUID] | None, limit: int
    ) -> tuple[Member, ...]:
        statement = _PRESENT.limit(limit)
        if after is not None:
            statement = statement.where(tuple_(table.c.joined_seq, table.c.account_id) > after)
        rows = await self._connection.execute(statement, {"conversation_id": conversation_id})
        return tuple(map(member_of, rows))

    async def joined(self, account_id: UUID, limit: int) -> tuple[UUID, ...]:
        statement = (
            select(table.c.conversation_id)
            .join(conversations, conversations.c.id == table.c.conversation_id)
            .where(
                table.c.account_id == account_id,
                is_present,
                conversations.c.kind != Kind.PRIVATE.value,
                conversations.c.deleted_at.is_(None),
            )
            .order_by(conversations.c.number)
            .limit(limit)
        )
        return tuple(await self._connection.scalars(statement))

    async def update(self, member: Member) -> None:
        await self._connection.execute(
            update(table)
            .where(
                table.c.conversation_id == member.conversation_id,
                table.c.account_id == member.account_id,
            )
            .values(role=member.role.value, changed_seq=member.changed_seq, left_at=member.left_at)
        )

    async def silence(self, conversation_id: UUID, account_id: UUID, at: datetime | None) -> None:
        statement = update(table).where(
            table.c.conversation_id == conversation_id, table.c.account_id == account_id
        )
        await self._connection.execute(statement.values(silenced_at=at))

    async def prefer(
        self, conversation_id: UUID, account_id: UUID, preferences: Preferences
    ) -> None:
        statement = update(table).where(
            table.c.conversation_id == conversation_id, table.c.account_id == account_id
        )
        await self._connection.execute(statement.values(_preferences(preferences)))

    async def pins(self, account_id: UUID) -> int:
        statement = (
            select(func.count())
            .select_from(table)
            .join(conversations, conversations.c.id == table.c.conversation_id)
            .where(
                table.c.account_id == account_id,
                is_present,
                table.c.pinned_at.is_not(None),
                conversations.c.deleted_at.is_(None),
            )
        )
        return (await self._connection.execute(statement)).scalar_one()

    async def read(self, conversation_id: UUID, account_id: UUID, seq: int, at: datetime) -> bool:
        statement = (
            update(table)
            .where(
                table.c.conversation_id == conversation_id,
                table.c.account_id == account_id,
                table.c.read_seq < seq,
                is_present,
            )
            .values(read_seq=seq, read_at=at)
        )
        return (await self._connection.execute(statement)).rowcount == 1

    async def changed_since(
        self, conversation_id: UUID, since: int, limit: int
    ) -> tuple[Member, ...]:
        statement = (
            select(*MEMBER_COLUMNS)
            .where(table.c.conversation_id == conversation_id, table.c.changed_seq > since)
            .order_by(table.c.changed_seq, table.c.account_id)
            .limit(limit)
        )
        return tuple(map(member_of, await self._connection.execute(statement)))


def _values(member: Member) -> dict[str, Any]:
    return {
        "conversation_id": member.conversation_id,
        "account_id": member.account_id,
        "role": member.role.value,
        "joined_at": member.joined_at,
        "joined_seq": member.joined_seq,
        "changed_seq": member.changed_seq,
        "read_seq": member.read_seq,
        "read_at": member.read_at,
        "left_at": member.left_at,
        **_preferences(member.preferences),
    }


def _preferences(preferences: Preferences) -> dict[str, Any]:
    return {
        "notify": preferences.notify and preferences.notify.value,
        "muted_until": preferences.muted_until,
        "pinned_at": preferences.pinned_at,
        "archived_at": preferences.archived_at,
        "marked_unread": preferences.marked_unread,
    }
