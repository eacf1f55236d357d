"""`tertulia vault rotate`: what an operator sees of it."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner
from sqlalchemy import select

from tertulia.adapters.vault import FernetVault
from tertulia.cli import main
from tertulia.storage.engine import open_database
from tertulia.storage.migrations import migrate
from tertulia.storage.stores import SqlStorage
from tertulia.storage.tables import letters
from tests import examples as eg

if TYPE_CHECKING:
    from click.testing import Result

OLD, NEW = "o" * 32, "n" * 32


@dataclass
class Machine:
    """A server's machine, and letters that wait in its database."""

    folder: Path

    @property
    def database_url(self) -> str:
        """Where the database is."""
        return f"sqlite+aiosqlite:///{self.folder / 'tertulia.db'}"

    def keep(self, key: str, *texts: str) -> None:
        """Store letters that say this, sealed under a key."""
        asyncio.run(self._keep(FernetVault([key]), texts))

    def kept(self, key: str) -> list[str]:
        """Return what the letters say to whoever has this key alone."""
        vault = FernetVault([key])
        return sorted(vault.unseal(sealed) for sealed in asyncio.run(self._sealed()))

    def rotates(self, *keys: str) -> Result:
        """Run the command with these keys."""
        environ = {
            "VAR_DIR": str(self.folder),
            "DATABASE_URL": self.database_url,
            "VAULT_KEY": ",".join(keys),
            "LOG_LEVEL": "error",
        }
        return CliRunner().invoke(main, ["vault", "rotate"], env=environ)

    async def _keep(self, vault: FernetVault, texts: tuple[str, ...]) -> None:
        await migrate(self.database_url)
        database = open_database(self.database_url, pool_size=1)
        async with SqlStorage(database, lambda _: None).begin() as work:
            for text in texts:
                await work.letters.add(eg.waiting_letter(sealed=vault.seal(text)))
        await database.close()

    async def _sealed(self) -> list[str]:
        database = open_database(self.database_url, pool_size=1)
        async with database.reader() as connection:
            found = list(await connection.scalars(select(letters.c.sealed)))
        await database.close()
        return found


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Machine:
    """Return a machine whose server has never run."""
    monkeypatch.chdir(tmp_path)
    return Machine(tmp_path)


def test_after_it_the_first_key_alone_is_enough(machine: Machine) -> None:
    machine.keep(OLD, "one", "two")
    result = machine.rotates(NEW, OLD)
    assert (result.exit_code, result.stdout) == (
        0,
        "2 encrypted again, 0 were under the first key already.\n",
    )
    # One bar for each table, with the rows looked at.
    assert "letters" in result.stderr
    assert "2/2" in result.stderr
    assert machine.kept(NEW) == ["one", "two"]
    assert machine.rotates(NEW).stdout == "0 encrypted again, 2 were under the first key already.\n"


def test_a_key_that_is_missing_is_told_of_and_the_rest_is_done(machine: Machine) -> None:
    machine.keep("a key that nobody has any more, alas", "gone")
    machine.keep(OLD, "one")
    result = machine.rotates(NEW, OLD)
    assert result.exit_code == 1
    assert result.stdout == "1 encrypted again, 0 were under the first key already.\n"
    *_, line = result.stderr.splitlines()
    assert line == (
        "Error: 1 in letters cannot be opened with any key of VAULT_KEY and stayed as they are."
        " Keep the old keys until this ends without a word of that."
    )


def test_a_database_of_a_server_that_never_ran_has_nothing_to_do(machine: Machine) -> None:
    result = machine.rotates(NEW)
    assert (result.exit_code, result.stdout) == (
        0,
        "0 encrypted again, 0 were under the first key already.\n",
    )
