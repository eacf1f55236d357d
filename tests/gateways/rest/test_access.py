"""What cookies may do: the CSRF token, the origin, and the renewal of a session on the way."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import httpx
import pytest

from tertulia.core.clock import utc_now
from tests.gateways.rest.conftest import (
    FRIENDLY_ORIGIN,
    HOST,
    PASSWORD,
    Json,
    Town,
    body,
    expired_token,
    refusal,
)

CHANGE: Json = {"json": {"display_name": "Ana B."}}


async def test_a_csrf_token_is_answered_and_kept_in_a_cookie_that_scripts_read(
    stranger: httpx.AsyncClient,
) -> None:
    answer = await stranger.get("/auth/csrf")
    token = body(answer)["csrftoken"]
    assert set(answer.json()) == {"csrftoken"}
    assert stranger.cookies["csrftoken"] == token
    (cookie,) = answer.headers.get_list("set-cookie")
    assert "httponly" not in cookie.lower()
    assert "SameSite=lax" in cookie
    assert "Path=/" in cookie


async def test_a_good_csrf_token_is_kept_and_a_foreign_one_replaced(
    stranger: httpx.AsyncClient,
) -> None:
    token = body(await stranger.get("/auth/csrf"))["csrftoken"]
    assert body(await stranger.get("/auth/csrf"))["csrftoken"] == token
    stranger.cookies.clear()
    stranger.cookies.set("csrftoken", "made.up", domain=HOST)
    assert body(await stranger.get("/auth/csrf"))["csrftoken"] != "made.up"


async def test_signing_in_brings_a_csrf_token_along(
    town: Town, stranger: httpx.AsyncClient
) -> None:
    await stranger.post("/auth/login", json={"username": "ana", "password": PASSWORD})
    headers = {"X-CSRFToken": stranger.cookies["csrftoken"]}
    answer = await stranger.patch("/api/me", headers=headers, **CHANGE)
    assert body(answer)["display_name"] == "Ana B."
    assert answer.json()["id"] == town.ana.id


async def test_a_browser_reads_without_a_csrf_token(town: Town) -> None:
    browser = await town.browser(town.ana)
    del browser.headers["X-CSRFToken"]
    assert body(await browser.get("/api/me"))["id"] == town.ana.id


@pytest.mark.parametrize(
    "token",
    [None, "", "made.up", "{own}x", "x{own}", "é"],
    ids=["none", "empty", "made up", "too long", "another value", "not ASCII"],
)
async def test_a_browser_changes_nothing_without_its_csrf_token(
    town: Town, token: str | None
) -> None:
    browser = await town.browser(town.ana)
    own = browser.headers.pop("X-CSRFToken")
    headers = [] if token is None else [(b"X-CSRFToken", token.format(own=own).encode())]
    answer = await browser.patch("/api/me", headers=headers, **CHANGE)
    assert refusal(answer) == (403, "csrf_failed", None)
    assert body(await browser.get("/api/me"))["display_name"] == "Ana"


async def test_a_csrf_token_that_matches_but_is_not_ours_is_refused(town: Town) -> None:
    browser = await town.browser(town.ana)
    browser.cookies.set("csrftoken", "planted.token", domain=HOST)
    answer = await browser.patch("/api/me", headers={"X-CSRFToken": "planted.token"}, **CHANGE)
    assert refusal(answer) == (403, "csrf_failed", None)


async def test_a_form_sends_its_csrf_token_in_a_field(town: Town) -> None:
    browser = await town.browser(town.ana)
    token = browser.headers.pop("X-CSRFToken")
    refused = await browser.post("/auth/refresh", data={"csrftoken": "made.up"})
    assert refusal(refused) == (403, "csrf_failed", None)
    answer = await browser.post("/auth/refresh", data={"csrftoken": token})
    assert body(answer)["user"]["id"] == town.ana.id


@pytest.mark.parametrize("path", ["/auth/refresh", "/auth/logout", "/auth/socket-ticket"])
async def test_the_doors_of_a_session_are_guarded_too(town: Town, path: str) -> None:
    browser = await town.browser(town.ana)
    del browser.headers["X-CSRFToken"]
    assert refusal(await browser.post(path)) == (403, "csrf_failed", None)
    assert (await browser.get("/api/me")).status_code == 200


async def test_a_bearer_token_needs_no_csrf_token_even_beside_cookies(town: Town) -> None:
    browser = await town.browser(town.ana)
    del browser.headers["X-CSRFToken"]
    browser.headers["Authorization"] = f"Bearer {town.ana.signed_in.access_token}"
    assert body(await browser.patch("/api/me", **CHANGE))["display_name"] == "Ana B."


async def test_a_bearer_token_decides_alone(town: Town) -> None:
    browser = await town.browser(town.ana)
    bearer = {"Authorization": f"Bearer {town.bea.signed_in.access_token}"}
    assert body(await browser.get("/api/me", headers=bearer))["id"] == town.bea.id
    wrong = await browser.get("/api/me", headers={"Authorization": "Bearer wrong"})
    assert refusal(wrong) == (401, "invalid_token", None)


@pytest.mark.parametrize("other", ["", "Basic c29tZTpwcm94eQ==", "Negotiate x"])
async def test_another_authorization_leaves_it_to_the_cookies(town: Town, other: str) -> None:
    browser = await town.browser(town.ana)
    answer = await browser.get("/api/me", headers={"Authorization": other})
    assert body(answer)["id"] == town.ana.id


@pytest.mark.parametrize(
    ("origin", "status"),
    [
        pytest.param(f"http://{HOST}", 200, id="our own"),
        pytest.param(f"https://{HOST}", 200, id="our own behind a proxy that speaks https"),
        pytest.param(FRIENDLY_ORIGIN, 200, id="one of the settings"),
        pytest.param("https://evil.example", 403, id="another"),
        pytest.param(f"http://{HOST}:8080", 403, id="another port"),
        pytest.param(f"http://{HOST}.evil.example", 403, id="a longer name"),
        pytest.param("null", 403, id="an opaque one"),
    ],
)
async def test_a_page_of_another_origin_changes_nothing(
    town: Town, origin: str, status: int
) -> None:
    browser = await town.browser(town.ana)
    answer = await browser.patch("/api/me", headers={"Origin": origin}, **CHANGE)
    assert answer.status_code == status
    if status == 403:
        assert refusal(answer) == (403, "origin_refused", None)


async def test_a_foreign_form_cannot_sign_its_victim_in(stranger: httpx.AsyncClient) -> None:
    form = {"username": "ana", "password": PASSWORD}
    answer = await stranger.post(
        "/auth/login", data=form, headers={"Origin": "https://evil.example"}
    )
    assert refusal(answer) == (403, "origin_refused", None)
    assert not answer.cookies
    own = await stranger.post("/auth/login", data=form, headers={"Origin": f"http://{HOST}"})
    assert own.status_code == 200


async def test_a_foreign_form_cannot_sign_its_victim_out(town: Town) -> None:
    browser = await town.browser(town.ana)
    foreign = {"Origin": "https://evil.example"}
    answer = await browser.post("/auth/logout", data={"token": "theirs"}, headers=foreign)
    assert refusal(answer) == (403, "origin_refused", None)
    assert "refresh_token" in browser.cookies


async def aged_browser(town: Town, age: timedelta) -> httpx.AsyncClient:
    """Return Ana's browser, whose access token expired some time ago."""
    browser = await town.browser(town.ana)
    actor = await town.core.sessions.authenticate(browser.cookies["access_token"])
    token = expired_token(town.ana, age, utc_now(), session_id=actor.session_id)
    browser.cookies.delete("access_token")
    browser.cookies.set("access_token", token, domain=HOST, path="/")
    return browser


