"""Reactions over HTTP."""

from __future__ import annotations

from urllib.parse import quote
from uuid import uuid4

from tests.gateways.rest.conftest import Town, body, refusal


async def test_a_reaction_is_counted_and_taken_back_by_its_emoji(town: Town) -> None:
    chat = await town.private(town.ana, town.bea)
    message = await town.say(town.ana, chat, "Supper?")
    path = f"/api/messages/{message['id']}/reactions"
    await town.bea.http.post(path, json={"emoji": "❤"})
    reacted = body(await town.ana.http.post(path, json={"emoji": "❤️"}))
    assert reacted["reactions"] == [
        {"emoji": "❤️", "count": 2, "user_ids": [town.bea.id, town.ana.id]}
    ]
    for _ in range(2):
        assert (await town.bea.http.delete(f"{path}/{quote('❤️')}")).status_code == 204
    found = body(await town.ana.http.get(f"/api/messages/{message['id']}"))
    assert found["message"]["reactions"] == [{"emoji": "❤️", "count": 1, "user_ids": [town.ana.id]}]
    assert {user["id"] for user in found["users"]} == {town.ana.id}


async def test_what_is_no_emoji_is_refused(town: Town) -> None:
    chat = await town.private(town.ana, town.bea)
    message = await town.say(town.ana, chat, "Supper?")
    path = f"/api/messages/{message['id']}/reactions"
    for text in ("yes", "", "\x00"):
        answer = await town.bea.http.post(path, json={"emoji": text})
        assert refusal(answer) == (400, "invalid", "emoji")
    assert refusal(await town.bea.http.delete(f"{path}/yes")) == (400, "invalid", "emoji")
    assert refusal(await town.caro.http.post(path, json={"emoji": "🎉"}))[0] == 404
    there = f"/api/messages/{uuid4()}/reactions"
    assert refusal(await town.bea.http.post(there, json={"emoji": "🎉"}))[0] == 404
