"""Tokens that work once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import delete, insert, select, update

from tertulia.core.account_stores import OneTimeTokenStore
from tertulia.core.proofs import OneTimeToken, Purpose
from tertulia.storage.tables import one_time_tokens

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime
    from typing import Any
    from uuid import UUID

    from sqlalchemy import RowMapping
    from sqlalchemy.ext.asyncio import AsyncConnection
    from sqlalchemy.sql import Executable

_table = one_time_tokens


class SqlOneTimeTokenStore(OneTimeTokenStore):
    """One-time tokens in the database."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def add(self, token: OneTimeToken) -> None:
        await self._connection.execute(
            insert(_table).values(
                digest=token.digest,
                purpose=token.purpose.value,
                account_id=token.account_id,
                detail=token.detail,
                expires_at=token.expires_at,
                tries=token.tries,
            )
        )

    async def get(self, purpose: Purpose, digest: bytes) -> OneTimeToken | None:
        return await self._one(select(_table).where(*_of(purpose, digest)))

    async def take(self, purpose: Purpose, digest: bytes) -> OneTimeToken | None:
        return await self._one(delete(_table).where(*_of(purpose, digest)).returning(_table))

    async def count_try(self, digest: bytes) -> int:
        statement = (
            update(_table)
            .where(_table.c.digest == digest)
            .values(tries=_table.c.tries + 1)
            .returning(_table.c.tries)
        )
        return await self._connection.scalar(statement) or 0

    async def revoke(self, account_id: UUID, purposes: Collection[Purpose] = ()) -> None:
        statement = delete(_table).where(_table.c.account_id == account_id)
        if purposes:
            statement = statement.where(
                _table.c.purpose.in_([purpose.value for purpose in purposes])
            )
        await self._connection.execute(statement)

    async def sweep(self, now: datetime) -> None:
        await self._connection.execute(delete(_table).where(_table.c.expires_at <= now))

    async def _one(self, statement: Executable) -> OneTimeToken | None:
        row = (await self._connection.execute(statement)).mappings().one_or_none()
        return None if row is None else _token_of(row)


def _of(purpose: Purpose, digest: bytes) -> tuple[Any, Any]:
    return _table.c.digest == digest, _table.c.purpose == purpose.value


def _token_of(row: RowMapping) -> OneTimeToken:
    return OneTimeToken(**{**row, "purpose": Purpose(row["purpose"])})
