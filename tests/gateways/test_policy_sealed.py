"""Every rule of encrypted conversations at once, from outside."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import TYPE_CHECKING

import pytest
import pytest_asyncio

from tertulia.core.model import Kind
from tests.engines import Engines
from tests.gateways import policy_sealed as table
from tests.gateways.stage import Stage, open_stage
from tests.gateways.trying import outcomes, pushing, requesting

if TYPE_CHECKING:
    from collections.abc import Mapping

TABLES: dict[Kind, Mapping[str, tuple[str, ...]]] = {
    Kind.GROUP: table.GROUP,
    Kind.PRIVATE: table.PRIVATE_CHAT,
}
PUSHES = {Kind.GROUP: table.GROUP_PUSHES, Kind.PRIVATE: table.PRIVATE_PUSHES}
CASES = [(kind, attempt) for kind in TABLES for attempt in TABLES[kind]]
REQUESTED = [(kind, attempt) for kind, attempt in CASES if attempt in table.ATTEMPTS]
PUSHED = [(kind, attempt) for kind, attempt in CASES if attempt in PUSHES[kind]]


pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def stage(engines: Engines, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Stage]:
    """Return a stage with nothing on it."""
    async with open_stage(engines, tmp_path_factory.mktemp("stage")) as stage:
        yield stage


@pytest.mark.parametrize(("kind", "attempt"), REQUESTED)
async def test_who_may_do_what_over_http(stage: Stage, kind: Kind, attempt: str) -> None:
    request = requesting(*table.ATTEMPTS[attempt])
    assert await outcomes(stage, kind, request, is_sealed=True) == TABLES[kind][attempt]


@pytest.mark.parametrize(("kind", "attempt"), PUSHED)
async def test_who_may_do_what_over_phoenix(stage: Stage, kind: Kind, attempt: str) -> None:
    push = pushing(*PUSHES[kind][attempt])
    assert await outcomes(stage, kind, push, is_sealed=True) == TABLES[kind][attempt]


async def test_every_row_is_tried_somehow() -> None:
    for kind, rows in TABLES.items():
        assert set(rows) <= set(table.ATTEMPTS) | set(PUSHES[kind])
