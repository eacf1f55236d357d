"""What every command stands on: the settings, and an end in one line where one cannot go on."""

from collections.abc import Iterator
from contextlib import contextmanager

import click

from tertulia.core.errors import Unavailable
from tertulia.setting_values import SettingsError, SettingSource
from tertulia.settings import Settings, load_settings


@contextmanager
def database_refused() -> Iterator[None]:
    """End the command in one line, with exit code 1, where the database cannot be used."""
    try:
        yield
    except Unavailable as error:
        raise click.ClickException(
            f"The database of DATABASE_URL cannot be used: {error.__cause__ or error}"
        ) from error


def settings() -> Settings:
    """Return the settings, or end the command in one line, with exit code 2."""
    try:
        return load_settings()
    except SettingsError as error:
        raise _BadSettings(str(error)) from error


def database_address(name: str, address: str) -> str:
    """Return the address of a database as it is used, or end the command with exit code 2."""
    try:
        return SettingSource({name: address}).database_url(name) or ""
    except SettingsError as error:
        raise _BadSettings(str(error)) from error


class _BadSettings(click.ClickException):
    exit_code = 2
