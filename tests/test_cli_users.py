"""`tertulia user ...`: what an operator types about people, and what is answered."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from click.testing import CliRunner

from tertulia.cli import main

if TYPE_CHECKING:
    from click.testing import Result

PASSWORD = "correct horse battery"
NOBODY = "Error: Nobody here goes by the name nobody.\n"


@dataclass
class Operator:
    """Somebody at the terminal of a server's machine."""

    folder: Path

    def types(self, *words: str, said: str | None = None, **settings: str) -> Result:
        """Run a command to its end; `said` comes through standard input."""
        environ = {"VAR_DIR": str(self.folder), "LOG_LEVEL": "error", **settings}
        return CliRunner().invoke(main, ["user", *words], input=said, env=environ)

    def done(self, *words: str, said: str | None = None, **settings: str) -> str:
        """Run a command that works and says nothing of errors; return what it prints."""
        result = self.types(*words, said=said, **settings)
        assert (result.exit_code, result.stderr) == (0, ""), result.output
        return result.stdout

    def refused(self, *words: str, said: str | None = None) -> tuple[int, str]:
        """Run a command that does not work; return its exit code and what it says."""
        result = self.types(*words, said=said)
        assert result.stdout == ""
        return result.exit_code, result.stderr

    def make(self, email: str, *options: str) -> str:
        """Make an account."""
        return self.done("create", email, "--password-stdin", *options, said=f"{PASSWORD}\n")

    def everyone(self) -> list[dict[str, Any]]:
        """Return all accounts."""
        return list(json.loads(self.done("list", "--json")))


