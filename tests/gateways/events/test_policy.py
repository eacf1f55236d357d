"""Every rule at once, over this wire: each role tries everything in each kind of conversation."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from typing import Any

import pytest
import pytest_asyncio

from tertulia.core.model import Kind
from tests.engines import Engines
from tests.gateways.events.talk import talk
from tests.gateways.policy_table import DONE, GROUP, PRIVATE_CHAT, ROOM
from tests.gateways.stage import Scene, Stage, open_stage
from tests.gateways.trying import Try, outcomes

TABLES: dict[Kind, Mapping[str, tuple[str, ...]]] = {
    Kind.PRIVATE: PRIVATE_CHAT,
    Kind.GROUP: GROUP,
    Kind.ROOM: ROOM,
}
TRIED: dict[str, dict[str, Any]] = {
    "send": {"kind": "message", "content": "Hello"},
    "reply": {"kind": "message", "content": "Yes", "parentId": "{others}"},
    "edit one's own": {"kind": "update_message", "messageId": "{own}", "content": "Hello"},
    "edit another's": {"kind": "update_message", "messageId": "{others}", "content": "Hello"},
    "delete one's own": {"kind": "delete_message", "messageId": "{own}"},
    "delete another's": {"kind": "delete_message", "messageId": "{others}"},
    "react": {"kind": "add_reaction", "messageId": "{others}", "emoji": "🎉"},
    "take a reaction back": {"kind": "remove_reaction", "messageId": "{others}", "emoji": "🎉"},
    "type": {"kind": "typing"},
}

# One server for all of them: every attempt has a scene of its own.
pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def stage(engines: Engines, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Stage]:
    """Return a stage with nothing on it."""
    async with open_stage(engines, tmp_path_factory.mktemp("stage")) as stage:
        yield stage


@pytest.mark.parametrize("kind", list(Kind))
@pytest.mark.parametrize("attempt", TRIED)
async def test_who_may_do_what_over_a_plain_socket(stage: Stage, kind: Kind, attempt: str) -> None:
    assert await outcomes(stage, kind, saying(TRIED[attempt])) == TABLES[kind][attempt]


def saying(fields: dict[str, Any]) -> Try:
    """Return the saying of something about the scene's channel."""

    async def try_it(scene: Scene) -> str:
        said = await scene.filled(fields)
        async with talk(scene.stage.town, scene.hero.person) as socket:
            await scene.rise()
            head = await scene.head()
            answer = await socket.ask(**said, channelId=str(scene.id))
        if answer["type"] != "error":
            return DONE
        assert await scene.head() == head
        reason: str = answer["code"]
        return reason

    return try_it
