"""Every rule at once, over this wire: each role tries everything in each kind of conversation."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from typing import Any

import pytest
import pytest_asyncio

from tertulia.core.model import Kind
from tests.engines import Engines
from tests.gateways.policy_table import DONE, GROUP, PRIVATE_CHAT, ROOM
from tests.gateways.rooms.talk import Talk, connect_to
from tests.gateways.stage import Scene, Stage, open_stage
from tests.gateways.trying import Try, outcomes

TABLES: dict[Kind, Mapping[str, tuple[str, ...]]] = {
    Kind.PRIVATE: PRIVATE_CHAT,
    Kind.GROUP: GROUP,
    Kind.ROOM: ROOM,
}
OWN, OTHERS = "own", "others"
TRIED: dict[str, tuple[str | None, dict[str, Any]]] = {
    "send": (None, {"event_type": "chat_message", "message": {"text": "Hello"}}),
    "edit one's own": (OWN, {"event_type": "message_was_updated", "new_text": "Hello"}),
    "edit another's": (OTHERS, {"event_type": "message_was_updated", "new_text": "Hello"}),
    "delete one's own": (OWN, {"event_type": "message_was_deleted"}),
    "delete another's": (OTHERS, {"event_type": "message_was_deleted"}),
    "react": (OTHERS, {"event_type": "message_reaction", "reaction": "🎉"}),
    "type": (None, {"event_type": "typing_indicator"}),
}
"""Whose message each attempt is about, and what is said to try it."""

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
    assert await outcomes(stage, kind, saying(*TRIED[attempt])) == TABLES[kind][attempt]


def saying(whose: str | None, event: dict[str, Any]) -> Try:
    """Return the saying of something after coming in; who is not let in says nothing."""

    async def try_it(scene: Scene) -> str:
        message = None if whose is None else await scene.say(is_own=whose == OWN)
        token = scene.hero.person.token
        async with connect_to(scene.stage.town, f"/ws/chat/{scene.id}/?token={token}") as socket:
            talk = Talk(socket)
            if not scene.is_member:
                code: str = (await talk.hear("error"))["details"]["code"]
                return code
            await talk.hear("online_user_list")
            await scene.rise()
            head = await scene.head()
            await talk.say(**event if message is None else {**event, "id": message.seq})
            refusals = [each for each in await talk.settle() if each["event_type"] == "error"]
        if not refusals:
            return DONE
        assert await scene.head() == head
        (refused,) = refusals
        reason: str = refused["details"]["code"]
        return reason

    return try_it
