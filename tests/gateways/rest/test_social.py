"""Coming in through a real OpenID provider, by the server's redirects and by a page's own."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from tertulia.core.clock import utc_now
from tertulia.core.proofs import Authenticator
from tests.gateways.rest.conftest import body, refusal
from tests.gateways.rest.contract import AUTH_KEYS
from tests.gateways.rest.place import CALLBACK, PAGE, SITE, VERIFIER, Place, open_place, signed_in
from tests.oidc.provider import RunningProvider, oidc_provider

if TYPE_CHECKING:
    from pathlib import Path


pytestmark = pytest.mark.timeout(120)


@pytest.fixture
async def place(ground: dict[str, str], tmp_path: Path) -> AsyncIterator[Place]:
    """Return a server and the provider that it trusts."""
    async with (
        oidc_provider([CALLBACK, PAGE]) as provider,
        open_place(tmp_path, provider, **ground) as place,
    ):
        yield place


async def test_a_provider_is_named_and_lets_a_newcomer_in_by_redirects(place: Place) -> None:
    async with place.browser() as browser:
        ways = body(await browser.get("/auth/providers"))
        assert ways == {
            "providers": [{"id": "work", "title": "Work"}],
            "sms": True,
            "passkeys": True,
            "region": None,
        }
        answer = await place.return_from_provider(browser, "dora@example.org")
        assert (answer.status_code, answer.headers["location"]) == (302, f"{SITE}/")
        me = body(await browser.get("/api/me"))
        assert (me["email"], me["display_name"]) == ("dora@example.org", "dora")
        assert me["confirmed_at"]
        security = body(await browser.get("/api/security"))
        assert security["has_password"] is False
    async with place.browser() as other:
        await place.return_from_provider(other, "dora@example.org")
        assert body(await other.get("/api/me"))["id"] == me["id"]


async def test_a_page_that_handles_the_redirect_posts_the_code_once(place: Place) -> None:
    given = await place.code_for_page("dora@example.org")
    async with place.browser() as browser:
        answer = await browser.post("/auth/social/work", json=given)
        assert set(body(answer)) == AUTH_KEYS
        again = await browser.post("/auth/social/work", json=given)
    assert refusal(again) == (400, "provider_refused", "code")


@pytest.mark.parametrize(
    "wrong",
    [
        {"code": "nonsense"},
        {"code_verifier": "another-verifier~which-nobody-has-promised-before"},
        {"redirect_uri": CALLBACK},
        {"nonce": "another nonce"},
    ],
    ids=lambda wrong: next(iter(wrong)),
)
async def test_what_does_not_belong_together_is_refused(
    place: Place, wrong: dict[str, str]
) -> None:
    given = await place.code_for_page("dora@example.org")
    async with place.browser() as browser:
        answer = await browser.post("/auth/social/work", json={**given, **wrong})
    assert refusal(answer) == (400, "provider_refused", "code")


async def test_a_return_that_did_not_begin_in_this_browser_is_refused(place: Place) -> None:
    async with place.browser() as browser:
        departure = await browser.get("/auth/social/work")
    back = await place.provider.sign_in(departure.headers["location"], "dora@example.org")
    async with place.browser() as victim:
        answer = await victim.get(back)
        assert answer.headers["location"] == f"{SITE}/sign-in/provider-failed#state_mismatch"
        assert refusal(await victim.get("/api/me"))[0] == 401
    async with place.browser() as browser:
        await browser.get("/auth/social/work")
        # The cookie is of another journey than the one that ends here.
        answer = await browser.get(back)
        assert answer.headers["location"] == f"{SITE}/sign-in/provider-failed#state_mismatch"


async def test_a_person_who_says_no_is_led_back_with_a_word(place: Place) -> None:
    async with place.browser() as browser:
        departure = await browser.get("/auth/social/work")
        state = parse_qs(urlsplit(departure.headers["location"]).query)["state"][0]
        back = f"/auth/social/work/callback?error=access_denied&state={state}"
        answer = await browser.get(back)
    assert answer.headers["location"] == f"{SITE}/sign-in/provider-failed#access_denied"


async def test_an_address_that_both_sides_have_made_sure_of_connects(place: Place) -> None:
    ana = await place.account("ana@example.org", confirmed=True)
    async with place.browser() as browser:
        await place.return_from_provider(browser, "ana@example.org")
        assert body(await browser.get("/api/me"))["id"] == str(ana.id)
        (connected,) = body(await browser.get("/api/identities"))["items"]
    assert (connected["provider"], connected["title"]) == ("work", "Work")


@pytest.mark.parametrize(
    ("email", "confirmed"),
    [("unverified.ana@example.org", True), ("ana@example.org", False)],
    ids=["not by the provider", "not here"],
)
async def test_an_address_that_one_side_has_not_made_sure_of_takes_over_nothing(
    place: Place, email: str, confirmed: bool
) -> None:
    await place.account(email, confirmed=confirmed)
    async with place.browser() as browser:
        answer = await place.return_from_provider(browser, email)
        assert answer.headers["location"] == f"{SITE}/sign-in/provider-failed#account_exists"
        assert refusal(await browser.get("/api/me"))[0] == 401
        by_page = await browser.post("/auth/social/work", json=await place.code_for_page(email))
    assert refusal(by_page)[:2] == (409, "account_exists")


async def test_an_unverified_address_of_a_newcomer_is_not_stored(place: Place) -> None:
    async with place.browser() as browser:
        await place.return_from_provider(browser, "unverified.dora@example.org")
        me = body(await browser.get("/api/me"))
    assert (me["email"], me["confirmed_at"]) == (None, None)


async def test_a_second_step_is_asked_for_behind_a_provider_too(place: Place) -> None:
    ana = await place.account("ana@example.org", confirmed=True)
    async with place.browser() as browser:
        await place.return_from_provider(browser, "ana@example.org")
    async with place.storage.begin() as work:
        await work.second_steps.put_authenticator(
            Authenticator(account_id=ana.id, sealed_secret="", confirmed_at=utc_now())
        )
        await work.accounts.update(replace(ana, second_step=True))
    async with place.browser() as browser:
        answer = await place.return_from_provider(browser, "ana@example.org")
        assert refusal(await browser.get("/api/me"))[0] == 401
        path, _, fragment = answer.headers["location"].partition("#")
        token, _, methods = fragment.rpartition(".")
        assert (path, methods) == (f"{SITE}/sign-in/second-step", "totp")
        given = await place.code_for_page("ana@example.org")
        by_page = await browser.post("/auth/social/work", json=given)
    assert refusal_with_step(by_page)["methods"] == ["totp"]
    assert len(token) > 30


def refusal_with_step(answer: httpx.Response) -> dict[str, Any]:
    said = answer.json()
    assert (answer.status_code, said["errors"][0]["code"]) == (401, "second_step_required")
    step: dict[str, Any] = said["second_step"]
    return step


async def test_an_account_is_connected_and_disconnected_in_the_settings(place: Place) -> None:
    await place.account("ana@example.org", confirmed=False)
    async with signed_in(place, "ana@example.org") as browser:
        begun = body(await browser.post("/api/identities/work/start"))
        back = await place.provider.sign_in(begun["url"], "ana.private@example.com")
        answer = await browser.get(back)
        assert answer.headers["location"] == f"{SITE}/settings/security"
        (connected,) = body(await browser.get("/api/identities"))["items"]
        assert connected["email"] == "ana.private@example.com"
        me = body(await browser.get("/api/me"))
    async with place.browser() as other:
        await place.return_from_provider(other, "ana.private@example.com")
        assert body(await other.get("/api/me"))["id"] == me["id"]
    async with signed_in(place, "ana@example.org") as browser:
        assert (await browser.delete("/api/identities/work")).status_code == 204
        assert refusal(await browser.delete("/api/identities/work"))[:2] == (404, "not_found")
        assert body(await browser.get("/api/identities"))["items"] == []


async def test_connecting_ends_in_the_session_that_began_it(place: Place) -> None:
    await place.account("ana@example.org", confirmed=False)
    await place.account("bea@example.org", confirmed=False)
    async with (
        signed_in(place, "ana@example.org") as ana,
        signed_in(place, "bea@example.org") as bea,
    ):
        begun = body(await ana.post("/api/identities/work/start"))
        back = await place.provider.sign_in(begun["url"], "x@example.com")
        bea.cookies.set("social_journey", ana.cookies["social_journey"], domain="town.example")
        answer = await bea.get(back)
        assert answer.headers["location"] == f"{SITE}/sign-in/provider-failed#state_mismatch"
        assert body(await bea.get("/api/identities"))["items"] == []


async def test_what_is_somebodys_is_not_connected_to_another(place: Place) -> None:
    await place.account("ana@example.org", confirmed=False)
    async with place.browser() as browser:
        await place.return_from_provider(browser, "dora@example.org")
    async with signed_in(place, "ana@example.org") as browser:
        given = await place.code_for_page("dora@example.org")
        answer = await browser.post("/api/identities/work", json=given)
        assert refusal(answer)[:2] == (409, "identity_taken")
        given = await place.code_for_page("ana@example.com")
        assert (await browser.post("/api/identities/work", json=given)).status_code == 204
        given = await place.code_for_page("ana.too@example.com")
        answer = await browser.post("/api/identities/work", json=given)
        assert refusal(answer)[:2] == (409, "provider_connected")


async def test_the_last_way_in_is_not_taken_away(place: Place) -> None:
    async with place.browser() as browser:
        await place.return_from_provider(browser, "dora@example.org")
        browser.headers["X-CSRFToken"] = browser.cookies["csrftoken"]
        answer = await browser.delete("/api/identities/work")
    assert refusal(answer)[:2] == (409, "last_way_in")


async def test_a_provider_out_of_reach_is_told_plainly(
    ground: dict[str, str], tmp_path: Path
) -> None:
    gone = RunningProvider(9)
    async with open_place(tmp_path, gone, **ground) as place, place.browser() as browser:
        answer = await browser.get("/auth/social/work")
        assert answer.headers["location"] == f"{SITE}/sign-in/provider-failed#unavailable"
        given = {"code": "c", "code_verifier": VERIFIER, "redirect_uri": PAGE}
        answer = await browser.post("/auth/social/work", json=given)
        assert refusal(answer)[:2] == (503, "unavailable")
        answer = await browser.get("/auth/social/nobody")
        assert refusal(answer)[:2] == (404, "not_found")
