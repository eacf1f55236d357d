"""`tertulia doctor`: what an operator is told of how a server is set."""

from __future__ import annotations

import re
import socket
from typing import TYPE_CHECKING

from click.testing import CliRunner

from tertulia.cli import main
from tests.janus_server import JanusServer
from tests.turn_server import SECRET

if TYPE_CHECKING:
    from pathlib import Path

    from click.testing import Result

    from tests.janus_server import JanusServer
from tests.turn_server import TurnServer


def _told(folder: Path, **texts: str) -> Result:
    environ = {"VAR_DIR": str(folder), "SECRET_KEY_BASE": "k" * 64, **texts}
    return CliRunner().invoke(main, ["doctor"], env=environ)


def _states(result: Result) -> dict[str, str]:
    found = re.findall(r"^(fine|note|wrong) +([A-Z_a-z]+)", result.output, re.MULTILINE)
    return {title: state for state, title in found}


def test_a_server_with_no_settings_works_without_mail_and_relays(tmp_path: Path) -> None:
    result = _told(tmp_path)
    assert result.exit_code == 0, result.output
    assert _states(result) == {
        "Database": "fine",
        "VAR_DIR": "fine",
        "Secrets": "fine",
        "FRONTEND_URL": "fine",
        "Mail": "note",
        "TURN": "note",
        "Janus": "note",
    }
    assert "strict firewalls" in result.output


def test_relays_that_work_are_fine(tmp_path: Path, turn_server: TurnServer) -> None:
    urls = f"{turn_server.url},{turn_server.url}?transport=tcp"
    result = _told(tmp_path, TURN_URLS=urls, TURN_SECRET=SECRET)
    assert result.exit_code == 0, result.output
    assert result.output.count("it relays, from 127.0.0.1") == 2


def test_a_forwarding_server_that_works_is_fine(tmp_path: Path, janus_server: JanusServer) -> None:
    result = _told(tmp_path, **janus_server.settings)
    assert result.exit_code == 0, result.output
    assert "it makes rooms for us, version 1." in result.output
    result = _told(tmp_path, **janus_server.settings | {"JANUS_API_SECRET": "not the one" * 4})
    assert result.exit_code == 1
    assert "Unauthorized" in result.output
    assert "not the one" not in result.output


def test_what_is_wrong_is_told_at_once_and_no_secret_with_it(
    tmp_path: Path, turn_server: TurnServer
) -> None:
    with socket.socket() as taken:
        # Bound, and nobody listens there.
        taken.bind(("127.0.0.1", 0))
        dead = str(taken.getsockname()[1])
        result = _told(
            tmp_path,
            APP_JWT_SECRET="k" * 64,
            DATABASE_URL=f"postgresql://127.0.0.1:{dead}/none",
            FRONTEND_URL="http://chat.example.org",
            SMTP_HOST="127.0.0.1",
            SMTP_PORT=dead,
            TURN_URLS=turn_server.url,
            TURN_SECRET="not the one that the relay knows, and long",
            JANUS_URL=f"ws://127.0.0.1:{dead}",
        )
    assert result.exit_code == 1
    assert _states(result) == {
        "Database": "wrong",
        "VAR_DIR": "fine",
        "Secrets": "wrong",
        "FRONTEND_URL": "wrong",
        "Mail": "wrong",
        "TURN": "wrong",
        "Janus": "wrong",
    }
    assert "6 of 7" in result.output
    assert "k" * 64 not in result.output
    assert "not the one" not in result.output


def test_settings_that_cannot_be_read_end_in_one_line(tmp_path: Path) -> None:
    result = _told(tmp_path, TURN_URLS="turn:turn.example.org")
    assert (result.exit_code, result.output) == (2, "Error: TURN_SECRET is not set\n")
