"""Every rule at once, from outside: each role tries everything in each kind of conversation.

What is refused changes nothing, and who may not see a conversation is not told that there is one.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import TYPE_CHECKING, Any

import pytest
import pytest_asyncio

from tertulia.core.model import Kind
from tests.engines import Engines
from tests.gateways.policy_table import (
    ATTEMPTS,
    DONE,
    GROUP,
    PRIVATE_CHAT,
    PUSHES,
    ROOM,
)
from tests.gateways.stage import Stage, open_stage, said
from tests.gateways.trying import outcomes, pushing, requesting
from tests.waiting import until_found

if TYPE_CHECKING:
    from collections.abc import Mapping

TABLES: dict[Kind, Mapping[str, tuple[str, ...]]] = {
    Kind.PRIVATE: PRIVATE_CHAT,
    Kind.GROUP: GROUP,
    Kind.ROOM: ROOM,
}
CASES = [(kind, attempt) for kind, table in TABLES.items() for attempt in table]
PUSHED = [(kind, attempt) for kind, attempt in CASES if attempt in PUSHES]


# One server for all of them: every attempt has a scene of its own.
pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def stage(engines: Engines, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Stage]:
    """Return a stage with nothing on it."""
    async with open_stage(engines, tmp_path_factory.mktemp("stage")) as stage:
        yield stage


@pytest.mark.parametrize(("kind", "attempt"), CASES)
async def test_who_may_do_what_over_http(stage: Stage, kind: Kind, attempt: str) -> None:
    assert await outcomes(stage, kind, requesting(*ATTEMPTS[attempt])) == TABLES[kind][attempt]


@pytest.mark.parametrize(("kind", "attempt"), PUSHED)
async def test_who_may_do_what_over_phoenix(stage: Stage, kind: Kind, attempt: str) -> None:
    assert await outcomes(stage, kind, pushing(*PUSHES[attempt])) == TABLES[kind][attempt]


@pytest.mark.parametrize("kind", list(Kind))
async def test_nobody_does_anything_without_signing_in(stage: Stage, kind: Kind) -> None:
    scene = await stage.scene(kind, "member")
    for attempt in TABLES[kind]:
        method, path, body = ATTEMPTS[attempt]
        filled, sent = await scene.filled([path, None if isinstance(body, bytes) else body])
        answer = await stage.http.request(method, filled, json=sent)
        expected = (200, DONE) if attempt == "look at a link" else (401, "not_authenticated")
        assert (answer.status_code, said(answer)) == expected, attempt


@pytest.mark.parametrize("kind", list(Kind))
async def test_only_who_is_in_it_finds_what_was_said(stage: Stage, kind: Kind) -> None:
    scene = await stage.scene(kind, "member")
    word = f"w{scene.id.hex}"
    path = f"/api/conversations/{scene.id}/messages"
    said_by = scene.hero.person.headers
    (await stage.http.post(path, json={"content": word}, headers=said_by)).raise_for_status()

    async def found(part: str) -> list[Any]:
        headers = stage.cast[part].person.headers
        answer = await stage.http.get("/api/search", params={"q": word}, headers=headers)
        answer.raise_for_status()
        items: list[Any] = answer.json()["messages"]["items"]
        return items

    async def found_by_member() -> list[Any] | None:
        return await found("other_member") or None

    assert len(await until_found(found_by_member, within_s=10, what="it is found")) == 1
    for part in ("outsider", "banned", "guest"):
        assert await found(part) == []


async def test_every_attempt_has_its_row_and_every_push_its_attempt() -> None:
    assert set(GROUP) == set(ROOM) == set(ATTEMPTS)
    assert set(PUSHES) <= set(ATTEMPTS)
    assert set(PRIVATE_CHAT) <= set(ATTEMPTS)
