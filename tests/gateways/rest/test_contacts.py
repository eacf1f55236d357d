"""Contacts and blocks over HTTP."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import pytest

from tests import examples as eg
from tests.gateways.rest.conftest import Json, Town, body, brief, refusal
from tests.gateways.rest.contract import USER_KEYS

if TYPE_CHECKING:
    import httpx

NOBODY = "01900000-0000-7000-8000-000000000000"


async def items(town: Town, path: str) -> list[Any]:
    said = body(await town.ana.http.get(path))
    assert set(said) == {"items"}
    return list(said["items"])


async def block(town: Town) -> None:
    """Have Ana block Bea."""
    body(await town.ana.http.post("/api/blocks", json={"user_id": town.bea.id}))


async def test_contacts_are_kept_listed_and_let_go(town: Town) -> None:
    phone = eg.phone_number()
    caro = await town.core.accounts.me(town.caro.signed_in.actor)
    async with town.storage.begin() as work:
        await work.accounts.update(replace(caro, phone=phone))
    bea = body(await town.ana.http.post("/api/contacts", json={"username": "bea"}))
    by_phone = body(await town.ana.http.post("/api/contacts", json={"phone": phone}))
    again = body(await town.ana.http.post("/api/contacts", json={"user_id": town.bea.id}))
    assert set(bea) == set(by_phone) == USER_KEYS
    assert (bea["id"], by_phone["id"], again) == (town.bea.id, town.caro.id, bea)
    # Neither an address nor a number is learnt by this.
    assert by_phone["email"] is None
    assert phone not in str(await items(town, "/api/contacts"))
    assert [person["id"] for person in await items(town, "/api/contacts")] == [
        town.caro.id,
        town.bea.id,
    ]
    answer = await town.ana.http.delete(f"/api/contacts/{town.bea.id}")
    assert (answer.status_code, answer.content) == (204, b"")
    assert await items(town, "/api/contacts") == [by_phone]
    answer = await town.ana.http.delete(f"/api/contacts/{town.bea.id}")
    assert refusal(answer) == (404, "not_found", None)


async def test_people_are_blocked_listed_and_unblocked(town: Town) -> None:
    blocked = body(await town.ana.http.post("/api/blocks", json={"user_id": town.bea.id}))
    assert set(blocked) == USER_KEYS
    assert await items(town, "/api/blocks") == [blocked]
    assert body(await town.bea.http.get("/api/blocks")) == {"items": []}
    answer = await town.ana.http.delete(f"/api/blocks/{town.bea.id}")
    assert (answer.status_code, answer.content) == (204, b"")
    assert await items(town, "/api/blocks") == []
    answer = await town.ana.http.delete(f"/api/blocks/{town.bea.id}")
    assert refusal(answer) == (404, "not_found", None)


@pytest.mark.parametrize("kind", ["private", "group"])
async def test_somebody_blocked_begins_nothing_with_who_blocked_them(town: Town, kind: str) -> None:
    await block(town)
    by_bea: Json = {"kind": kind, "user_ids": [town.ana.id]}
    by_ana: Json = {"kind": kind, "user_ids": [town.bea.id]}
    if kind == "group":
        by_bea["alias"] = by_ana["alias"] = "Book club"
    answer = await town.bea.http.post("/api/conversations", json=by_bea)
    assert refusal(answer) == (403, "blocked", None)
    answer = await town.ana.http.post("/api/conversations", json=by_ana)
    assert refusal(answer) == (409, "blocked_by_you", None)
    for person in (town.ana, town.bea):
        assert body(await person.http.get("/api/conversations"))["items"] == []


async def test_somebody_blocked_brings_nobody_in_who_blocked_them(town: Town) -> None:
    group = await town.group(town.bea, town.caro)
    await block(town)
    path = f"/api/conversations/{group['id']}/members"
    answer = await town.bea.http.post(path, json={"user_ids": [town.ana.id]})
    assert refusal(answer) == (403, "blocked", None)
    own = await town.group(town.ana, town.caro)
    path = f"/api/conversations/{own['id']}/members"
    answer = await town.ana.http.post(path, json={"user_ids": [town.bea.id]})
    assert refusal(answer) == (409, "blocked_by_you", None)


async def test_somebody_blocked_is_silent_in_the_private_chat(town: Town) -> None:
    chat = await town.private(town.ana, town.bea)
    path = f"/api/conversations/{chat['id']}/messages"
    repeated = {"content": "Hello", "client_ref": "r"}
    said = body(await town.bea.http.post(path, json=repeated))
    await block(town)
    answer = await town.bea.http.post(path, json={"content": "Hello?"})
    assert refusal(answer) == (403, "blocked", None)
    answer = await town.bea.http.patch(f"/api/messages/{said['id']}", json={"content": "Hm"})
    assert refusal(answer) == (403, "blocked", None)
    # What was answered before is answered as it was.
    assert body(await town.bea.http.post(path, json=repeated)) == said
    # The chat is there as ever, and says nothing of it.
    shown = body(await town.bea.http.get(f"/api/conversations/{chat['id']}"))
    assert set(shown) == set(chat)
    await town.ana.http.delete(f"/api/blocks/{town.bea.id}")
    await town.say(town.bea, chat, "Hello again")


@pytest.mark.parametrize(
    ("path", "asked", "expected"),
    [
        ("/api/contacts", {}, (400, "required", "username")),
        ("/api/contacts", {"username": "bea", "user_id": NOBODY}, (400, "required", "username")),
        ("/api/contacts", {"username": "not a name"}, (400, "invalid", "username")),
        ("/api/contacts", {"username": "\x00"}, (400, "invalid", "username")),
        ("/api/contacts", {"username": "b" * 10_000}, (400, None, "username")),
        ("/api/contacts", {"username": 7}, (400, "invalid", "username")),
        ("/api/contacts", {"phone": "words"}, (400, "invalid", "phone")),
        ("/api/contacts", {"phone": "600123456"}, (400, "invalid", "phone")),
        ("/api/contacts", {"user_id": "bea"}, (400, "invalid", "user_id")),
        ("/api/contacts", {"user_id": NOBODY}, (404, "not_found", None)),
        ("/api/contacts", {"username": "nobody"}, (404, "not_found", None)),
        ("/api/contacts", {"phone": "+34699999999"}, (404, "not_found", None)),
        ("/api/contacts", {"username": "ana"}, (409, "oneself", None)),
        ("/api/blocks", {}, (400, "required", "user_id")),
        ("/api/blocks", {"user_id": None}, (400, "invalid", "user_id")),
        ("/api/blocks", {"user_id": "bea"}, (400, "invalid", "user_id")),
        ("/api/blocks", {"user_id": NOBODY}, (404, "not_found", None)),
    ],
    ids=brief,
)
async def test_what_cannot_be_is_refused(
    town: Town, path: str, asked: Json, expected: tuple[int, str | None, str | None]
) -> None:
    status, code, attr = refusal(await town.ana.http.post(path, json=asked))
    assert (status, attr) == expected[::2]
    assert expected[1] is None or code == expected[1]
    assert await items(town, path) == []


async def test_nobody_blocks_themselves(town: Town) -> None:
    answer = await town.ana.http.post("/api/blocks", json={"user_id": town.ana.id})
    assert refusal(answer) == (409, "oneself", None)


@pytest.mark.parametrize("path", ["/api/contacts", "/api/blocks"])
async def test_what_is_no_person_cannot_be_let_go(town: Town, path: str) -> None:
    for person_id in (uuid4(), town.bea.id, "bea", "%00"):
        assert refusal(await town.ana.http.delete(f"{path}/{person_id}"))[:2] == (404, "not_found")


async def test_strangers_and_forged_requests_get_nothing(
    town: Town, stranger: httpx.AsyncClient
) -> None:
    browser = await town.browser(town.ana)
    del browser.headers["X-CSRFToken"]
    for path in ("/api/contacts", "/api/blocks"):
        asked = {"user_id": town.bea.id}
        assert refusal(await stranger.get(path))[0] == 401
        assert refusal(await stranger.post(path, json=asked))[0] == 401
        assert refusal(await browser.post(path, json=asked))[0] == 403
        assert await items(town, path) == []


async def test_looking_people_up_too_often_is_refused_with_the_time_to_wait(
    strict_town: Town,
) -> None:
    for _ in range(60):
        asked = {"phone": eg.phone_number()}
        assert refusal(await strict_town.ana.http.post("/api/contacts", json=asked))[0] == 404
    answer = await strict_town.ana.http.post("/api/contacts", json={"username": "bea"})
    assert refusal(answer) == (429, "rate_limited", None)
    assert 0 < int(answer.headers["Retry-After"]) <= 600
