"""Every rule at once, over this wire: each role tries everything in each kind of conversation."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from typing import Any

import pytest
import pytest_asyncio

from tertulia.core.model import Kind
from tests.engines import Engines
from tests.gateways.policy_table import DONE, GROUP, PRIVATE_CHAT, ROOM
from tests.gateways.socketio.talk import talk
from tests.gateways.stage import Scene, Stage, open_stage
from tests.gateways.trying import Try, outcomes

TABLES: dict[Kind, Mapping[str, tuple[str, ...]]] = {
    Kind.PRIVATE: PRIVATE_CHAT,
    Kind.GROUP: GROUP,
    Kind.ROOM: ROOM,
}
ABOUT: dict[str, tuple[str, dict[str, Any]]] = {
    "send": ("message", {"message": "Hello"}),
    "reply": ("message", {"message": "Yes", "reply_to": "{others}"}),
    "edit one's own": ("edit_message", {"id": "{own}", "message": "Hello"}),
    "edit another's": ("edit_message", {"id": "{others}", "message": "Hello"}),
    "delete one's own": ("delete_message", {"id": "{own}"}),
    "delete another's": ("delete_message", {"id": "{others}"}),
    "react": ("react", {"id": "{others}", "emoji": "🎉"}),
    "type": ("typing", {"typing": True}),
}

# One server for all of them: every attempt has a scene of its own.
pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def stage(engines: Engines, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Stage]:
    """Return a stage with nothing on it."""
    async with open_stage(engines, tmp_path_factory.mktemp("stage")) as stage:
        yield stage


@pytest.mark.parametrize("kind", list(Kind))
@pytest.mark.parametrize("attempt", ABOUT)
async def test_who_may_do_what_over_socket_io(stage: Stage, kind: Kind, attempt: str) -> None:
    assert await outcomes(stage, kind, saying(*ABOUT[attempt])) == TABLES[kind][attempt]


def saying(event: str, fields: dict[str, Any]) -> Try:
    """Return the saying of something about the scene's room."""

    async def try_it(scene: Scene) -> str:
        payload = {"room": str(scene.id), **await scene.filled(fields)}
        async with talk(scene.stage.town, scene.hero.person) as socket:
            await scene.rise()
            head = await scene.head()
            answer = await socket.ask(event, payload)
        if answer.get("ok"):
            return DONE
        assert await scene.head() == head
        reason: str = answer["error"]["code"]
        return reason

    return try_it
