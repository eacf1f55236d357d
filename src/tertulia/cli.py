"""The commands of the program: what an operator types."""

from collections.abc import Iterator
from contextlib import contextmanager

import click

from tertulia import __version__, server
from tertulia.core.errors import Unavailable
from tertulia.setting_values import SettingsError
from tertulia.settings import Settings, load_settings


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="tertulia")
def main() -> None:
    """Self-hosted real-time chat. Settings come from the environment and from .env."""


@main.command()
def serve() -> None:
    """Bring the database up to date, then serve until stopped."""
    with _database_refused():
        server.serve(_settings())


@main.command()
def migrate() -> None:
    """Bring the database up to date and stop."""
    with _database_refused():
        server.migrate(_settings())


@main.command()
def openapi() -> None:
    """Print the OpenAPI document of the HTTP interface."""
    click.echo(server.openapi_document())


@contextmanager
def _database_refused() -> Iterator[None]:
    try:
        yield
    except Unavailable as error:
        raise click.ClickException(
            f"The database of DATABASE_URL cannot be used: {error.__cause__ or error}"
        ) from error


class _BadSettings(click.ClickException):
    exit_code = 2


def _settings() -> Settings:
    try:
        return load_settings()
    except SettingsError as error:
        raise _BadSettings(str(error)) from error
