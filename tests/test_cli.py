"""What an operator types, and what is answered."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from tertulia import __version__
from tertulia.cli import main


def test_a_command_with_a_bad_setting_ends_with_one_line_and_exit_code_2(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PORT", "eight thousand")

    result = CliRunner().invoke(main, ["migrate"])

    assert result.exit_code == 2
    assert result.output.splitlines() == [
        "Error: PORT must be a whole number from 0 to 65535, not 'eight thousand'"
    ]


def test_the_version_is_told() -> None:
    assert CliRunner().invoke(main, ["--version"]).output == f"tertulia, version {__version__}\n"


def test_the_openapi_document_is_printed_without_any_setting(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)

    result = CliRunner().invoke(main, ["openapi"])

    assert json.loads(result.output)["openapi"].startswith("3.")
    assert list(tmp_path.iterdir()) == []
