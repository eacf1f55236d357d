"""Forwarding over HTTP."""

from __future__ import annotations

from uuid import uuid4

from tests.gateways.rest.conftest import Town, body, refusal


async def test_a_copy_goes_to_each_place_and_says_who_said_it(town: Town) -> None:
    room = await town.room(town.ana)
    message = await town.say(town.ana, room, "Well said")
    await town.bea.http.post(f"/api/conversations/{room['id']}/join")
    targets = [(await town.group(town.bea, town.caro))["id"] for _ in range(2)]
    asked = {"conversation_ids": targets, "client_ref": "f"}
    path = f"/api/messages/{message['id']}/forward"
    copies = body(await town.bea.http.post(path, json=asked))["items"]
    assert [copy["conversation_id"] for copy in copies] == targets
    assert all(copy["sender"] == town.bea.id for copy in copies)
    assert all(copy["content"] == "Well said" for copy in copies)
    assert copies[0]["forwarded_from"] == {
        "message_group": message["id"],
        "sender": town.ana.id,
        "conversation_id": room["id"],
    }
    assert body(await town.bea.http.post(path, json=asked))["items"] == copies
    history = body(
        await town.caro.http.get("/api/messages", params={"conversation_id": targets[0]})
    )
    assert {user["id"] for user in history["users"]} == {town.ana.id, town.bea.id}


async def test_where_one_is_not_nothing_goes(town: Town) -> None:
    mine, theirs = await town.group(town.ana), await town.group(town.bea)
    message = await town.say(town.ana, mine, "one")
    path = f"/api/messages/{message['id']}/forward"
    answer = await town.ana.http.post(path, json={"conversation_ids": [mine["id"], theirs["id"]]})
    assert refusal(answer)[0] == 404
    assert (
        refusal(await town.bea.http.post(path, json={"conversation_ids": [theirs["id"]]}))[0] == 404
    )
    for ids in ([], [str(uuid4()) for _ in range(21)], ["x"]):
        answer = await town.ana.http.post(path, json={"conversation_ids": ids})
        assert refusal(answer)[0] == 400
    history = body(await town.ana.http.get("/api/messages", params={"conversation_id": mine["id"]}))
    assert len(history["items"]) == 1