async def test_access_that_expired_a_moment_ago_is_renewed_within_the_request(town: Town) -> None:
    browser = await aged_browser(town, timedelta(minutes=9))
    old = dict(browser.cookies)
    assert body(await browser.get("/api/me"))["id"] == town.ana.id
    assert browser.cookies["access_token"] != old["access_token"]
    assert browser.cookies["refresh_token"] != old["refresh_token"]
    assert body(await browser.get("/api/me"))["id"] == town.ana.id
    assert body(await browser.post("/auth/refresh"))["user"]["id"] == town.ana.id


async def test_a_refused_request_renews_the_session_all_the_same(town: Town) -> None:
    browser = await aged_browser(town, timedelta(minutes=9))
    old = browser.cookies["refresh_token"]
    answer = await browser.get("/api/messages", params={"conversation_id": "no id"})
    assert refusal(answer) == (400, "invalid", "conversation_id")
    assert browser.cookies["refresh_token"] != old
    assert (await browser.get("/api/me")).status_code == 200


async def test_requests_of_one_page_renew_once_and_none_is_taken_for_theft(town: Town) -> None:
    browser = await aged_browser(town, timedelta(minutes=9))
    cookies = "; ".join(f"{name}={value}" for name, value in browser.cookies.items())
    async with town.client() as page:
        page.cookies.clear()
        headers = {"Cookie": cookies}
        paths = ["/api/me", "/api/conversations", "/api/presence", "/api/rooms"]
        answers = await asyncio.gather(*(page.get(path, headers=headers) for path in paths))
    assert [answer.status_code for answer in answers] == [200] * 4
    kept = [answer.cookies for answer in answers]
    assert all("access_token" in each for each in kept)
    renewed = [each["refresh_token"] for each in kept if "refresh_token" in each]
    assert len(renewed) == 1
    async with town.client() as later:
        said = await later.post("/auth/refresh", json={"token": renewed[0]})
    assert body(said)["user"]["id"] == town.ana.id


