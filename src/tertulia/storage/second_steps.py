"""Authenticator apps and recovery codes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import delete, func, insert, select, update

from tertulia.core.account_stores import SecondStepStore
from tertulia.core.proofs import Authenticator
from tertulia.storage.tables import authenticators, recovery_codes

if TYPE_CHECKING:
    from collections.abc import Sequence
    from uuid import UUID

    from sqlalchemy.ext.asyncio import AsyncConnection


class SqlSecondStepStore(SecondStepStore):
    """Second steps in the database."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def authenticator(self, account_id: UUID) -> Authenticator | None:
        statement = select(authenticators).where(authenticators.c.account_id == account_id)
        row = (await self._connection.execute(statement)).mappings().one_or_none()
        return None if row is None else Authenticator(**row)

    async def put_authenticator(self, authenticator: Authenticator) -> None:
        await self.drop_authenticator(authenticator.account_id)
        await self._connection.execute(
            insert(authenticators).values(
                account_id=authenticator.account_id,
                sealed_secret=authenticator.sealed_secret,
                confirmed_at=authenticator.confirmed_at,
                last_step=authenticator.last_step,
            )
        )

    async def use_step(self, account_id: UUID, step: int) -> bool:
        statement = (
            update(authenticators)
            .where(authenticators.c.account_id == account_id, authenticators.c.last_step < step)
            .values(last_step=step)
        )
        return (await self._connection.execute(statement)).rowcount == 1

    async def drop_authenticator(self, account_id: UUID) -> bool:
        statement = delete(authenticators).where(authenticators.c.account_id == account_id)
        return (await self._connection.execute(statement)).rowcount == 1

    async def replace_codes(self, account_id: UUID, digests: Sequence[bytes]) -> None:
        await self._connection.execute(
            delete(recovery_codes).where(recovery_codes.c.account_id == account_id)
        )
        if digests:
            rows = [{"account_id": account_id, "digest": digest} for digest in digests]
            await self._connection.execute(insert(recovery_codes), rows)

    async def use_code(self, account_id: UUID, digest: bytes) -> bool:
        statement = delete(recovery_codes).where(
            recovery_codes.c.account_id == account_id, recovery_codes.c.digest == digest
        )
        return (await self._connection.execute(statement)).rowcount == 1

    async def codes_left(self, account_id: UUID) -> int:
        statement = select(func.count()).where(recovery_codes.c.account_id == account_id)
        return await self._connection.scalar(statement) or 0
