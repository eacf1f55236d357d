"""What the server wrote to people, as it waits in the outbox of a town."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import msgspec

from tertulia.adapters.vault import FernetVault
from tertulia.core.clock import utc_now
from tertulia.core.letters import Letter, LetterKind

if TYPE_CHECKING:
    from tests.gateways.rest.conftest import Town

VAULT_KEY = "v" * 64


async def letters(town: Town) -> list[Letter]:
    """Return the letters that wait, in the order of their writing, and take them out."""
    vault = FernetVault([VAULT_KEY])
    now = utc_now()
    async with town.storage.begin() as work:
        waiting = await work.letters.claim(now, now + timedelta(minutes=1), 1000)
        for letter in waiting:
            await work.letters.drop(letter.id)
    ordered = sorted(waiting, key=lambda letter: letter.id)
    return [msgspec.json.decode(vault.unseal(letter.sealed), type=Letter) for letter in ordered]


async def token_of(town: Town, kind: LetterKind) -> str:
    """Return the token in the latest waiting letter of this kind."""
    paths = [letter.path for letter in await letters(town) if letter.kind is kind]
    assert paths, f"no letter of the kind {kind}"
    assert paths[-1] is not None
    return paths[-1].partition("#")[2]


async def code_of(town: Town) -> str:
    """Return the code in the latest waiting text message."""
    codes = [
        letter.words["code"]
        for letter in await letters(town)
        if letter.kind is LetterKind.PHONE_CODE
    ]
    assert codes, "no text message with a code"
    return codes[-1]
