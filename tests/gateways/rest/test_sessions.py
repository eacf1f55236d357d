"""The devices that one is signed in on, over HTTP."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

import pytest

from tertulia.core.events import SessionsEnded
from tests.gateways.rest.conftest import PASSWORD, Json, Town, body, refusal

SESSION_KEYS = {"id", "name", "address", "inserted_at", "last_used_at", "current"}
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:130.0) Gecko/20100101 Firefox/130.0"
NOBODYS = "01900000-0000-7000-8000-000000000000"


async def sessions(town: Town) -> list[Json]:
    """Return the first one's sessions as she sees them."""
    said = body(await town.ana.http.get("/api/sessions"))
    assert set(said) == {"items"}
    return list(said["items"])


async def test_every_device_is_listed_the_one_that_asks_is_marked(town: Town) -> None:
    async with town.client() as client:
        client.headers["User-Agent"] = FIREFOX
        await client.post("/auth/login", json={"username": "ana", "password": PASSWORD})
    found = await sessions(town)
    assert all(set(each) == SESSION_KEYS for each in found)
    assert sorted((each["name"], each["address"], each["current"]) for each in found) == [
        ("Firefox on Linux", "192.0.2.7", False),
        ("Test", "127.0.0.1", True),
    ]
    # By what the server's clock said: it may have been set back between the two sign-ins.
    used = [datetime.fromisoformat(each["last_used_at"]) for each in found]
    assert used == sorted(used, reverse=True)
    for each in found:
        assert datetime.fromisoformat(each["inserted_at"]) <= datetime.fromisoformat(
            each["last_used_at"]
        )


async def test_another_device_is_signed_out(town: Town) -> None:
    browser = await town.browser(town.ana)
    other = next(each for each in await sessions(town) if not each["current"])
    answer = await town.ana.http.delete(f"/api/sessions/{other['id']}")
    assert (answer.status_code, answer.content) == (204, b"")
    assert not answer.cookies
    assert town.published == [
        SessionsEnded(account_id=town.ana.signed_in.account.id, session_ids=(UUID(other["id"]),))
    ]
    assert (await browser.get("/api/me")).status_code == 401
    assert [each["current"] for each in await sessions(town)] == [True]
    again = await town.ana.http.delete(f"/api/sessions/{other['id']}")
    assert refusal(again) == (404, "not_found", None)


async def test_who_ends_their_own_session_is_signed_out_and_their_cookies_go(town: Town) -> None:
    browser = await town.browser(town.ana)
    own = next(
        each for each in body(await browser.get("/api/sessions"))["items"] if each["current"]
    )
    assert (await browser.delete(f"/api/sessions/{own['id']}")).status_code == 204
    assert "access_token" not in browser.cookies
    assert "refresh_token" not in browser.cookies
    assert (await browser.get("/api/me")).status_code == 401
    assert (await town.ana.http.get("/api/me")).status_code == 200


async def test_all_other_devices_are_signed_out_at_once(town: Town) -> None:
    browsers = [await town.browser(town.ana) for _ in range(2)]
    answer = await town.ana.http.delete("/api/sessions")
    assert (answer.status_code, answer.content) == (204, b"")
    for browser in browsers:
        assert (await browser.get("/api/me")).status_code == 401
    assert len(await sessions(town)) == 1
    assert (await town.bea.http.get("/api/me")).status_code == 200


async def test_nobody_ends_the_sessions_of_others(town: Town) -> None:
    (own,) = await sessions(town)
    for path in (f"/api/sessions/{own['id']}", f"/api/sessions/{NOBODYS}"):
        assert refusal(await town.bea.http.delete(path)) == (404, "not_found", None)
    assert len(await sessions(town)) == 1


@pytest.mark.parametrize("session_id", ["1", "ana", "%00", "x" * 500])
async def test_what_is_no_id_is_nobodys_session(town: Town, session_id: str) -> None:
    answer = await town.ana.http.delete(f"/api/sessions/{session_id}")
    assert refusal(answer) == (404, "not_found", None)


async def test_a_browser_needs_its_csrf_token_to_sign_devices_out(town: Town) -> None:
    browser = await town.browser(town.ana)
    del browser.headers["X-CSRFToken"]
    for path in ("/api/sessions", f"/api/sessions/{NOBODYS}"):
        assert refusal(await browser.delete(path)) == (403, "csrf_failed", None)
