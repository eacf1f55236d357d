"""The commands of the program: what an operator types."""

import click

from tertulia import __version__, server
from tertulia.cli_ground import database_refused, settings
from tertulia.cli_users import user


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="tertulia")
def main() -> None:
    """Self-hosted real-time chat. Settings come from the environment and from .env."""


@main.command()
def serve() -> None:
    """Bring the database up to date, then serve until stopped."""
    with database_refused():
        server.serve(settings())


@main.command()
def migrate() -> None:
    """Bring the database up to date and stop."""
    with database_refused():
        server.migrate(settings())


main.add_command(user)


@main.command()
def openapi() -> None:
    """Print the OpenAPI document of the HTTP interface."""
    click.echo(server.openapi_document())
