"""The people of the fan-out benchmark: accounts that are signed in, all of them in one room."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from uuid import UUID

from tertulia.adapters.tokens import SignedTokens
from tertulia.core.clock import utc_now
from tertulia.core.model import Kind
from tertulia.settings import Settings, read_settings
from tertulia.storage.engine import open_database
from tertulia.storage.migrations import migrate
from tertulia.storage.stores import SqlStorage
from tests import examples as eg

_SECRETS = {"SECRET_KEY_BASE": "k" * 64, "APP_JWT_SECRET": "j" * 64, "VAULT_KEY": "v" * 64}


@dataclass(frozen=True, slots=True)
class Person:
    """Who somebody is, and the access token that says so."""

    account_id: UUID
    token: str


@dataclass(frozen=True, slots=True)
class Town:
    """A room and the people in it."""

    room_id: UUID
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


async def settle(folder: Path, count: int) -> Town:
    """Make a database with so many people in it, without asking each for a password."""
    settings = read_settings(environment(folder))
    await migrate(settings.database_url)
    database = open_database(settings.database_url, pool_size=2)
    try:
        return await _populate(SqlStorage(database, lambda _events: None), settings, count)
    finally:
        await database.close()


async def _populate(storage: SqlStorage, settings: Settings, count: int) -> Town:
    tokens = SignedTokens(settings.app_jwt_secret, timedelta(hours=1))
    now = utc_now()
    people: list[Person] = []
    async with storage.begin() as work:
        room = eg.conversation(Kind.ROOM, alias="Square", member_count=count)
        room = await work.conversations.add(room, None)
        for _ in range(count):
            account = await work.accounts.add(eg.account(), None)
            session = eg.session(account.id, last_used_at=now)
            await work.sessions.add(session)
            await work.members.add([eg.member(room.id, account.id)])
            token = tokens.issue(account.id, account.number, session.id, now)
            people.append(Person(account.id, token))
    return Town(room.id, people)
