"""The directory over HTTP."""

from __future__ import annotations

import pytest

from tests.gateways.rest.conftest import Json, Town, body, brief, refusal
from tests.gateways.rest.contract import CONVERSATION_KEYS


async def rooms(town: Town) -> list[Json]:
    """Open three rooms, the second one with two people in it."""
    opened = [
        await town.room(town.ana, "Owls", "music"),
        await town.room(town.ana, "Larks", "music"),
        await town.room(town.ana, "Bookworms", "books"),
    ]
    await town.bea.http.post(f"/api/conversations/{opened[1]['id']}/join")
    return opened


async def test_the_directory_lists_rooms_and_all_topics(town: Town) -> None:
    await rooms(town)
    page = body(await town.bea.http.get("/api/rooms"))
    assert set(page) == {"items", "page_token", "topics"}
    assert page["topics"] == ["cinema", "music", "books", "games", "general"]
    assert all(set(room) == CONVERSATION_KEYS | {"joined"} for room in page["items"])
    assert [(room["alias"], room["joined"]) for room in page["items"]] == [
        ("Bookworms", False),
        ("Larks", True),
        ("Owls", False),
    ]


@pytest.mark.parametrize(
    ("params", "names"),
    [
        ({"sort": "new"}, ["Bookworms", "Larks", "Owls"]),
        ({"sort": "old"}, ["Owls", "Larks", "Bookworms"]),
        ({"sort": "popular"}, ["Larks", "Bookworms", "Owls"]),
        ({"topic": "music"}, ["Larks", "Owls"]),
        ({"topic": ""}, ["Bookworms", "Larks", "Owls"]),
        ({"topic": "games"}, []),
        ({"q": "LARK"}, ["Larks"]),
        ({"q": "100%"}, []),
    ],
    ids=str,
)
async def test_rooms_are_sorted_and_searched(
    town: Town, params: dict[str, str], names: list[str]
) -> None:
    await rooms(town)
    page = body(await town.bea.http.get("/api/rooms", params=params))
    assert [room["alias"] for room in page["items"]] == names


@pytest.mark.parametrize("sort", ["new", "old", "popular"])
async def test_rooms_come_in_pages(town: Town, sort: str) -> None:
    await rooms(town)
    whole = body(await town.bea.http.get("/api/rooms", params={"sort": sort}))["items"]
    first = body(await town.bea.http.get("/api/rooms", params={"sort": sort, "page_size": 2}))
    params = {"sort": sort, "page_size": 2, "page_token": first["page_token"]}
    second = body(await town.bea.http.get("/api/rooms", params=params))
    assert first["items"] + second["items"] == whole
    assert second["page_token"] is None


async def test_only_rooms_are_listed(town: Town) -> None:
    await town.group(town.ana, town.bea)
    assert body(await town.caro.http.get("/api/rooms"))["items"] == []


@pytest.mark.parametrize(
    ("params", "attr"),
    [
        ({"sort": "best"}, "sort"),
        ({"sort": ""}, "sort"),
        ({"topic": "weather"}, "topic"),
        ({"topic": "x" * 33}, "topic"),
        ({"topic": "mus\x00ic"}, "topic"),
        ({"q": "a\x00"}, "q"),
        ({"q": "x" * 201}, "q"),
        ({"page_token": "x"}, "page_token"),
        ({"page_size": "-5"}, "page_size"),
    ],
    ids=brief,
)
async def test_a_question_that_makes_no_sense_is_refused(
    town: Town, params: dict[str, str], attr: str
) -> None:
    answer = await town.ana.http.get("/api/rooms", params=params)
    assert refusal(answer)[::2] == (400, attr)
