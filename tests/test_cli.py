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


@pytest.mark.parametrize(
    ("address", "reason"),
    [
        ("sqlite:////proc/nowhere/town.db", "Errno 2"),
        ("postgresql://ana:open-sesame@127.0.0.1:1/town", "Errno 111"),
    ],
    ids=["no-such-folder", "nobody-answers"],
)
def test_a_database_that_cannot_be_reached_ends_it_with_one_line_without_its_password(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, address: str, reason: str
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DATABASE_URL", address)

    result = CliRunner().invoke(main, ["migrate"])

    assert result.exit_code == 1
    *_, line = result.output.splitlines()
    assert line.startswith("Error: The database of DATABASE_URL cannot be used: ")
    assert reason in line
    assert "open-sesame" not in result.output


@pytest.mark.parametrize(
    "given",
    [{}, {"DATABASE_URL": "postgresql:///town"}, {"REDIS_URL": "redis://127.0.0.1:1/0"}],
    ids=["neither", "no-redis", "no-postgresql"],
)
def test_several_workers_without_postgresql_and_redis_are_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, given: dict[str, str]
) -> None:
    monkeypatch.chdir(tmp_path)

    result = CliRunner().invoke(main, ["serve", "--workers", "2"], env=given)

    assert result.exit_code == 2
    assert "--workers needs PostgreSQL and Redis" in result.output


def test_the_version_is_told() -> None:
    assert CliRunner().invoke(main, ["--version"]).output == f"tertulia, version {__version__}\n"


def test_the_openapi_document_is_printed_without_any_setting(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)

    result = CliRunner().invoke(main, ["openapi"])

    assert json.loads(result.output)["openapi"].startswith("3.")
    assert list(tmp_path.iterdir()) == []
