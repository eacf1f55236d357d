"""Accounts and their password hashes."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any
from uuid import UUID

from sqlalchemy import bindparam, case, insert, select, update
from sqlalchemy.exc import IntegrityError

from tertulia.core.account_stores import AccountStore
from tertulia.core.errors import Invalid, NotFound
from tertulia.core.model import Account, Credentials, Kind
from tertulia.storage.columns import Id
from tertulia.storage.folding import contains, fold, fold_optional
from tertulia.storage.rows import ACCOUNT_COLUMNS, account_of
from tertulia.storage.tables import accounts, conversations, is_present, members
from tertulia.storage.violations import violated

if TYPE_CHECKING:
    from collections.abc import Collection

    from sqlalchemy import Select
    from sqlalchemy.ext.asyncio import AsyncConnection

_theirs = members.alias("theirs")

_ACCOUNT_ID = bindparam("account_id", type_=Id)

# What is asked all the time is put together once, which takes about as long as asking it.
_IN_COMMON = (
    select(_theirs.c.account_id)
    .select_from(members)
    .join(conversations, conversations.c.id == members.c.conversation_id)
    .join(_theirs, _theirs.c.conversation_id == members.c.conversation_id)
    .where(
        members.c.account_id == _ACCOUNT_ID,
        is_present,
        conversations.c.kind != Kind.ROOM.value,
        conversations.c.deleted_at.is_(None),
        _theirs.c.left_at.is_(None),
    )
)
_ACQUAINTANCES = _IN_COMMON.distinct()
_IS_ACQUAINTANCE = _IN_COMMON.where(_theirs.c.account_id == accounts.c.id).exists()
_SEEN_EMAIL = case(((accounts.c.id == _ACCOUNT_ID) | _IS_ACQUAINTANCE, accounts.c.email))
_SEEN_PHONE = case((accounts.c.id == _ACCOUNT_ID, accounts.c.phone))
_SEEN = {accounts.c.email: _SEEN_EMAIL, accounts.c.phone: _SEEN_PHONE}
_SEEN_COLUMNS = tuple(_SEEN.get(column, column) for column in ACCOUNT_COLUMNS)

# What is one person's alone, and the column that makes sure of it.
_UNIQUE = {"email": "email_folded", "username": "username_folded", "phone": "phone"}

_BY_ID = select(*ACCOUNT_COLUMNS).where(accounts.c.id == _ACCOUNT_ID)
_BY_IDS = (
    select(*ACCOUNT_COLUMNS)
    .where(accounts.c.id.in_(bindparam("account_ids", expanding=True)))
    .order_by(accounts.c.number)
)
# FOR KEY SHARE, as rows that refer to an account take it of themselves when they are new.
_BY_IDS_HELD = _BY_IDS.with_for_update(read=True, key_share=True)
_BY_IDS_AS_SEEN = _BY_IDS.with_only_columns(*_SEEN_COLUMNS)


class SqlAccountStore(AccountStore):
    """Accounts in the database."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def add(self, account: Account, password_hash: str | None) -> Account:
        values = _values(account) | {"id": account.id, "password_hash": password_hash}
        statement = insert(accounts).values(values).returning(*ACCOUNT_COLUMNS)
        try:
            row = (await self._connection.execute(statement)).one()
        except IntegrityError as error:
            raise _taken(error) from error
        return account_of(row)

    async def get(self, account_id: UUID) -> Account:
        return await self._one(_BY_ID, account_id)

    async def locked(self, account_id: UUID) -> Account:
        # FOR NO KEY UPDATE lets others add rows that refer to this one meanwhile.
        return await self._one(_BY_ID.with_for_update(key_share=True), account_id)

    async def locked_whole(self, account_id: UUID) -> Account:
        return await self._one(_BY_ID.with_for_update(), account_id)

    async def find(self, account_ids: Collection[UUID]) -> tuple[Account, ...]:
        if not account_ids:
            return ()
        rows = await self._connection.execute(_BY_IDS, {"account_ids": list(set(account_ids))})
        return tuple(map(account_of, rows))

    async def held(self, account_ids: Collection[UUID]) -> tuple[Account, ...]:
        if not account_ids:
            return ()
        rows = await self._connection.execute(_BY_IDS_HELD, {"account_ids": list(set(account_ids))})
        return tuple(map(account_of, rows))

    async def credentials(
        self,
        *,
        email: str | None = None,
        username: str | None = None,
        phone: str | None = None,
        account_id: UUID | None = None,
    ) -> Credentials | None:
        asked = {
            accounts.c.email_folded: fold_optional(email),
            accounts.c.username_folded: fold_optional(username),
            accounts.c.phone: phone,
            accounts.c.id: account_id,
        }
        conditions = [column == name for column, name in asked.items() if name is not None]
        if not conditions:
            return None
        statement = select(*ACCOUNT_COLUMNS, accounts.c.password_hash).where(*conditions)
        row = (await self._connection.execute(statement)).one_or_none()
        if row is None:
            return None
        return Credentials(account=account_of(row[:-1]), password_hash=row[-1])

    async def by_phone(self, phone: str) -> Account | None:
        statement = select(*ACCOUNT_COLUMNS).where(accounts.c.phone == phone)
        row = (await self._connection.execute(statement)).one_or_none()
        return None if row is None else account_of(row)

    async def page(self, *, after_number: int, limit: int) -> tuple[Account, ...]:
        statement = (
            select(*ACCOUNT_COLUMNS)
            .where(accounts.c.number > after_number, accounts.c.deleted_at.is_(None))
            .order_by(accounts.c.number)
            .limit(limit)
        )
        return tuple(map(account_of, await self._connection.execute(statement)))

    async def update(self, account: Account) -> None:
        statement = update(accounts).where(accounts.c.id == account.id).values(_values(account))
        try:
            await self._connection.execute(statement)
        except IntegrityError as error:
            raise _taken(error) from error

    async def set_password_hash(self, account_id: UUID, password_hash: str | None) -> None:
        statement = update(accounts).where(accounts.c.id == account_id)
        await self._connection.execute(statement.values(password_hash=password_hash))

    async def seen_by(self, account_id: UUID, people: Collection[UUID]) -> tuple[Account, ...]:
        if not people:
            return ()
        values = {"account_id": account_id, "account_ids": list(set(people))}
        return tuple(map(account_of, await self._connection.execute(_BY_IDS_AS_SEEN, values)))

    async def search(
        self, account_id: UUID, text: str, *, after_number: int, limit: int
    ) -> tuple[Account, ...]:
        statement = (
            select(*_SEEN_COLUMNS)
            .where(
                accounts.c.id != _ACCOUNT_ID,
                accounts.c.number > after_number,
                accounts.c.deleted_at.is_(None),
            )
            .order_by(accounts.c.number)
            .limit(limit)
        )
        if text:
            statement = statement.where(
                contains(accounts.c.display_name_folded, text)
                | contains(accounts.c.username_folded, text)
                | (accounts.c.email_folded == fold(text))
            )
        found = await self._connection.execute(statement, {"account_id": account_id})
        return tuple(map(account_of, found))

    async def acquaintances(self, account_id: UUID) -> frozenset[UUID]:
        found = await self._connection.scalars(_ACQUAINTANCES, {"account_id": account_id})
        return frozenset(found) - {account_id}

    async def _one(self, statement: Select[Any], account_id: UUID) -> Account:
        row = (await self._connection.execute(statement, {"account_id": account_id})).one_or_none()
        if row is None:
            raise NotFound("There is no such person.")
        return account_of(row)


def _values(account: Account) -> dict[str, Any]:
    profile = account.profile
    return {
        "email": account.email,
        "email_folded": fold_optional(account.email),
        "username": account.username,
        "username_folded": fold_optional(account.username),
        "display_name": account.display_name,
        "display_name_folded": fold(account.display_name),
        "avatar": account.avatar,
        "confirmed_at": account.confirmed_at,
        "hidden": profile.hidden,
        "theme": profile.theme,
        "magnification": profile.magnification,
        "recents": json.dumps(profile.recents, ensure_ascii=False),
        "phone": account.phone,
        "about": account.about,
        "is_admin": account.is_admin,
        "second_step": account.second_step,
        "disabled_at": account.disabled_at,
        "inserted_at": account.inserted_at,
        "updated_at": account.updated_at,
        "deleted_at": account.deleted_at,
    }


def _taken(error: IntegrityError) -> Exception:
    rule = violated(error)
    for attr, column in _UNIQUE.items():
        if rule.endswith(column):
            return Invalid(f"This {attr} belongs to somebody already.", code="taken", attr=attr)
    return error
