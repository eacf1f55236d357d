"""The command line of the benchmarks: all of them, or those that are named."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import click
from rich.console import Console

from bench import (
    calls,
    fanout,
    faults,
    growth,
    journal,
    nodes,
    rest,
    sealed,
    search,
    signin,
    thread,
)
from bench.report import RESULTS, SCRATCH, Bars, Report, rows_of, save, show

console = Console(log_path=False)


def measure_calls() -> Report:
    """Hold calls of six and of eight in a mesh, and one of fifty through Janus."""
    return calls.report(*calls.run(progress=console.log))


def measure_fanout() -> Report:
    """Measure deliveries to the listeners of one room, beside a loop of awaited sends."""
    return fanout.report(fanout.run(progress=console.log))


def measure_faults() -> Report:
    """Lose one part of three nodes after the other while 300 clients talk."""
    console.log("Faults: a minute of traffic while one part after the other fails")
    return faults.report(faults.run(progress=console.log))


def measure_growth() -> Report:
    """Reckon from the kept results what a town needs as it grows."""
    costs = growth.measured()
    return Report(
        name="growth",
        title="What so many people need in their busiest hour",
        rows=rows_of(growth.simulate(costs)),
        bars=Bars(group="people", series="part", value="needed", facet="part", is_log=True),
        findings=growth.findings(costs),
    )


def measure_journal() -> Report:
    """Measure sends acknowledged and stored, beside one commit per message."""
    return journal.report(journal.run(progress=console.log))


def measure_nodes() -> Report:
    """Measure what a delivery costs a node alone and beside another one."""
    return nodes.report(nodes.run(progress=console.log))


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


def measure_sealed() -> Report:
    """Measure messages in an encrypted group of a hundred, beside an open one."""
    console.log("Sealed: an encrypted group and an open one in turns, about a minute")
    return sealed.report(sealed.run(progress=console.log))


def measure_search() -> Report:
    """Measure searches among a million messages, beside a scan with LIKE."""
    console.log("Search: a million messages are made up and indexed, some ten minutes")
    return search.report(search.run(progress=console.log))


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


def measure_thread() -> Report:
    """Measure frames and long tasks while a long thread is scrolled through in a browser."""
    console.log("Thread: 10,000 messages are scrolled through three times, some five minutes")
    return thread.report(thread.run(progress=console.log))


BENCHMARKS: dict[str, Callable[[], Report]] = {
    "calls": measure_calls,
    "fanout": measure_fanout,
    "faults": measure_faults,
    "growth": measure_growth,
    "journal": measure_journal,
    "nodes": measure_nodes,
    "rest": measure_rest,
    "sealed": measure_sealed,
    "search": measure_search,
    "signin": measure_signin,
    "thread": measure_thread,
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
