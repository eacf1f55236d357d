"""What a server looks after by itself, with nobody asking."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import TYPE_CHECKING

from tertulia.core import onetime
from tertulia.core.clock import utc_now
from tertulia.core.proofs import Purpose
from tertulia.server import open_app
from tertulia.settings import read_settings
from tertulia.storage.engine import open_database
from tertulia.storage.migrations import migrate
from tertulia.storage.stores import SqlStorage

if TYPE_CHECKING:
    from pathlib import Path

LINK = Purpose.CONFIRM_EMAIL
SECRETS = {
    "SECRET_KEY_BASE": "k" * 64,
    "APP_JWT_SECRET": "j" * 64,
    "VAULT_KEY": "v" * 64,
    "VAPID_PRIVATE_KEY": "cHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHA",
}


async def test_it_forgets_links_that_expired_while_it_was_down(tmp_path: Path) -> None:
    settings = read_settings(
        {"VAR_DIR": str(tmp_path), "DATABASE_URL": f"sqlite:///{tmp_path / 'town.db'}"} | SECRETS
    )
    await migrate(settings.database_url)
    database = open_database(settings.database_url, pool_size=1)
    try:
        storage = SqlStorage(database, lambda _: None)
        now = utc_now()
        async with storage.begin() as work:
            over = await onetime.issue(work, LINK, now - onetime.LIFETIMES[LINK])
            good = await onetime.issue(work, LINK, now - timedelta(days=1))
        async with open_app(settings):
            await _until_forgotten(storage, over)
        assert await _is_kept(storage, good)
    finally:
        await database.close()


async def _until_forgotten(storage: SqlStorage, token: str) -> None:
    for _ in range(400):
        if not await _is_kept(storage, token):
            return
        await asyncio.sleep(0.05)
    raise AssertionError("the link that expired is still there after 20 s")


async def _is_kept(storage: SqlStorage, token: str) -> bool:
    async with storage.read() as work:
        return await work.one_time_tokens.get(LINK, onetime.digest_of(token)) is not None
