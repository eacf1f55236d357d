"""WebAuthn credentials."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from sqlalchemy import delete, insert, select, update
from sqlalchemy.exc import IntegrityError

from tertulia.core.account_stores import PasskeyStore
from tertulia.core.errors import Conflict
from tertulia.core.proofs import Passkey
from tertulia.storage.tables import passkeys

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID

    from sqlalchemy import RowMapping
    from sqlalchemy.ext.asyncio import AsyncConnection


class SqlPasskeyStore(PasskeyStore):
    """Passkeys in the database."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def add(self, passkey: Passkey) -> None:
        statement = insert(passkeys).values(
            id=passkey.id,
            account_id=passkey.account_id,
            public_key=passkey.public_key,
            sign_count=passkey.sign_count,
            name=passkey.name,
            transports=json.dumps(passkey.transports),
            inserted_at=passkey.inserted_at,
            last_used_at=passkey.last_used_at,
        )
        try:
            await self._connection.execute(statement)
        except IntegrityError as error:
            raise Conflict("This passkey is known already.", code="passkey_taken") from error

    async def get(self, passkey_id: bytes) -> Passkey | None:
        statement = select(passkeys).where(passkeys.c.id == passkey_id)
        row = (await self._connection.execute(statement)).mappings().one_or_none()
        return None if row is None else _passkey_of(row)

    async def of(self, account_id: UUID) -> tuple[Passkey, ...]:
        statement = (
            select(passkeys)
            .where(passkeys.c.account_id == account_id)
            .order_by(passkeys.c.inserted_at, passkeys.c.id)
        )
        rows = (await self._connection.execute(statement)).mappings()
        return tuple(map(_passkey_of, rows))

    async def used(self, passkey_id: bytes, sign_count: int, at: datetime) -> None:
        statement = update(passkeys).where(passkeys.c.id == passkey_id)
        await self._connection.execute(statement.values(sign_count=sign_count, last_used_at=at))

    async def rename(self, account_id: UUID, passkey_id: bytes, name: str) -> bool:
        statement = update(passkeys).where(*_of(account_id, passkey_id)).values(name=name)
        return (await self._connection.execute(statement)).rowcount == 1

    async def drop(self, account_id: UUID, passkey_id: bytes) -> bool:
        statement = delete(passkeys).where(*_of(account_id, passkey_id))
        return (await self._connection.execute(statement)).rowcount == 1


def _of(account_id: UUID, passkey_id: bytes) -> tuple[Any, Any]:
    return passkeys.c.account_id == account_id, passkeys.c.id == passkey_id


def _passkey_of(row: RowMapping) -> Passkey:
    return Passkey(**{**row, "transports": tuple(json.loads(row["transports"]))})
