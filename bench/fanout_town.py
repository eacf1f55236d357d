"""The people of the benchmarks of fanning out: accounts that are signed in, all in one place."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from uuid import UUID

from tertulia.adapters.tokens import SignedTokens
from tertulia.adapters.vault import FernetVault
from tertulia.core.clock import utc_now
from tertulia.core.encryption import KeyPair
from tertulia.core.key_ring import KeyRing
from tertulia.core.model import Conversation, Kind
from tertulia.settings import Settings, read_settings
from tertulia.storage.engine import open_database
from tertulia.storage.migrations import migrate
from tertulia.storage.stores import SqlStorage
from tests import examples as eg

_SECRETS = {
    "SECRET_KEY_BASE": "k" * 64,
    "APP_JWT_SECRET": "j" * 64,
    "VAULT_KEY": "v" * 64,
    "VAPID_PRIVATE_KEY": "cHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHA",
}
# What they are is nothing to the server.
_KEYS = KeyPair(public_key={"kty": "OKP", "x": "x" * 43}, private_key={"ct": "c" * 128})


@dataclass(frozen=True, slots=True)
class Person:
    """Who somebody is, and the access token that says so."""

    account_id: UUID
    token: str


@dataclass(frozen=True, slots=True)
class Town:
    """A room or group and the people in it."""

    room_id: UUID
    room_number: int
    people: list[Person]


def environment(folder: Path) -> dict[str, str]:
    """Return the settings of every server of this benchmark, on a database in this folder.

    Senders may push as fast as they are answered: how fast is what is measured.
    """
    return {
        **_SECRETS,
        "VAR_DIR": str(folder),
        "LOG_LEVEL": "warning",
        "PUSHES_PER_S": "100000",
        "PUSH_BURST": "1000000",
        "LIMITS_SCALE": "1000",
    }


async def settle(
    folder: Path,
    count: int,
    kind: Kind = Kind.ROOM,
    *,
    is_encrypted: bool = False,
    database_url: str = "",
) -> Town:
    """Make a database with so many people in one place, without asking each for a password.

    In an encrypted one all of them have keys. Without a `database_url` it is a file in the folder.
    """
    settings = read_settings(environment(folder) | {"DATABASE_URL": database_url})
    await migrate(settings.database_url)
    database = open_database(settings.database_url, pool_size=2)
    try:
        storage = SqlStorage(database, lambda _events: None)
        square = eg.conversation(kind, alias="Square", member_count=count, encrypted=is_encrypted)
        return await _populate(storage, settings, count, square)
    finally:
        await database.close()


async def _populate(
    storage: SqlStorage, settings: Settings, count: int, square: Conversation
) -> Town:
    tokens = SignedTokens(settings.app_jwt_secret, timedelta(hours=1))
    now = utc_now()
    people: list[Person] = []
    ring = KeyRing(FernetVault(settings.vault_keys))
    async with storage.begin() as work:
        room = await work.conversations.add(square, None)
        for _ in range(count):
            account = await work.accounts.add(eg.account(), None)
            session = eg.session(account.id, last_used_at=now)
            await work.sessions.add(session)
            await work.members.add([eg.member(room.id, account.id)])
            if room.encrypted:
                await ring.put(work, room.id, account.id, 1, _KEYS, now)
            token = tokens.issue(account.id, account.number, session.id, now)
            people.append(Person(account.id, token))
    return Town(room.id, room.number, people)
