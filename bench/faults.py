"""Three nodes, 300 clients in all dialects, a minute of traffic, and every fault there is.

What is measured is not speed but what came of it: the judge in `tests/e2e` says whether anything
was lost, doubled or out of order, and how soon after the last fault everybody had everything.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

from bench.load_running import allow_many_files
from bench.report import Bars, Report
from tests.e2e.faults import CONVERGENCE_S, Outcome, endure
from tests.e2e.forge import Forge
from tests.e2e.three_nodes import open_three_nodes

LISTENERS = 294
SENDERS = 6
PAUSE_S = 1.5
STEADY_S = 7.0


def run(progress: Callable[[str], None]) -> Outcome:
    """Return what came of it."""
    allow_many_files()
    forge = Forge()
    try:
        return asyncio.run(_endure(forge, progress))
    finally:
        forge.close()


async def _endure(forge: Forge, progress: Callable[[str], None]) -> Outcome:
    with TemporaryDirectory(prefix="tertulia-bench-") as folder:
        async with open_three_nodes(Path(folder), forge) as town:
            return await endure(
                town, listeners=LISTENERS, pause_s=PAUSE_S, steady_s=STEADY_S, say=progress
            )


def report(found: Outcome) -> Report:
    """Return the figures, and whether they are what is asked."""
    counts = {
        "sends acknowledged": found.acknowledged,
        "messages told": found.told,
        "connections": found.connections,
        "faults found": len(found.faults),
    }
    outcome = "met" if not found.faults else "MISSED"
    in_time = "met" if found.converged_s < CONVERGENCE_S else "MISSED"
    return Report(
        name="faults",
        title=f"{LISTENERS + SENDERS} clients through the loss of each part",
        rows=[
            {"clients": LISTENERS + SENDERS, "what": what, "count": count}
            for what, count in counts.items()
        ],
        bars=Bars(group="clients", series="what", value="count", is_log=True),
        findings=[
            f"lost, doubled, missed or out of order: {len(found.faults)} (0 is asked: {outcome})",
            *map(str, found.faults[:10]),
            f"all had everything {found.converged_s:.1f} s after the last fault "
            f"(at most {CONVERGENCE_S:.0f} is asked: {in_time})",
        ],
    )