async def test_access_that_expired_too_long_ago_is_over(town: Town) -> None:
    browser = await aged_browser(town, timedelta(minutes=11))
    refresh_token = browser.cookies["refresh_token"]
    assert refusal(await browser.get("/api/me")) == (401, "invalid_token", None)
    assert browser.cookies["refresh_token"] == refresh_token
    assert body(await browser.post("/auth/refresh"))["user"]["id"] == town.ana.id


async def test_nothing_is_renewed_without_the_refresh_cookie(town: Town) -> None:
    browser = await aged_browser(town, timedelta(minutes=1))
    browser.cookies.delete("refresh_token")
    assert refusal(await browser.get("/api/me")) == (401, "invalid_token", None)


async def test_nothing_is_renewed_with_the_refresh_cookie_of_another(town: Town) -> None:
    browser = await aged_browser(town, timedelta(minutes=1))
    browser.cookies.delete("refresh_token")
    browser.cookies.set("refresh_token", town.bea.signed_in.refresh_token or "", domain=HOST)
    assert refusal(await browser.get("/api/me")) == (401, "invalid_token", None)
    assert (await town.bea.http.get("/api/me")).status_code == 200


async def test_a_forged_request_cannot_even_renew_a_session(town: Town) -> None:
    browser = await aged_browser(town, timedelta(minutes=1))
    refresh_token = browser.cookies["refresh_token"]
    del browser.headers["X-CSRFToken"]
    assert refusal(await browser.patch("/api/me", **CHANGE)) == (403, "csrf_failed", None)
    assert browser.cookies["refresh_token"] == refresh_token


async def test_signing_out_everywhere_wins_over_the_renewal_on_the_way(town: Town) -> None:
    browser = await aged_browser(town, timedelta(minutes=1))
    assert (await browser.post("/api/signout_all")).status_code == 204
    assert "access_token" not in browser.cookies
    assert "refresh_token" not in browser.cookies
