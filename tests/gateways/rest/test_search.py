"""Searching over HTTP."""

from __future__ import annotations

import pytest

from tests.gateways.rest.conftest import Json, Town, body, brief, refusal


async def talk(town: Town) -> tuple[Json, Json]:
    """Have Ana and Bea talk in a group, and Ana alone in a room."""
    group = await town.group(town.ana, town.bea, alias="Film club")
    room = await town.room(town.ana, "Plaza", "cinema")
    for person, where, content in (
        (town.ana, group, "Films tonight?"),
        (town.bea, group, "A film, yes"),
        (town.ana, room, "Filming 世界"),
    ):
        path = f"/api/conversations/{where['id']}/messages"
        await person.http.post(path, json={"content": content})
    await town.core.search_index.catch_up()
    return group, room


async def test_an_answer_has_messages_conversations_rooms_and_people(town: Town) -> None:
    group, _ = await talk(town)
    found = body(await town.bea.http.get("/api/search", params={"q": "film"}))
    assert set(found) == {"messages", "conversations", "rooms", "users"}
    assert set(found["messages"]) == {"items", "page_token", "users"}
    first, second = found["messages"]["items"]
    assert set(first) == {"message", "conversation", "snippet"}
    assert first["message"]["content"] == "A film, yes"
    assert first["conversation"]["id"] == second["conversation"]["id"] == group["id"]
    assert first["snippet"] == [
        {"text": "A ", "hit": False},
        {"text": "film", "hit": True},
        {"text": ", yes", "hit": False},
    ]
    assert {user["id"] for user in found["messages"]["users"]} == {town.ana.id, town.bea.id}
    assert [each["id"] for each in found["conversations"]] == [group["id"]]
    assert "unread" in found["conversations"][0]
    assert (found["rooms"], found["users"]) == ([], [])


async def test_rooms_that_one_is_not_in_and_people_are_found_by_name(town: Town) -> None:
    _, room = await talk(town)
    found = body(await town.bea.http.get("/api/search", params={"q": "plaza"}))
    assert [each["id"] for each in found["rooms"]] == [room["id"]]
    assert found["rooms"][0]["joined"] is False
    found = body(await town.bea.http.get("/api/search", params={"q": "caro"}))
    assert [each["id"] for each in found["users"]] == [town.caro.id]


@pytest.mark.parametrize(
    ("params", "contents"),
    [
        ({"q": "film", "from": "bea"}, ["A film, yes"]),
        ({"q": "film from:me"}, ["Filming 世界", "Films tonight?"]),
        ({"q": "film", "in": "film club"}, ["A film, yes", "Films tonight?"]),
        ({"from": "ana", "in": "Plaza"}, ["Filming 世界"]),
        ({"q": "世界", "before": "2100-01-01", "after": "2020-01-01"}, ["Filming 世界"]),
        ({"q": "film", "after": "2100-01-01T00:00:00Z"}, []),
        ({"has": "image"}, []),
        ({"is": "pinned", "q": "film"}, []),
        ({}, []),
    ],
    ids=str,
)
async def test_operators_are_parameters_too(
    town: Town, params: dict[str, str], contents: list[str]
) -> None:
    await talk(town)
    found = body(await town.ana.http.get("/api/search", params=params))
    assert [hit["message"]["content"] for hit in found["messages"]["items"]] == contents


async def test_hits_come_in_pages_without_the_rest(town: Town) -> None:
    await talk(town)
    params: dict[str, str | int] = {"q": "film", "page_size": 2}
    first = body(await town.ana.http.get("/api/search", params=params))
    params["page_token"] = first["messages"]["page_token"]
    second = body(await town.ana.http.get("/api/search", params=params))
    items = [*first["messages"]["items"], *second["messages"]["items"]]
    assert [hit["message"]["content"] for hit in items] == [
        "Filming 世界",
        "A film, yes",
        "Films tonight?",
    ]
    assert second["messages"]["page_token"] is None
    assert second["conversations"] == []


async def test_history_is_searched_within_one_conversation(town: Town) -> None:
    group, room = await talk(town)
    params = {"conversation_id": group["id"], "q": "film"}
    page = body(await town.bea.http.get("/api/messages", params=params))
    assert [message["content"] for message in page["items"]] == ["A film, yes", "Films tonight?"]
    params["conversation_id"] = room["id"]
    assert refusal(await town.bea.http.get("/api/messages", params=params))[0] == 404


@pytest.mark.parametrize(
    ("params", "attr"),
    [
        ({"q": "x" * 201}, "q"),
        ({"q": "a\x00"}, "q"),
        ({"q": "a\x07"}, "q"),
        ({"from": "a\x00"}, "from"),
        ({"has": "everything"}, "has"),
        ({"is": "it"}, "is"),
        ({"before": "yesterday"}, "before"),
        ({"after": "0001-01-01T00:00:00+14:00"}, "after"),
        ({"q": "a", "page_token": "x"}, "page_token"),
        ({"page_size": "0"}, "page_size"),
    ],
    ids=brief,
)
async def test_a_search_that_makes_no_sense_is_refused(
    town: Town, params: dict[str, str], attr: str
) -> None:
    answer = await town.ana.http.get("/api/search", params=params)
    assert refusal(answer)[::2] == (400, attr)
