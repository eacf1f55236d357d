"""`tertulia vault ...`: what an operator does with what is kept encrypted under VAULT_KEY."""

from __future__ import annotations

import asyncio

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn
from rich.progress import Progress as Bars

from tertulia import logs
from tertulia.cli_ground import database_refused, settings
from tertulia.composition import rotation
from tertulia.core.rotation import Progress
from tertulia.settings import Settings
from tertulia.storage.engine import open_database
from tertulia.storage.migrations import migrate


@click.group()
def vault() -> None:
    """Look after what is kept encrypted under VAULT_KEY."""


@vault.command()
def rotate() -> None:
    """Encrypt everything again under the first key of VAULT_KEY.

    Put a new key before the old one, restart the server, then run this; the old key may go
    afterwards. It may be stopped at any time and run again, and a server may run beside it.
    """
    known = settings()
    logs.configure_logs(known.log_level)
    try:
        with database_refused():
            done = asyncio.run(_rotate(known))
    except KeyboardInterrupt:
        raise click.ClickException(
            "Stopped. What was done is done; run it again to go on from there."
        ) from None
    click.echo(
        f"{done.renewed:,} encrypted again, {done.current:,} were under the first key already."
    )
    if done.closed or done.busy:
        raise click.ClickException(" ".join(_left(done)))


async def _rotate(known: Settings) -> Progress:
    await migrate(known.database_url)
    database = open_database(known.database_url, pool_size=known.pool_size)
    try:
        rotating = rotation(known, database)
        with _bars() as bars:
            tasks = {
                table: bars.add_task(table, total=rows)
                for table, rows in (await rotating.sizes()).items()
            }

            def hear(progress: Progress) -> None:
                bars.update(tasks[progress.table], completed=progress.looked_at)

            return await rotating.run(hear)
    finally:
        await database.close()


def _bars() -> Bars:
    return Bars(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
        console=Console(stderr=True),
    )


def _left(done: Progress) -> list[str]:
    said = [
        f"{rows:,} in {table} cannot be opened with any key of VAULT_KEY and stayed as they are."
        for table, rows in done.closed.items()
    ]
    if done.busy:
        said.append(f"{done.busy:,} were being changed all the time; run this again.")
    return [*said, "Keep the old keys until this ends without a word of that."]
