"""Deleting one's account over HTTP."""

from __future__ import annotations

from datetime import timedelta

import httpx
import pytest

from tertulia.adapters.tokens import SignedTokens
from tertulia.core.clock import utc_now
from tertulia.core.events import SessionsEnded
from tests import examples as eg
from tests.gateways.rest.conftest import JWT_SECRET, PASSWORD, Json, Town, body, refusal


async def test_an_account_is_deleted_and_what_it_said_stays(
    town: Town, stranger: httpx.AsyncClient
) -> None:
    chat = await town.private(town.ana, town.bea)
    group = await town.group(town.ana, town.bea, town.caro)
    await town.say(town.ana, group, "I wrote this")
    browser = await town.browser(town.ana)
    answer = await browser.post("/api/me/delete", json={"password": PASSWORD})
    assert (answer.status_code, answer.content) == (204, b"")
    assert "access_token" not in browser.cookies
    assert "refresh_token" not in browser.cookies
    assert any(isinstance(event, SessionsEnded) for event in town.published)
    assert refusal(await town.ana.http.get("/api/me")) == (401, "invalid_token", None)
    login = {"email": "ana@example.org", "password": PASSWORD}
    assert refusal(await stranger.post("/auth/login", json=login)) == (
        *(401, "invalid_credentials", None),
    )
    history = body(
        await town.bea.http.get("/api/messages", params={"conversation_id": group["id"]})
    )
    assert [message["content"] for message in history["items"]] == ["I wrote this"]
    (author,) = history["users"]
    assert (author["id"], author["display_name"], author["is_deleted"]) == (
        *(town.ana.id, "Deleted account", True),
    )
    assert (author["email"], author["username"], author["avatar"]) == (None, None, None)
    peer = body(await town.bea.http.get(f"/api/conversations/{chat['id']}"))["peer"]
    assert peer["is_deleted"]
    found = body(await town.bea.http.get("/api/users"))
    assert [user["username"] for user in found["items"]] == ["caro"]
    # Names and address are free at once.
    body(await stranger.post("/auth/register", json={**login, "username": "ana"}))


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"json": {}}, "required"),
        ({}, "required"),
        ({"json": {"password": None}}, "required"),
        ({"json": {"password": "wrong horse battery"}}, "wrong_password"),
        ({"json": {"password": "x" * 10_000}}, "wrong_password"),
        ({"json": {"password": 7}}, "invalid"),
    ],
    ids=["empty", "no body", "null", "wrong", "long", "a number"],
)
async def test_it_takes_the_password(town: Town, given: Json, code: str) -> None:
    answer = await town.ana.http.post("/api/me/delete", **given)
    assert refusal(answer) == (400, code, "password")
    assert body(await town.ana.http.get("/api/me"))["username"] == "ana"


async def test_without_a_password_it_takes_a_fresh_sign_in(town: Town) -> None:
    now = utc_now()
    tokens = SignedTokens(JWT_SECRET, timedelta(minutes=30))
    outcomes = []
    for ago in (timedelta(minutes=11), timedelta(minutes=9)):
        async with town.storage.begin() as work:
            account = await work.accounts.add(eg.account(), None)
            session = eg.session(account.id, inserted_at=now - ago)
            await work.sessions.add(session)
        token = tokens.issue(account.id, account.number, session.id, now)
        async with town.client() as client:
            bearer = {"Authorization": f"Bearer {token}"}
            outcomes.append(await client.post("/api/me/delete", headers=bearer))
    assert refusal(outcomes[0]) == (403, "sign_in_again", None)
    assert outcomes[1].status_code == 204


async def test_a_browser_needs_its_csrf_token_to_delete(town: Town) -> None:
    browser = await town.browser(town.ana)
    del browser.headers["X-CSRFToken"]
    answer = await browser.post("/api/me/delete", json={"password": PASSWORD})
    assert refusal(answer) == (403, "csrf_failed", None)
