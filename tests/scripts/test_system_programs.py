"""The programs that the tests start."""

import os
from pathlib import Path

import pytest

from scripts import system_programs
from scripts.system_programs import POSTGRES, PROGRAMS, SystemProgram


@pytest.mark.parametrize("program", PROGRAMS, ids=lambda program: program.debian_package)
def test_every_program_is_found_once_it_is_installed(program: SystemProgram) -> None:
    path = program.path()

    assert path is not None
    assert os.access(path, os.X_OK)


def test_what_cannot_be_installed_is_named_with_its_package(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))

    with pytest.raises(SystemExit) as refusal:
        system_programs.require()

    assert "Chromium, " in str(refusal.value)
    assert "apt-get install chromium " in str(refusal.value)


def test_the_newest_of_several_postgres_servers_is_taken(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", "")
    monkeypatch.setattr(system_programs, "DEBIAN_POSTGRES", tmp_path)
    for version in ("9", "17", "15"):
        program = tmp_path / version / "bin" / "postgres"
        program.parent.mkdir(parents=True)
        program.touch()

    assert POSTGRES.path() == tmp_path / "17" / "bin" / "postgres"
