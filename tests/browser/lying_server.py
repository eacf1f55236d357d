"""What a server can do that lies: other keys, other people, and copies that were changed."""

from __future__ import annotations

import base64
import hashlib
import json
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from sqlalchemy import Table, and_, func, insert, literal, select, update
from sqlalchemy.ext.asyncio import create_async_engine

from tertulia.adapters.vault import FernetVault
from tertulia.storage.encryption_tables import account_keys, copies, encryption_keys
from tertulia.storage.tables import conversations, members
from tests.browser.own_secrets import canonical

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from sqlalchemy import ColumnElement, Update
    from sqlalchemy.ext.asyncio import AsyncConnection

    from tests.e2e.server_process import ServerProcess

VAULT_KEY = "the key of a vault that is kept by a liar"
_AT = "2025-05-01T12:00:00.000Z"


@dataclass(frozen=True)
class Place:
    """Somebody in a conversation."""

    conversation_id: str
    account_id: str

    def rows(self, table: Table) -> ColumnElement[bool]:
        """What is theirs there in a table."""
        return and_(
            table.c.conversation_id == UUID(self.conversation_id),
            table.c.account_id == UUID(self.account_id),
        )


async def put_other_key(server: ServerProcess, place: Place) -> str:
    """Show another key as somebody's, rightly signed by an identity that is not theirs.

    Returns the thumbprint (RFC 7638) of that key.
    """
    identity = Ed25519PrivateKey.generate()
    x = _encoded(X25519PrivateKey.generate().public_key().public_bytes_raw())
    statement = canonical("tertulia key v1", place.conversation_id, place.account_id, x, _AT)
    public_identity = _encoded(identity.public_key().public_bytes_raw())
    signature = _encoded(identity.sign(statement))
    keys = {"x": x, "at": _AT, "identity": public_identity, "sig": signature}
    shown = {"v": 1, "kty": "OKP", "crv": "Ed25519", "x": public_identity}
    sealed = FernetVault([VAULT_KEY]).seal(json.dumps(shown))
    await _put_keys(server, place, keys)
    async with _database(server) as database:
        theirs = account_keys.c.account_id == UUID(place.account_id)
        await _change(database, update(account_keys).where(theirs).values(public_key=sealed))
    return thumbprint(x)


async def put_unsigned_key(server: ServerProcess, place: Place) -> None:
    """Show another key as somebody's, under the identity and the signature of their own."""
    x = _encoded(X25519PrivateKey.generate().public_key().public_bytes_raw())
    await _put_keys(server, place, {"x": x})


async def spoil_signature(server: ServerProcess, place: Place) -> None:
    """Show somebody's true key with another signature than theirs."""
    await _put_keys(server, place, {"sig": _encoded(bytes(64))})


async def put_other_person(server: ServerProcess, place: Place, account_id: str) -> None:
    """Have another account stand in a conversation where somebody stood."""
    other = update(members).where(place.rows(members)).values(account_id=UUID(account_id))
    async with _database(server) as database:
        await _change(database, other)


async def add_in_silence(server: ServerProcess, place: Place, account_id: str) -> None:
    """Have another account stand in a conversation beside somebody, as if it always had."""
    as_theirs = [
        literal(UUID(account_id), column.type) if column is members.c.account_id else column
        for column in members.c
    ]
    more = (
        update(conversations)
        .where(conversations.c.id == UUID(place.conversation_id))
        .values(member_count=conversations.c.member_count + 1)
    )
    async with _database(server) as database:
        beside = select(*as_theirs).where(place.rows(members))
        await database.execute(insert(members).from_select(list(members.c), beside))
        await _change(database, more)


async def copies_of(server: ServerProcess, place: Place) -> list[dict[str, Any]]:
    """Return the copies that were made for somebody, oldest first."""
    theirs = select(copies.c.content).where(place.rows(copies)).order_by(copies.c.seq)
    async with _database(server) as database:
        return [json.loads(content) for content in await database.scalars(theirs)]


async def change_latest_copy(server: ServerProcess, place: Place) -> None:
    """Change one sign in the middle of the latest ciphertext that was made for somebody."""
    copy = (await copies_of(server, place))[-1]
    middle = len(copy["ct"]) // 2
    other = "A" if copy["ct"][middle] != "A" else "B"
    copy["ct"] = copy["ct"][:middle] + other + copy["ct"][middle + 1 :]
    await _put_latest_copy(server, place, copy)


async def put_earlier_copy(server: ServerProcess, place: Place) -> None:
    """Put the first copy that was made for somebody in the place of the latest."""
    await _put_latest_copy(server, place, (await copies_of(server, place))[0])


def thumbprint(x: str) -> str:
    """Return the name of an X25519 key (RFC 7638)."""
    written = json.dumps({"crv": "X25519", "kty": "OKP", "x": x}, separators=(",", ":"))
    return _encoded(hashlib.sha256(written.encode()).digest())


async def _put_latest_copy(server: ServerProcess, place: Place, copy: dict[str, Any]) -> None:
    latest = select(func.max(copies.c.seq)).where(place.rows(copies)).scalar_subquery()
    where = and_(place.rows(copies), copies.c.seq == latest)
    async with _database(server) as database:
        await _change(database, update(copies).where(where).values(content=json.dumps(copy)))


async def _put_keys(server: ServerProcess, place: Place, change: dict[str, str]) -> None:
    vault = FernetVault([VAULT_KEY])
    theirs = place.rows(encryption_keys)
    async with _database(server) as database:
        newest = select(encryption_keys.c.seq, encryption_keys.c.public_key).where(theirs)
        newest = newest.order_by(encryption_keys.c.seq.desc()).limit(1)
        seq, sealed = (await database.execute(newest)).one()
        other = vault.seal(json.dumps(json.loads(vault.unseal(sealed)) | change))
        keys = update(encryption_keys).where(theirs, encryption_keys.c.seq == seq)
        await _change(database, keys.values(public_key=other))


@asynccontextmanager
async def _database(server: ServerProcess) -> AsyncIterator[AsyncConnection]:
    engine = create_async_engine(server.settings["DATABASE_URL"])
    async with engine.begin() as connection:
        yield connection
    await engine.dispose()


async def _change(database: AsyncConnection, statement: Update) -> None:
    assert (await database.execute(statement)).rowcount == 1


def _encoded(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()
