"""Voice channels over HTTP: who is there, and declining a call."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from tests.gateways.rest.conftest import Json, Person, Town, body, refusal

if TYPE_CHECKING:
    from collections.abc import Iterable


async def _come(town: Town, person: Person, conversation: Json) -> str:
    """Have somebody be in a channel, as over a socket, and return their session."""
    welcome = await town.core.voice.join(person.signed_in.actor, UUID(conversation["id"]), object())
    return welcome.session


def _ids(people: Iterable[Json], key: str) -> list[str]:
    return [each[key] for each in people]


async def test_who_is_there_is_seen_without_coming_in(town: Town) -> None:
    group = await town.group(town.ana, town.bea)
    path = f"/api/conversations/{group['id']}/voice"
    empty = {"participants": [], "users": [], "limit": 8, "route": "mesh", "end_to_end": True}
    assert body(await town.ana.http.get(path)) == empty
    session = await _come(town, town.bea, group)
    seen = body(await town.ana.http.get(path))
    (there,) = seen["participants"]
    assert (there["user_id"], there["session"]) == (town.bea.id, session)
    assert _ids(seen["users"], "id") == [town.bea.id]
    assert refusal(await town.caro.http.get(path))[:2] == (404, "not_found")


async def test_the_channels_that_somebody_is_in_are_listed(town: Town) -> None:
    group, quiet = await town.group(town.ana, town.bea), await town.group(town.ana)
    room = await town.room(town.caro)
    for person, where in ((town.bea, group), (town.ana, group), (town.caro, room)):
        await _come(town, person, where)
    listed = body(await town.ana.http.get("/api/voice"))["items"]
    assert quiet["id"] not in _ids(listed, "conversation_id")
    assert listed == [{"conversation_id": group["id"], "participants": [town.bea.id, town.ana.id]}]


async def test_whom_it_rings_at_may_decline_once(town: Town) -> None:
    chat = await town.private(town.ana, town.bea)
    path = f"/api/conversations/{chat['id']}/voice/decline"
    await _come(town, town.ana, chat)
    for stranger in (town.ana, town.caro):
        assert refusal(await stranger.http.post(path))[:2] == (404, "not_found")
    answer = await town.bea.http.post(path)
    assert (answer.status_code, answer.content) == (204, b"")
    assert refusal(await town.bea.http.post(path))[:2] == (404, "not_found")
