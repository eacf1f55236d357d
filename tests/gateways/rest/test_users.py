"""Other people over HTTP: finding them, and who is online."""

from __future__ import annotations

import pytest

from tests.gateways.rest.conftest import Town, body, brief, refusal
from tests.gateways.rest.contract import USER_KEYS


async def test_everyone_else_is_found(town: Town) -> None:
    page = body(await town.ana.http.get("/api/users"))
    assert set(page) == {"items", "page_token"}
    assert all(set(user) == USER_KEYS for user in page["items"])
    assert [user["username"] for user in page["items"]] == ["bea", "caro"]
    assert page["page_token"] is None


@pytest.mark.parametrize(
    ("search", "names"),
    [
        ("be", ["bea"]),
        ("CAR", ["caro"]),
        ("bea@example.org", ["bea"]),
        ("example.org", []),
        ("ana", []),
        ("%", []),
        ("'; --", []),
        ("\ud83d\ude00".encode("utf-16", "surrogatepass").decode("utf-16"), []),
    ],
    ids=ascii,
)
async def test_people_are_found_by_a_part_of_a_name_or_a_whole_address(
    town: Town, search: str, names: list[str]
) -> None:
    page = body(await town.ana.http.get("/api/users", params={"search": search}))
    assert [user["username"] for user in page["items"]] == names


async def test_an_address_is_seen_by_acquaintances_only(town: Town) -> None:
    await town.private(town.ana, town.bea)
    page = body(await town.ana.http.get("/api/users"))
    assert [user["email"] for user in page["items"]] == ["bea@example.org", None]


async def test_people_come_in_pages(town: Town) -> None:
    first = body(await town.ana.http.get("/api/users", params={"page_size": 1}))
    assert [user["username"] for user in first["items"]] == ["bea"]
    params = {"page_size": 1, "page_token": first["page_token"]}
    second = body(await town.ana.http.get("/api/users", params=params))
    assert [user["username"] for user in second["items"]] == ["caro"]
    assert second["page_token"] is None


@pytest.mark.parametrize(
    ("params", "attr"),
    [
        ({"search": "a\x00b"}, "search"),
        ({"search": "x" * 201}, "search"),
        ({"page_size": "0"}, "page_size"),
        ({"page_size": "101"}, "page_size"),
        ({"page_size": "many"}, "page_size"),
        ({"page_size": "1.5"}, "page_size"),
        ({"page_size": "9" * 30}, "page_size"),
        ({"page_token": "guess"}, "page_token"),
        ({"page_token": "é"}, "page_token"),
        ({"page_token": "MTIz" * 200}, "page_token"),
        ({"page_token": "OTk5OTk5OTk5OTk5OTk5OTk5OTk5OTk5"}, "page_token"),
    ],
    ids=brief,
)
async def test_a_question_that_makes_no_sense_is_refused(
    town: Town, params: dict[str, str], attr: str
) -> None:
    answer = await town.ana.http.get("/api/users", params=params)
    assert refusal(answer)[::2] == (400, attr)


async def test_who_is_online_is_told_unless_they_hide(town: Town) -> None:
    presence = town.core.presence
    presence.join(town.bea.signed_in.account.id, hidden=False)
    presence.join(town.caro.signed_in.account.id, hidden=True)
    await presence.announce()
    assert body(await town.ana.http.get("/api/presence")) == {"online": [town.bea.id]}
