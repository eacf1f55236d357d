"""`tertulia db ...`: what an operator does with the database as a whole."""

from __future__ import annotations

import asyncio
import time

import click

from tertulia import logs
from tertulia.cli_ground import database_address, settings
from tertulia.core.errors import Unavailable
from tertulia.storage.transfer import Progress, TransferRefused, transfer

_TOLD_EVERY_S = 1.0


@click.group()
def db() -> None:
    """Look after the database as a whole."""


@db.command()
@click.option(
    "--to",
    "address",
    required=True,
    metavar="URL",
    help="postgresql://user:password@host/database, of an empty database.",
)
def copy(address: str) -> None:
    """Copy the SQLite database of the settings into PostgreSQL.

    Stop the server first, and leave it stopped. The SQLite file is only read. A copy that was cut
    off goes on when this is run again. At the end both sides are read through and compared; then
    set DATABASE_URL to the new address and start.
    """
    known = settings()
    target_url = database_address("--to", address)
    logs.configure_logs(known.log_level)
    try:
        done = asyncio.run(transfer(known.database_url, target_url, _Teller().hear))
    except TransferRefused as refusal:
        raise click.ClickException(str(refusal)) from refusal
    except Unavailable as error:
        raise click.ClickException(
            f"The PostgreSQL database cannot be used: {error.__cause__ or error}"
        ) from error
    except KeyboardInterrupt:
        raise click.ClickException(
            "Stopped. What was copied is there; run it again to go on from there."
        ) from None
    click.echo(
        f"Done: {done.rows:,} rows in {done.tables} tables, and what {done.conversations:,}"
        " conversations have, are the same on both sides."
    )
    click.echo("Set DATABASE_URL to the new address before you start the server again.")


class _Teller:
    """Says how far it is: at both ends of each table, and once a second in between."""

    def __init__(self) -> None:
        self._told_at = 0.0
        self._told_of = ""

    def hear(self, progress: Progress) -> None:
        if progress.total == 0:
            return
        now = time.monotonic()
        is_first = progress.table != self._told_of
        is_due = now - self._told_at >= _TOLD_EVERY_S
        if is_first or is_due or progress.done == progress.total:
            self._told_at, self._told_of = now, progress.table
            click.echo(f"{progress.table}: {progress.done:,} of {progress.total:,} {progress.act}")
