"""Codes that were sent to telephones."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import delete, insert, update

from tertulia.core.account_stores import PhoneCodeStore
from tertulia.core.proofs import PhoneCode
from tertulia.storage.tables import phone_codes

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID

    from sqlalchemy.ext.asyncio import AsyncConnection


class SqlPhoneCodeStore(PhoneCodeStore):
    """Codes in the database."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def put(self, code: PhoneCode) -> None:
        await self.drop(code.phone, code.asker)
        await self._connection.execute(
            insert(phone_codes).values(
                phone=code.phone,
                asker=_asker(code.asker),
                digest=code.digest,
                expires_at=code.expires_at,
                tries=code.tries,
            )
        )

    async def try_one(self, phone: str, asker: UUID | None) -> PhoneCode | None:
        statement = (
            update(phone_codes)
            .where(*_of(phone, asker))
            .values(tries=phone_codes.c.tries + 1)
            .returning(phone_codes.c.digest, phone_codes.c.expires_at, phone_codes.c.tries)
        )
        row = (await self._connection.execute(statement)).one_or_none()
        if row is None:
            return None
        digest, expires_at, tries = row
        return PhoneCode(
            phone=phone, asker=asker, digest=digest, expires_at=expires_at, tries=tries
        )

    async def drop(self, phone: str, asker: UUID | None) -> bool:
        statement = delete(phone_codes).where(*_of(phone, asker))
        return (await self._connection.execute(statement)).rowcount == 1

    async def revoke(self, asker: UUID) -> None:
        await self._connection.execute(
            delete(phone_codes).where(phone_codes.c.asker == _asker(asker))
        )

    async def sweep(self, now: datetime) -> None:
        await self._connection.execute(delete(phone_codes).where(phone_codes.c.expires_at <= now))


def _of(phone: str, asker: UUID | None) -> tuple[Any, Any]:
    return phone_codes.c.phone == phone, phone_codes.c.asker == _asker(asker)


def _asker(asker: UUID | None) -> str:
    return asker.hex if asker else ""
