"""Sealed texts are looked for in every column, whatever its type says."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from tertulia.adapters.vault import FernetVault
from tests import examples as eg
from tests.core.sealed_places import forgotten_columns

if TYPE_CHECKING:
    from tertulia.settings import Settings
    from tests.core.town import Town


async def test_a_sealed_text_in_a_plain_column_is_found(town: Town, settings: Settings) -> None:
    sealed = FernetVault(["v" * 64]).seal("a secret")
    async with town.storage.begin() as work:
        await work.letters.add(eg.waiting_letter(sealed=sealed))
    assert await forgotten_columns(settings.database_url) == []
    ana = await town.account(town.actors[0])
    async with town.storage.begin() as work:
        await work.accounts.update(replace(ana, about=sealed))
    assert await forgotten_columns(settings.database_url) == ["accounts.about"]
    async with town.storage.begin() as work:
        await work.accounts.update(replace(ana, about=None))