@pytest.fixture
def operator(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Operator:
    """Return an operator of a server that has never run."""
    monkeypatch.chdir(tmp_path)
    return Operator(tmp_path / "var")


def test_an_account_is_made_and_listed(operator: Operator) -> None:
    assert operator.done("list").split() == [
        *("number", "email", "username", "phone", "name", "since", "state")
    ]
    said = operator.make("ana@example.org", "--username", "ana", "--name", "Ana", "--admin")
    (ana,) = operator.everyone()
    assert said == f"Made ana@example.org, id {ana['id']}.\n"
    assert (ana["email"], ana["username"], ana["display_name"]) == ("ana@example.org", "ana", "Ana")
    assert (ana["is_admin"], ana["confirmed_at"], ana["disabled_at"]) == (True, None, None)
    operator.make("bea@example.org")
    heading, *rows = operator.done("list").splitlines()
    assert re.match(
        r"1 +ana@example.org +ana +- +Ana +\d{4}-\d\d-\d\d +admin unconfirmed$", rows[0]
    )
    assert re.match(r"2 +bea@example.org +- +- +bea@example.org +\S+ +unconfirmed$", rows[1])
    assert heading.index("email") == rows[0].index("ana@") == rows[1].index("bea@")


def test_a_password_is_asked_for_twice_and_not_shown(operator: Operator) -> None:
    result = operator.types("create", "ana@example.org", said=f"{PASSWORD}\n{PASSWORD}\n")
    assert result.exit_code == 0
    assert PASSWORD not in result.output
    assert len(operator.everyone()) == 1
    differing = operator.types("create", "bea@example.org", said=f"{PASSWORD}\nother\n")
    assert differing.exit_code == 1
    assert PASSWORD not in differing.output
    assert len(operator.everyone()) == 1


@pytest.mark.parametrize(
    ("words", "said", "line"),
    [
        (["nobody"], PASSWORD, "email: Enter a valid email address."),
        (["ana@example.org"], PASSWORD, "email: This email belongs to somebody already."),
        (["b@example.org"], "short", "password: At least 8 characters are needed."),
        (["b@example.org"], "", "password: At least 8 characters are needed."),
        (
            ["b@example.org", "--username", "a b"],
            PASSWORD,
            "username: A username has 2 to 32 letters, digits, dots or underscores.",
        ),
        (["b@example.org", "--name", " "], PASSWORD, "display_name: At least 1 characters"),
    ],
    ids=["address", "taken", "short", "no password", "username", "name"],
)
def test_an_account_that_cannot_be_is_refused_in_one_line(
    operator: Operator, words: list[str], said: str, line: str
) -> None:
    operator.make("ana@example.org")
    code, error = operator.refused("create", *words, "--password-stdin", said=said)
    assert code == 1
    assert error.startswith(f"Error: {line}")
    assert error.count("\n") == 1
    assert len(operator.everyone()) == 1


@pytest.mark.parametrize(
    "words",
    [
        ["disable", "nobody"],
        ["enable", "nobody"],
        ["make-admin", "nobody"],
        ["remove-admin", "nobody"],
        ["reset-password", "nobody"],
        ["reset-password", "nobody", "--password-stdin"],
    ],
    ids=" ".join,
)
def test_who_is_nobody_is_said_so_in_one_line(operator: Operator, words: list[str]) -> None:
    assert operator.refused(*words, said=PASSWORD) == (1, NOBODY)


@pytest.mark.parametrize(
    "words",
    [
        ["create"],
        ["disable"],
        ["reset-password", "ana", "--link", "--password-stdin"],
        ["delete", "ana"],
        ["list", "--xml"],
    ],
    ids=" ".join,
)
def test_what_is_no_command_is_told_with_exit_code_2(operator: Operator, words: list[str]) -> None:
    assert operator.refused(*words, said=PASSWORD)[0] == 2


def test_people_are_disabled_and_enabled(operator: Operator) -> None:
    operator.make("ana@example.org", "--username", "ana")
    said = operator.done("disable", "ana")
    assert said == "Disabled ana@example.org; every session has ended.\n"
    (ana,) = operator.everyone()
    assert ana["disabled_at"] is not None
    assert "disabled" in operator.done("list")
    assert operator.done("enable", ana["id"]) == "Enabled ana@example.org.\n"
    assert operator.everyone()[0]["disabled_at"] is None


def test_admins_are_made_and_unmade(operator: Operator) -> None:
    operator.make("ana@example.org")
    operator.done("make-admin", "ANA@example.org")
    assert operator.everyone()[0]["is_admin"]
    operator.done("remove-admin", "ana@example.org")
    assert not operator.everyone()[0]["is_admin"]


def test_without_a_mail_server_a_link_is_printed(operator: Operator) -> None:
    operator.make("ana@example.org")
    said = operator.done(
        "reset-password", "ana@example.org", FRONTEND_URL="https://chat.example.org"
    )
    link = said.splitlines()[-1]
    assert re.fullmatch(r"https://chat\.example\.org/reset-password#[\w-]{43}", link)


def test_with_a_mail_server_a_mail_is_sent_unless_a_link_is_asked_for(operator: Operator) -> None:
    operator.make("ana@example.org")
    mail = {"SMTP_HOST": "127.0.0.1"}
    said = operator.done("reset-password", "ana@example.org", **mail)
    assert said == "A mail to ana@example.org is on its way as soon as the server runs.\n"
    assert "#" in operator.done("reset-password", "ana@example.org", "--link", **mail)


def test_a_password_is_set_at_once(operator: Operator) -> None:
    operator.make("ana@example.org")
    said = operator.done("reset-password", "ana@example.org", "--password-stdin", said=PASSWORD)
    assert said == "Set the password of ana@example.org; every session has ended.\n"
    code, error = operator.refused(
        "reset-password", "ana@example.org", "--password-stdin", said="short"
    )
    assert (code, error) == (1, "Error: password: At least 8 characters are needed.\n")


def test_what_an_operator_does_is_logged_without_any_secret(operator: Operator) -> None:
    result = operator.types(
        *("create", "ana@example.org", "--password-stdin"), said=PASSWORD, LOG_LEVEL="info"
    )
    assert "was made" in result.stderr
    link = operator.types("reset-password", "ana@example.org", LOG_LEVEL="info")
    assert "a link to set the password" in link.stderr
    token = link.stdout.rpartition("#")[2].strip()
    assert token
    assert token not in link.stderr
    assert PASSWORD not in result.output
