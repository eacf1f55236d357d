"""The command line of the benchmarks: all of them, or those that are named."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import click
from rich.console import Console

from bench import fanout, journal, rest, signin
from bench.report import RESULTS, SCRATCH, Bars, Report, rows_of, save, show

console = Console(log_path=False)


def measure_fanout() -> Report:
    """Measure deliveries to the listeners of one room, beside a loop of awaited sends."""
    return fanout.report(fanout.run(progress=console.log))


def measure_journal() -> Report:
    """Measure sends acknowledged and stored, beside one commit per message."""
    return journal.report(journal.run(progress=console.log))


def measure_rest() -> Report:
    """Measure the history page of 50, beside a bare route that answers the same bytes."""
    console.log("REST: the history page in turns with a bare route, about a minute")
    rows = rest.run()
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


def measure_signin() -> Report:
    """Measure refused sign-ins, for accounts that there are and for those that there are not."""
    console.log("Sign-in: every kind of refusal in turns, about a minute")
    rows = signin.run()
    return Report(
        name="signin",
        title="How long a refused sign-in takes",
        rows=rows_of(rows),
        bars=Bars(group="attempts", series="kind", value="p50_ms"),
        findings=signin.findings(rows),
    )


BENCHMARKS: dict[str, Callable[[], Report]] = {
    "fanout": measure_fanout,
    "journal": measure_journal,
    "rest": measure_rest,
    "signin": measure_signin,
}


@click.command()
@click.argument("names", nargs=-1, type=click.Choice(list(BENCHMARKS)))
@click.option("--keep", is_flag=True, help="Write the results where they can be committed.")
def main(names: Sequence[str], keep: bool) -> None:
    """Measure, print the figures, and write them with a plot into bench/results."""
    for name in names or BENCHMARKS:
        report = BENCHMARKS[name]()
        show(report, console)
        for path in save(report, RESULTS if keep else SCRATCH):
            console.print(f"written: {path}", highlight=False)


if __name__ == "__main__":
    main()
