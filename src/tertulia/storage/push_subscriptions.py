"""Where browsers can be reached, for as long as the sessions that said so go on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import delete, select
from sqlalchemy.dialects import postgresql, sqlite

from tertulia.core.notification_stores import PushSubscriptionStore
from tertulia.core.pushes import PushSubscription
from tertulia.storage.tables import sessions
from tertulia.storage.talk_tables import push_subscriptions as table

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from uuid import UUID

    from sqlalchemy.ext.asyncio import AsyncConnection

SUBSCRIPTION_COLUMNS = (
    table.c.id,
    table.c.account_id,
    table.c.session_id,
    table.c.endpoint,
    table.c.p256dh,
    table.c.auth,
    table.c.inserted_at,
)


def subscription_of(row: Sequence[Any]) -> PushSubscription:
    """Read the values of SUBSCRIPTION_COLUMNS."""
    names = (column.name for column in SUBSCRIPTION_COLUMNS)
    return PushSubscription(**dict(zip(names, row, strict=True)))


class SqlPushSubscriptionStore(PushSubscriptionStore):
    """Push subscriptions in the database."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def put(self, subscription: PushSubscription) -> None:
        upsert = sqlite.insert if self._connection.dialect.name == "sqlite" else postgresql.insert
        values = {
            column.name: getattr(subscription, column.name) for column in SUBSCRIPTION_COLUMNS
        }
        statement = upsert(table).values(values)
        await self._connection.execute(
            statement.on_conflict_do_update(index_elements=[table.c.endpoint], set_=values)
        )

    async def trim(self, account_id: UUID, keep: int) -> None:
        newest_first = (table.c.inserted_at.desc(), table.c.id.desc())
        theirs = select(table.c.id).where(table.c.account_id == account_id)
        kept = theirs.order_by(*newest_first).limit(keep)
        await self._connection.execute(
            delete(table).where(table.c.account_id == account_id, table.c.id.not_in(kept))
        )

    async def drop(self, account_id: UUID, endpoint: str) -> bool:
        statement = delete(table).where(
            table.c.account_id == account_id, table.c.endpoint == endpoint
        )
        return (await self._connection.execute(statement)).rowcount == 1

    async def forget(self, subscription_id: UUID) -> None:
        await self._connection.execute(delete(table).where(table.c.id == subscription_id))

    async def find(self, ids: Collection[UUID]) -> tuple[PushSubscription, ...]:
        statement = (
            select(*SUBSCRIPTION_COLUMNS)
            .join(sessions, sessions.c.id == table.c.session_id)
            .where(table.c.id.in_(set(ids)), sessions.c.ended_at.is_(None))
        )
        return tuple(map(subscription_of, await self._connection.execute(statement)))
