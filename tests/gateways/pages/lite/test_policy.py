"""Every rule at once, over these pages: each role tries everything in each kind of conversation.

A page says in words for people why something is refused; what a program sees of it is the status.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping

import httpx
import pytest
import pytest_asyncio

from tertulia.core.model import Kind
from tests.engines import Engines
from tests.gateways.policy_table import DONE, GROUP, MISSING, PRIVATE_CHAT, ROOM
from tests.gateways.stage import Scene, Stage, open_stage
from tests.gateways.trying import Try, outcomes

TABLES: dict[Kind, Mapping[str, tuple[str, ...]]] = {
    Kind.PRIVATE: PRIVATE_CHAT,
    Kind.GROUP: GROUP,
    Kind.ROOM: ROOM,
}
OPENED = {
    "see it": "{chat}",
    "page back": "{chat}/list",
    "list members": "{chat}/members",
    "see a message": "{others}",
}
SENT: dict[str, tuple[str, dict[str, str]]] = {
    "walk in": ("/lite/rooms/{id}/join", {}),
    "send": ("{chat}", {"text": "Hello"}),
    "reply": ("{chat}", {"text": "Yes", "reply_to": "{others}"}),
    "bring a file": ("{chat}/file", {"text": "Here they are"}),
    "edit one's own": ("{own}/edit", {"text": "Hello"}),
    "edit another's": ("{others}/edit", {"text": "Hello"}),
    "delete one's own": ("{own}/delete", {}),
    "delete another's": ("{others}/delete", {}),
    "react": ("{others}/react", {"emoji": "🎉"}),
    "pin": ("{others}/pin", {}),
    "leave": ("{chat}/leave", {}),
}
NOTES = {"file": ("notes.txt", b"Notes")}
FORBIDDEN = "forbidden"
OUTCOMES = {200: DONE, 303: DONE, 403: FORBIDDEN, 404: MISSING}

# One server for all of them: every attempt has a scene of its own.
pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def stage(engines: Engines, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Stage]:
    """Return a stage with nothing on it."""
    async with open_stage(engines, tmp_path_factory.mktemp("stage")) as stage:
        yield stage


@pytest.mark.parametrize("kind", list(Kind))
@pytest.mark.parametrize("attempt", [*OPENED, *SENT])
async def test_who_may_do_what_on_the_pages(stage: Stage, kind: Kind, attempt: str) -> None:
    expected = tuple(
        each if each in (DONE, MISSING) else FORBIDDEN for each in TABLES[kind][attempt]
    )
    assert await outcomes(stage, kind, trying(attempt)) == expected


def trying(attempt: str) -> Try:
    """Return the opening of a page, or the sending of a form."""

    async def try_it(scene: Scene) -> str:
        path, form = (OPENED[attempt], None) if attempt in OPENED else SENT[attempt]
        conversation = await scene.stage.core.conversations.get(
            scene.stage.cast["member"].actor, scene.id
        )
        chat = f"/lite/chats/{conversation.conversation.number}"
        path = path.replace("{chat}", chat).replace("{id}", str(scene.id))
        for name, is_own in (("{own}", True), ("{others}", False)):
            if name in path:
                message = await scene.say(is_own=is_own)
                path = path.replace(name, f"{chat}/{message.seq}")
        filled = await scene.filled(form)
        await scene.rise()
        head = await scene.head()
        cookies = {"access_token": scene.hero.person.token}
        async with httpx.AsyncClient(base_url=scene.stage.town.url, cookies=cookies) as http:
            if form is None:
                answer = await http.get(path)
            else:
                token = (await http.get("/lite/rooms")).cookies["csrftoken"]
                files = NOTES if path.endswith("/file") else None
                answer = await http.post(path, data={"csrftoken": token, **filled}, files=files)
        outcome = OUTCOMES[answer.status_code]
        assert outcome == DONE or await scene.head() == head
        return outcome

    return try_it
