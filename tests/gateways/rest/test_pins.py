"""Pins over HTTP."""

from __future__ import annotations

from tests.gateways.rest.conftest import Town, body, refusal


async def test_what_is_pinned_is_listed_and_says_since_when(town: Town) -> None:
    group = await town.group(town.ana, town.bea)
    messages = [await town.say(town.bea, group, text) for text in ("one", "two")]
    for message in messages:
        answer = await town.ana.http.put(f"/api/messages/{message['id']}/pin")
        assert (answer.status_code, answer.content) == (204, b"")
    pinned = body(await town.bea.http.get(f"/api/conversations/{group['id']}/pinned"))
    assert [item["content"] for item in pinned["items"]] == ["two", "one"]
    assert all(item["pinned_at"].endswith("Z") for item in pinned["items"])
    assert [user["id"] for user in pinned["users"]] == [town.bea.id]
    await town.bea.http.delete(f"/api/messages/{messages[1]['id']}/pin")
    pinned = body(await town.bea.http.get(f"/api/conversations/{group['id']}/pinned"))
    assert [item["content"] for item in pinned["items"]] == ["one"]


async def test_a_rooms_members_do_not_pin_and_strangers_see_nothing(town: Town) -> None:
    room = await town.room(town.ana)
    await town.bea.http.post(f"/api/conversations/{room['id']}/join")
    message = await town.say(town.bea, room, "one")
    path = f"/api/messages/{message['id']}/pin"
    assert refusal(await town.bea.http.put(path))[:2] == (403, "permission_denied")
    assert refusal(await town.caro.http.put(path))[0] == 404
    assert refusal(await town.caro.http.get(f"/api/conversations/{room['id']}/pinned"))[0] == 404
