"""Coming in and going out over HTTP."""

from __future__ import annotations

from base64 import b64encode
from datetime import timedelta

import httpx
import pytest

from tertulia.core.clock import utc_now
from tertulia.core.events import SessionsEnded
from tests.gateways.rest.conftest import PASSWORD, Json, Town, body, brief, expired_token, refusal
from tests.gateways.rest.contract import (
    AUTH_KEYS,
    ME_KEYS,
    MESSAGE_KEYS,
    OWN_CONVERSATION_KEYS,
    USER_KEYS,
)

DORA = {"email": "dora@example.org", "password": "a long password"}


def basic(name: str, password: str) -> dict[str, str]:
    encoded = b64encode(f"{name}:{password}".encode()).decode()
    return {"Authorization": f"Basic {encoded}"}


async def test_signing_up_signs_in(stranger: httpx.AsyncClient) -> None:
    said = body(await stranger.post("/auth/register", json=DORA))
    assert set(said) == AUTH_KEYS
    assert set(said["user"]) == ME_KEYS
    assert said["user"]["email"] == said["user"]["display_name"] == "dora@example.org"
    assert said["user"]["username"] is None
    assert (said["conversations"], said["users"]) == ([], [])
    assert said["access_token"] == said["auth_token"]
    assert said["token_type"] == "bearer"
    bearer = {"Authorization": f"Bearer {said['access_token']}"}
    stranger.cookies.clear()
    assert body(await stranger.get("/api/me", headers=bearer)) == said["user"]


async def test_signing_up_may_choose_names(stranger: httpx.AsyncClient) -> None:
    names = {"display_name": "Dora D.", "username": "Dora"}
    user = body(await stranger.post("/auth/register", json=DORA | names))["user"]
    assert (user["display_name"], user["username"]) == ("Dora D.", "Dora")


@pytest.mark.parametrize(
    ("changes", "code", "attr"),
    [
        pytest.param({"email": None}, "required", "email", id="no email"),
        pytest.param({"password": None}, "required", "password", id="no password"),
        pytest.param({"email": "nobody"}, "invalid", "email", id="no address"),
        pytest.param({"email": "a\x00@example.org"}, "invalid", "email", id="a NUL in the address"),
        pytest.param({"email": "x" * 200 + "@example.org"}, None, "email", id="a long address"),
        pytest.param({"email": "ANA@example.org"}, "taken", "email", id="a taken address"),
        pytest.param({"password": "short"}, "too_short", "password", id="a short password"),
        pytest.param({"password": "x" * 129}, "too_long", "password", id="a long password"),
        pytest.param({"username": "ANA"}, "taken", "username", id="a taken username"),
        pytest.param({"username": "not a name"}, "invalid", "username", id="an odd username"),
        pytest.param({"display_name": "x" * 51}, "too_long", "display_name", id="a long name"),
        pytest.param({"display_name": " "}, "required", "display_name", id="an empty name"),
        pytest.param({"email": 7}, "invalid", "email", id="a number for an address"),
    ],
)
async def test_an_account_that_cannot_be_is_refused(
    stranger: httpx.AsyncClient, changes: Json, code: str | None, attr: str
) -> None:
    asked = {name: value for name, value in (DORA | changes).items() if value is not None}
    answer = await stranger.post("/auth/register", json=asked)
    status, said_code, said_attr = refusal(answer)
    assert (status, said_attr) == (400, attr)
    assert code is None or said_code == code
    assert not answer.cookies


@pytest.mark.parametrize(
    "credentials",
    [
        pytest.param({"json": {"email": "ana@example.org", "password": PASSWORD}}, id="by e-mail"),
        pytest.param({"json": {"email": "ANA@Example.org", "password": PASSWORD}}, id="any case"),
        pytest.param({"json": {"username": "ana", "password": PASSWORD}}, id="by username"),
        pytest.param({"data": {"username": "ana", "password": PASSWORD}}, id="a form"),
        pytest.param(
            {"data": {"username": "", "email": "ana@example.org", "password": PASSWORD}},
            id="a form with an empty field",
        ),
        pytest.param({"headers": basic("ana", PASSWORD)}, id="Basic by username"),
        pytest.param({"headers": basic("ana@example.org", PASSWORD)}, id="Basic by e-mail"),
        pytest.param(
            {
                "headers": basic("some", "proxy"),
                "json": {"username": "ana", "password": PASSWORD},
            },
            id="a body beside the Basic header of a proxy",
        ),
    ],
)
async def test_everybody_signs_in_as_they_are_used_to(
    town: Town, stranger: httpx.AsyncClient, credentials: Json
) -> None:
    said = body(await stranger.post("/auth/login", **credentials))
    assert set(said) == AUTH_KEYS
    assert said["user"]["id"] == town.ana.id


