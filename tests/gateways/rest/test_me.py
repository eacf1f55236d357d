"""One's own account over HTTP."""

from __future__ import annotations

import pytest

from tests.gateways.rest.conftest import Json, Town, body, brief, refusal
from tests.gateways.rest.contract import ME_KEYS, PROFILE_KEYS


async def test_one_sees_oneself(town: Town) -> None:
    me = body(await town.ana.http.get("/api/me"))
    assert set(me) == ME_KEYS
    assert me == {
        "id": town.ana.id,
        "email": "ana@example.org",
        "display_name": "Ana",
        "username": "ana",
        "number": town.ana.signed_in.account.number,
        "avatar": None,
        "about": None,
        "is_deleted": False,
        "phone": None,
        "second_step": False,
        "is_admin": False,
        "confirmed_at": None,
        "hidden": False,
        "theme": "auto",
        "magnification": 1.0,
        "recents": [],
    }


async def test_one_goes_by_another_name(town: Town) -> None:
    change = {"display_name": "  Ana   María ", "username": "ana.maria"}
    me = body(await town.ana.http.patch("/api/me", json=change))
    assert set(me) == ME_KEYS
    assert (me["display_name"], me["username"]) == ("Ana María", "ana.maria")
    assert body(await town.ana.http.get("/api/me")) == me


@pytest.mark.parametrize(
    "change", [{}, {"display_name": None}, {"email": "x@example.org"}], ids=str
)
async def test_what_is_not_asked_for_stays(town: Town, change: Json) -> None:
    me = body(await town.ana.http.get("/api/me"))
    assert body(await town.ana.http.patch("/api/me", json=change)) == me


@pytest.mark.parametrize(
    ("change", "code", "attr"),
    [
        ({"display_name": ""}, "required", "display_name"),
        ({"display_name": "x" * 51}, "too_long", "display_name"),
        ({"display_name": "a\x00b"}, "invalid", "display_name"),
        ({"display_name": 5}, "invalid", "display_name"),
        ({"username": "a"}, "invalid", "username"),
        ({"username": "BEA"}, "taken", "username"),
        ({"username": ["bea"]}, "invalid", "username"),
    ],
    ids=str,
)
async def test_a_name_that_cannot_be_is_refused(
    town: Town, change: Json, code: str, attr: str
) -> None:
    answer = await town.ana.http.patch("/api/me", json=change)
    assert refusal(answer) == (400, code, attr)


async def test_preferences_are_kept(town: Town) -> None:
    change = {
        "hidden": True,
        "theme": "night",
        "magnification": 1.25,
        "recents": ["/chat/1", "/rooms"],
    }
    profile = body(await town.ana.http.patch("/api/profile", json=change))
    assert set(profile) == PROFILE_KEYS
    assert profile == change
    me = body(await town.ana.http.get("/api/me"))
    assert {key: me[key] for key in PROFILE_KEYS} == change


async def test_some_preferences_change_and_all_are_answered(town: Town) -> None:
    await town.ana.http.patch("/api/profile", json={"theme": "day"})
    profile = body(await town.ana.http.patch("/api/profile", json={"magnification": 1}))
    assert profile == {"hidden": False, "theme": "day", "magnification": 1.0, "recents": []}


@pytest.mark.parametrize(
    ("change", "attr"),
    [
        ({"hidden": "true"}, "hidden"),
        ({"hidden": 1}, "hidden"),
        ({"theme": "dusk"}, "theme"),
        ({"theme": 1}, "theme"),
        ({"magnification": 0.69}, "magnification"),
        ({"magnification": 1e300}, "magnification"),
        ({"magnification": "1.0"}, "magnification"),
        ({"recents": "chat"}, "recents"),
        ({"recents": ["/chat", 5]}, "recents.1"),
        ({"recents": ["x" * 201]}, "recents"),
        ({"recents": ["/chat"] * 51}, "recents"),
    ],
    ids=brief,
)
async def test_a_preference_that_cannot_be_is_refused(town: Town, change: Json, attr: str) -> None:
    answer = await town.ana.http.patch("/api/profile", json=change)
    assert refusal(answer)[::2] == (400, attr)
    assert body(await town.ana.http.get("/api/me"))["theme"] == "auto"
