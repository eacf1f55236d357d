"""The command line of the benchmarks: all of them, or the one that is named."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import click
from rich.console import Console

from bench import fanout, journal, rest
from bench.report import RESULTS, SCRATCH, Bars, Report, rows_of, save, show

console = Console(log_path=False)


@click.group(invoke_without_command=True)
@click.option("--keep", is_flag=True, help="Write the results where they can be committed.")
@click.pass_context
def main(context: click.Context, keep: bool) -> None:
    """Measure, print the figures, and write them with a plot into bench/results."""
    context.obj = RESULTS if keep else SCRATCH
    if context.invoked_subcommand is None:
        for command in main.commands.values():
            context.invoke(command)


@main.command("fanout")
@click.pass_obj
def measure_fanout(folder: Path) -> None:
    """Deliveries per second to the listeners of one room, beside a loop of awaited sends."""
    _finish(fanout.report(fanout.run(progress=console.log)), folder)


@main.command("journal")
@click.pass_obj
def measure_journal(folder: Path) -> None:
    """Sends acknowledged and stored per second, beside one commit per message."""
    _finish(journal.report(journal.run(progress=console.log)), folder)


@main.command("rest")
@click.pass_obj
def measure_rest(folder: Path) -> None:
    """The history page of 50 messages, beside a bare route that answers the same bytes."""
    console.log("history page of 50 messages: about a minute")
    _finish(_rest_report(rest.run()), folder)


def _rest_report(rows: Sequence[rest.Row]) -> Report:
    return Report(
        name="rest",
        title="Pages of 50 messages per second",
        rows=rows_of(rows),
        bars=Bars(group="connections", series="name", value="requests_per_s"),
        findings=[
            f"the bare route is {rest.ratio(rows, count):.1f} times as fast at {count} connections"
            for count in dict.fromkeys(row.connections for row in rows)
        ],
    )


def _finish(report: Report, folder: Path) -> None:
    show(report, console)
    for path in save(report, folder):
        console.print(f"written: {path}", highlight=False)


if __name__ == "__main__":
    main()
