"""`tertulia db copy`: what an operator sees of it who cannot have it. The rest is in `e2e`."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner

from tertulia.cli import main
from tertulia.storage.migrations import migrate

if TYPE_CHECKING:
    from pathlib import Path

    from click.testing import Result


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def _copies(tmp_path: Path, address: str) -> Result:
    environ = {"VAR_DIR": str(tmp_path), "LOG_LEVEL": "error"}
    return CliRunner().invoke(main, ["db", "copy", "--to", address], env=environ)


def test_an_address_that_is_none_is_refused(tmp_path: Path) -> None:
    result = _copies(tmp_path, "mysql://host/chat")
    assert result.exit_code == 2
    assert "--to must begin with" in result.stderr


def test_where_there_is_nothing_to_copy_it_says_so(tmp_path: Path) -> None:
    result = _copies(tmp_path, "postgresql://host/chat")
    assert result.exit_code == 1
    assert "There is no file" in result.stderr


def test_a_database_out_of_reach_is_told_in_one_line(tmp_path: Path) -> None:
    asyncio.run(migrate(f"sqlite+aiosqlite:///{tmp_path / 'tertulia.db'}"))
    result = _copies(tmp_path, f"postgresql:///chat?host={tmp_path}")
    assert result.exit_code == 1
    (line,) = result.stderr.splitlines()
    assert line.startswith("Error: The PostgreSQL database cannot be used: ")