@pytest.mark.parametrize(
    "credentials",
    [
        pytest.param({"json": {"email": "ana@example.org", "password": "wrong"}}, id="password"),
        pytest.param({"json": {"email": "x@example.org", "password": PASSWORD}}, id="e-mail"),
        pytest.param({"json": {"username": "nobody", "password": PASSWORD}}, id="username"),
        pytest.param({"json": {"username": "ana@example.org", "password": PASSWORD}}, id="kind"),
        pytest.param({"headers": basic("ana", "wrong")}, id="Basic"),
        pytest.param({"headers": basic("a\x00na", PASSWORD)}, id="a NUL in Basic"),
        pytest.param({"headers": {"Authorization": "Basic ana:secret"}}, id="Basic not encoded"),
        pytest.param({"headers": {"Authorization": "Basic //79/A=="}}, id="Basic not UTF-8"),
        pytest.param({"headers": {"Authorization": "Basic YW5h"}}, id="Basic without a colon"),
    ],
)
async def test_wrong_credentials_are_refused_alike(
    stranger: httpx.AsyncClient, credentials: Json
) -> None:
    answer = await stranger.post("/auth/login", **credentials)
    assert refusal(answer) == (401, "invalid_credentials", None)
    assert answer.headers["www-authenticate"] == "Bearer"
    assert not answer.cookies


@pytest.mark.parametrize(
    ("request_", "attr"),
    [
        pytest.param({}, "password", id="nothing"),
        pytest.param({"json": {}}, "password", id="an empty object"),
        pytest.param({"json": {"email": "ana@example.org"}}, "password", id="no password"),
        pytest.param({"json": {"password": PASSWORD}}, "email", id="no name"),
        pytest.param(
            {"json": {"email": "a\x00@example.org", "password": PASSWORD}}, "email", id="a NUL"
        ),
        pytest.param(
            {"json": {"email": "a@b.org", "username": "a", "password": "x"}}, "email", id="both"
        ),
    ],
)
async def test_missing_credentials_are_named(
    stranger: httpx.AsyncClient, request_: Json, attr: str
) -> None:
    answer = await stranger.post("/auth/login", **request_)
    assert refusal(answer)[::2] == (400, attr)


async def test_who_comes_in_sees_their_conversations_and_the_people_there(town: Town) -> None:
    chat = await town.private(town.ana, town.bea)
    room = await town.room(town.caro)
    await town.ana.http.post(f"/api/conversations/{room['id']}/join")
    await town.say(town.bea, chat, "hello")
    await town.say(town.caro, room, "welcome")
    async with town.client() as client:
        login = {"username": "ana", "password": PASSWORD}
        said = body(await client.post("/auth/login", json=login))
    assert [each["id"] for each in said["conversations"]] == [room["id"], chat["id"]]
    assert all(set(each) == OWN_CONVERSATION_KEYS for each in said["conversations"])
    assert set(said["conversations"][0]["last_message"]) == MESSAGE_KEYS
    users = {user["id"]: user for user in said["users"]}
    assert set(users) == {town.bea.id, town.caro.id}
    assert all(set(user) == USER_KEYS for user in said["users"])
    assert users[town.bea.id]["email"] == "bea@example.org"
    assert users[town.caro.id]["email"] is None


async def test_a_refresh_token_is_exchanged_for_a_new_pair(
    town: Town, stranger: httpx.AsyncClient
) -> None:
    old = town.ana.signed_in
    said = body(await stranger.post("/auth/refresh", json={"token": old.refresh_token}))
    assert set(said) == AUTH_KEYS
    assert said["refresh_token"] != old.refresh_token
    assert said["access_token"] != old.access_token
    assert said["user"]["id"] == town.ana.id


async def test_a_spent_refresh_token_ends_its_whole_session(
    town: Town, stranger: httpx.AsyncClient
) -> None:
    old = town.ana.signed_in
    new = body(await stranger.post("/auth/refresh", json={"token": old.refresh_token}))
    again = await stranger.post("/auth/refresh", json={"token": old.refresh_token})
    assert refusal(again) == (401, "invalid_token", None)
    assert SessionsEnded(account_id=old.account.id, session_ids=(old.session.id,)) in town.published
    later = await stranger.post("/auth/refresh", json={"token": new["refresh_token"]})
    assert refusal(later) == (401, "invalid_token", None)
    bearer = {"Authorization": f"Bearer {new['access_token']}"}
    assert refusal(await stranger.get("/api/me", headers=bearer)) == (401, "invalid_token", None)


@pytest.mark.parametrize("token", ["guess", "\x00", "é" * 1000, "x" * 30_000], ids=ascii)
async def test_a_guessed_refresh_token_is_refused(stranger: httpx.AsyncClient, token: str) -> None:
    answer = await stranger.post("/auth/refresh", json={"token": token})
    assert refusal(answer) == (401, "invalid_token", None)


