"""The commands of the program: what an operator types."""

import click

from tertulia import __version__, server
from tertulia.cli_db import db
from tertulia.cli_doctor import doctor
from tertulia.cli_ground import database_refused, settings
from tertulia.cli_users import user
from tertulia.cli_vault import vault
from tertulia.settings import Settings


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="tertulia")
def main() -> None:
    """Self-hosted real-time chat. Settings come from the environment and from .env."""


@main.command()
@click.option(
    "--workers",
    type=click.IntRange(1, 256),
    default=1,
    show_default=True,
    help="How many processes share the work; more than one need PostgreSQL and Redis.",
)
@click.option("--worker", hidden=True, help="How the first process begins the others.")
def serve(workers: int, worker: str | None) -> None:
    """Bring the database up to date, then serve until stopped."""
    known = settings()
    with database_refused():
        if worker is not None:
            server.serve_as_worker(known, worker)
        elif workers == 1:
            server.serve(known)
        else:
            _serve_with(workers, known)


def _serve_with(workers: int, known: Settings) -> None:
    if known.redis_url is None or known.database_url.startswith("sqlite"):
        raise click.UsageError(
            "--workers needs PostgreSQL and Redis: set DATABASE_URL and REDIS_URL."
        )
    try:
        has_ended_well = server.serve_with_workers(known, workers)
    except OSError as error:
        raise click.ClickException(f"Nobody can listen at HOST and PORT: {error}") from error
    if not has_ended_well:
        raise click.ClickException("A worker could not begin; what it said is above.")


@main.command()
def migrate() -> None:
    """Bring the database up to date and stop."""
    with database_refused():
        server.migrate(settings())


main.add_command(db)
main.add_command(user)
main.add_command(vault)
main.add_command(doctor)


@main.command()
def openapi() -> None:
    """Print the OpenAPI document of the HTTP interface."""
    click.echo(server.openapi_document())
