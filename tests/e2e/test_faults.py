"""Three nodes, of which one dies; Redis forgets; PostgreSQL crashes; a road is cut: all is told."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.e2e.faults import CONVERGENCE_S, endure
from tests.e2e.forge import Forge
from tests.e2e.three_nodes import open_three_nodes

LISTENERS = 24


@pytest.mark.timeout(240)
async def test_nothing_is_lost_doubled_or_out_of_order_through_every_fault(
    tmp_path: Path, forge: Forge
) -> None:
    async with open_three_nodes(tmp_path, forge) as town:
        outcome = await endure(town, listeners=LISTENERS, pause_s=0.5, steady_s=2.0, say=print)
    assert outcome.faults == []
    assert outcome.connections > LISTENERS, "somebody had to come back"
    assert outcome.acknowledged > 0
    assert outcome.converged_s < CONVERGENCE_S