async def test_refreshing_with_nothing_is_refused(stranger: httpx.AsyncClient) -> None:
    assert refusal(await stranger.post("/auth/refresh")) == (401, "not_authenticated", None)


async def test_a_browser_refreshes_by_its_cookie(town: Town) -> None:
    browser = await town.browser(town.ana)
    before = dict(browser.cookies)
    said = body(await browser.post("/auth/refresh"))
    assert said["refresh_token"] == browser.cookies["refresh_token"] != before["refresh_token"]
    assert said["access_token"] == browser.cookies["access_token"] != before["access_token"]
    assert body(await browser.get("/api/me"))["id"] == town.ana.id


async def test_signing_out_ends_the_session_and_clears_the_cookies(town: Town) -> None:
    browser = await town.browser(town.ana)
    token = browser.cookies["access_token"]
    answer = await browser.post("/auth/logout")
    assert (answer.status_code, answer.content) == (204, b"")
    assert "access_token" not in browser.cookies
    assert "refresh_token" not in browser.cookies
    assert any(isinstance(event, SessionsEnded) for event in town.published)
    later = await browser.get("/api/me", headers={"Authorization": f"Bearer {token}"})
    assert refusal(later) == (401, "invalid_token", None)


async def test_a_browser_signs_out_however_long_its_access_is_over(town: Town) -> None:
    browser = await town.browser(town.ana)
    browser.cookies.delete("access_token")
    refresh_token = browser.cookies["refresh_token"]
    assert (await browser.post("/auth/logout")).status_code == 204
    answer = await browser.post("/auth/refresh", json={"token": refresh_token})
    assert refusal(answer) == (401, "invalid_token", None)


async def test_a_program_signs_out_by_its_bearer_token(town: Town) -> None:
    assert (await town.ana.http.post("/auth/logout")).status_code == 204
    assert refusal(await town.ana.http.get("/api/me")) == (401, "invalid_token", None)
    assert (await town.bea.http.get("/api/me")).status_code == 200


async def test_a_program_signs_out_by_its_refresh_token(
    town: Town, stranger: httpx.AsyncClient
) -> None:
    token = town.ana.signed_in.refresh_token
    assert (await stranger.post("/auth/logout", json={"token": token})).status_code == 204
    assert refusal(await town.ana.http.get("/api/me")) == (401, "invalid_token", None)


async def test_signing_out_with_an_unknown_token_says_nothing(stranger: httpx.AsyncClient) -> None:
    assert (await stranger.post("/auth/logout", json={"token": "guess"})).status_code == 204


async def test_nobody_cannot_sign_out(stranger: httpx.AsyncClient) -> None:
    assert refusal(await stranger.post("/auth/logout")) == (401, "not_authenticated", None)


async def test_signing_out_everywhere_ends_every_session(town: Town) -> None:
    browser = await town.browser(town.ana)
    answer = await town.ana.http.post("/api/signout_all")
    assert (answer.status_code, answer.content) == (204, b"")
    assert (await town.ana.http.get("/api/me")).status_code == 401
    assert (await browser.get("/api/me")).status_code == 401
    assert (await town.bea.http.get("/api/me")).status_code == 200


async def test_a_socket_ticket_opens_once_for_its_owner(town: Town) -> None:
    ticket = body(await town.ana.http.post("/auth/socket-ticket"))
    assert set(ticket) == {"ticket"}
    actor = await town.core.sessions.redeem_ticket(ticket["ticket"])
    assert str(actor.account_id) == town.ana.id


@pytest.mark.parametrize(
    "authorization",
    ["Bearer", "Bearer ", "Bearer x", "bearer a.b.c", "Bearer " + "x" * 5000],
    ids=brief,
)
async def test_a_bad_bearer_token_is_refused(
    stranger: httpx.AsyncClient, authorization: str
) -> None:
    answer = await stranger.get("/api/me", headers={"Authorization": authorization})
    assert refusal(answer) == (401, "invalid_token", None)


async def test_an_expired_bearer_token_has_no_tolerance(
    town: Town, stranger: httpx.AsyncClient
) -> None:
    token = expired_token(town.ana, timedelta(seconds=1), utc_now())
    answer = await stranger.get("/api/me", headers={"Authorization": f"Bearer {token}"})
    assert refusal(answer) == (401, "invalid_token", None)


async def test_the_session_remembers_where_it_was_opened(town: Town) -> None:
    async with town.client() as client:
        client.headers["User-Agent"] = "Teatime/1.0"
        said = await client.post("/auth/login", json={"username": "ana", "password": PASSWORD})
    actor = await town.core.sessions.authenticate(body(said)["access_token"])
    session = await town.session(actor.session_id)
    assert (session.name, session.address) == ("Teatime/1.0", "192.0.2.7")
