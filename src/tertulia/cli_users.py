"""`tertulia user ...`: what an operator does with people's accounts.

The commands work on the database of the settings, whether a server runs over it or not. A server
that runs closes the sockets of sessions ended here within seconds, and delivers the mails.
"""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, TypeVar

import click

from tertulia import logs
from tertulia.cli_ground import database_refused, settings
from tertulia.composition import open_core
from tertulia.core.administration import Administration
from tertulia.core.errors import Refusal, Unavailable
from tertulia.core.model import Account
from tertulia.settings import Settings
from tertulia.storage.engine import open_database
from tertulia.storage.migrations import migrate

T = TypeVar("T")

_HEADINGS = ("number", "email", "username", "phone", "name", "since", "state")

password_from_stdin = click.option(
    "--password-stdin", is_flag=True, help="Read the password from standard input, one line."
)
name_argument = click.argument("name")


@click.group()
def user() -> None:
    """Look after people's accounts. NAME is an e-mail address, username, phone number or id."""


@user.command()
@click.argument("email")
@click.option("--username", help="2 to 32 letters, digits, dots or underscores.")
@click.option("--name", "display_name", help="What the person is called; by default the address.")
@click.option("--admin", is_flag=True, help="Make the person an administrator.")
@password_from_stdin
def create(
    email: str,
    username: str | None,
    display_name: str | None,
    *,
    admin: bool,
    password_stdin: bool,
) -> None:
    """Make an account; asks for its password."""
    password = _password(from_stdin=password_stdin)
    account = _administer(
        settings(),
        lambda administration: administration.create(
            email, password, username=username, display_name=display_name, is_admin=admin
        ),
    )
    click.echo(f"Made {_called(account)}, id {account.id}.")


@user.command(name="list")
@click.option("--json", "as_json", is_flag=True, help="As a JSON array with every field.")
def list_everyone(*, as_json: bool) -> None:
    """List all accounts in order of their making."""
    people = _administer(settings(), _everyone)
    if as_json:
        click.echo(json.dumps([_as_json(each) for each in people], ensure_ascii=False, indent=2))
    else:
        click.echo("\n".join(_table([_HEADINGS, *map(_row, people)])))


@user.command()
@name_argument
def disable(name: str) -> None:
    """Shut somebody out: every session ends, and nobody signs in."""
    account = _administer(settings(), lambda administration: administration.disable(name))
    click.echo(f"Disabled {_called(account)}; every session has ended.")


@user.command()
@name_argument
def enable(name: str) -> None:
    """Let somebody in again who was disabled."""
    account = _administer(settings(), lambda administration: administration.enable(name))
    click.echo(f"Enabled {_called(account)}.")


@user.command()
@name_argument
@click.option("--link", is_flag=True, help="Print a link even where a mail could be sent.")
@password_from_stdin
def reset_password(name: str, *, link: bool, password_stdin: bool) -> None:
    """Have somebody set a new password.

    Sends a mail where SMTP_HOST is set, and prints a link to hand over otherwise. With
    --password-stdin the password is set at once, and every session ends.
    """
    if link and password_stdin:
        raise click.UsageError("--link and --password-stdin exclude each other.")
    known = settings()
    if password_stdin:
        password = _password(from_stdin=True)
        account = _administer(known, lambda it: it.set_password(name, password))
        click.echo(f"Set the password of {_called(account)}; every session has ended.")
    elif link or known.mail_server is None:
        account, path = _administer(known, lambda it: it.reset_path(name))
        click.echo(f"{_called(account)} sets a password at this address, once, within an hour:")
        click.echo(f"{known.frontend_url}{path}")
    else:
        account = _administer(known, lambda it: it.send_reset(name))
        click.echo(f"A mail to {account.email} is on its way as soon as the server runs.")


@user.command()
@name_argument
def make_admin(name: str) -> None:
    """Make somebody an administrator."""
    account = _administer(settings(), lambda it: it.set_admin(name, True))
    click.echo(f"{_called(account)} is an administrator.")


@user.command()
@name_argument
def remove_admin(name: str) -> None:
    """Make somebody an administrator no longer."""
    account = _administer(settings(), lambda it: it.set_admin(name, False))
    click.echo(f"{_called(account)} is no administrator.")


def _password(*, from_stdin: bool) -> str:
    if from_stdin:
        return sys.stdin.readline().rstrip("\r\n")
    return str(click.prompt("Password", hide_input=True, confirmation_prompt="The same again"))


def _administer(known: Settings, call: Callable[[Administration], Awaitable[T]]) -> T:
    logs.configure_logs(known.log_level)
    with database_refused(), _refused():
        return asyncio.run(_called_on_core(known, call))


@contextmanager
def _refused() -> Iterator[None]:
    try:
        yield
    except Unavailable:
        raise
    except Refusal as refusal:
        field = f"{refusal.attr}: " if refusal.attr else ""
        raise click.ClickException(f"{field}{refusal.detail}") from refusal


async def _called_on_core(known: Settings, call: Callable[[Administration], Awaitable[T]]) -> T:
    await migrate(known.database_url)
    database = open_database(known.database_url, pool_size=known.pool_size)
    try:
        # Nobody listens in this process; a server finds what concerns its sockets by itself.
        async with open_core(known, database, lambda _: None) as core:
            return await call(core.administration)
    finally:
        await database.close()


async def _everyone(administration: Administration) -> list[Account]:
    return [account async for account in administration.everyone()]


def _called(account: Account) -> str:
    return account.email or account.username or account.phone or account.display_name


def _row(account: Account) -> Sequence[str]:
    states = {
        "admin": account.is_admin,
        "disabled": account.disabled_at is not None,
        "unconfirmed": account.email is not None and account.confirmed_at is None,
    }
    return (
        str(account.number),
        account.email or "-",
        account.username or "-",
        account.phone or "-",
        account.display_name,
        f"{account.inserted_at:%Y-%m-%d}",
        " ".join(word for word, holds in states.items() if holds) or "-",
    )


def _table(rows: Sequence[Sequence[str]]) -> Iterator[str]:
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        cells = (cell.ljust(width) for cell, width in zip(row, widths, strict=True))
        yield "  ".join(cells).rstrip()


def _as_json(account: Account) -> dict[str, Any]:
    return {
        "id": str(account.id),
        "number": account.number,
        "email": account.email,
        "username": account.username,
        "phone": account.phone,
        "display_name": account.display_name,
        "is_admin": account.is_admin,
        "second_step": account.second_step,
        "confirmed_at": account.confirmed_at.isoformat() if account.confirmed_at else None,
        "disabled_at": account.disabled_at.isoformat() if account.disabled_at else None,
        "inserted_at": account.inserted_at.isoformat(),
    }
