"""What does not let anybody in through a provider: told by a redirect or in an error's body."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from tertulia.core.limits import JOURNEYS_OF
from tests.adapters.issuer import CODE, Issuer, issuer, new_key
from tests.adapters.web_server import Answer
from tests.gateways.rest.conftest import body, brief, refusal
from tests.gateways.rest.place import CALLBACK, PAGE, SITE, VERIFIER, Place, open_place, signed_in
from tests.oidc.provider import RunningProvider

if TYPE_CHECKING:
    from pathlib import Path

FAILED = f"{SITE}/sign-in/provider-failed"
GIVEN: dict[str, Any] = {"code": CODE, "code_verifier": VERIFIER, "redirect_uri": PAGE}


@pytest.fixture
async def bent() -> AsyncIterator[Issuer]:
    """Return an issuer that is as it should be until a test bends it."""
    async with issuer() as made:
        yield made


def running(bent: Issuer) -> RunningProvider:
    return RunningProvider(urlsplit(bent.url).port or 0)


@pytest.fixture
async def place(bent: Issuer, ground: dict[str, str], tmp_path: Path) -> AsyncIterator[Place]:
    """Return a server that takes the word of that issuer."""
    async with open_place(tmp_path, running(bent), **ground) as place:
        yield place


async def departed(browser: httpx.AsyncClient, bent: Issuer) -> str:
    """Go to the issuer, which signs in whoever comes; return the state."""
    answer = await browser.get("/auth/social/work")
    query = parse_qs(urlsplit(answer.headers["location"]).query)
    bent.claims = {"nonce": query["nonce"][0]}
    return query["state"][0]


async def returned(browser: httpx.AsyncClient, state: str, **query: str) -> str:
    """Come back, and return where that leads."""
    answer = await browser.get(CALLBACK, params={"code": CODE, "state": state, **query})
    assert answer.status_code == 302
    assert answer.content == b""
    location: str = answer.headers["location"]
    return location


async def test_the_way_there_and_back_leads_in(place: Place, bent: Issuer) -> None:
    async with place.browser() as browser:
        state = await departed(browser, bent)
        assert await returned(browser, state) == f"{SITE}/"
        assert body(await browser.get("/api/me"))["display_name"] == "Ana"
        # The journey is over: nothing of it is left in the browser.
        assert "social_journey" not in browser.cookies
        assert await returned(browser, state) == f"{FAILED}#state_mismatch"


async def test_what_carries_a_journey_is_kept_from_scripts_and_neighbours(
    bent: Issuer, ground: dict[str, str], tmp_path: Path
) -> None:
    safe = SITE.replace("http:", "https:")
    async with (
        open_place(tmp_path, running(bent), **ground, FRONTEND_URL=safe) as place,
        place.browser(site=safe) as browser,
    ):
        cookie = (await browser.get("/auth/social/work")).headers["set-cookie"]
        name, _, rest = cookie.partition("=")
        parts = {part.strip().lower() for part in rest.split(";")[1:]}
        assert name == "__Host-social_journey"
        assert {"httponly", "secure", "samesite=lax", "path=/", "max-age=600"} <= parts
        assert not any(part.startswith("domain") for part in parts)
        # A neighbouring subdomain could set one of another name; it is not looked at.
        state = await departed(browser, bent)
        sealed = browser.cookies[name]
        browser.cookies.clear()
        browser.cookies.set("social_journey", sealed, domain="town.example")
        answer = await browser.get(CALLBACK.replace("http:", "https:"), params={"state": state})
        assert answer.headers["location"].endswith("#state_mismatch")


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ({"error": "access_denied"}, "access_denied"),
        ({"error": "server_error"}, "provider_refused"),
        ({"error": "https://evil.example/#x"}, "provider_refused"),
        ({"code": ""}, "provider_refused"),
        ({"code": "another"}, "provider_refused"),
        ({"state": ""}, "state_mismatch"),
        ({"state": "another"}, "state_mismatch"),
        ({"state": "é"}, "state_mismatch"),
    ],
    ids=str,
)
async def test_a_return_that_does_not_lead_in_says_why(
    place: Place, bent: Issuer, query: dict[str, str], code: str
) -> None:
    async with place.browser() as browser:
        state = await departed(browser, bent)
        assert await returned(browser, **{"state": state, **query}) == f"{FAILED}#{code}"
        assert refusal(await browser.get("/api/me"))[0] == 401


@pytest.mark.parametrize(
    "query",
    [
        "",
        "state=%ED%A0%80&code=a",
        "state=%FF&code=%FF",
        "state=%00&code=%00",
        "state=a&state=b&code=c&code=d",
        "state[]=a&code[x]=y",
        f"state={'a' * 5000}&code=a",
        f"state=a&code={'é' * 5000}",
    ],
    ids=lambda query: query[:30],
)
async def test_nothing_in_a_query_breaks_the_return(place: Place, query: str) -> None:
    async with place.browser() as browser:
        await browser.get("/auth/social/work")
        answer = await browser.get(f"/auth/social/work/callback?{query}")
    if answer.status_code == 302:
        assert answer.headers["location"] == f"{FAILED}#state_mismatch"
    else:
        assert refusal(answer)[0] == 400


async def test_a_token_that_is_bent_on_the_way_leads_nobody_in(place: Place, bent: Issuer) -> None:
    async with place.browser() as browser:
        state = await departed(browser, bent)
        bent.claims = {"nonce": "of another journey"}
        assert await returned(browser, state) == f"{FAILED}#provider_refused"
        state = await departed(browser, bent)
        bent.id_token = bent.signed(new_key("first"))
        assert await returned(browser, state) == f"{FAILED}#provider_refused"
        assert refusal(await browser.get("/api/me"))[0] == 401
        by_page = await browser.post("/auth/social/work", json=GIVEN)
    assert refusal(by_page) == (400, "provider_refused", "code")


async def test_a_provider_that_goes_down_on_the_way_is_told_of(place: Place, bent: Issuer) -> None:
    async with place.browser() as browser:
        state = await departed(browser, bent)
        bent.answers["/token"] = lambda: Answer(502, b"<html>")
        assert await returned(browser, state) == f"{FAILED}#unavailable"
        by_page = await browser.post("/auth/social/work", json=GIVEN)
    assert refusal(by_page)[:2] == (503, "unavailable")


async def test_a_session_that_has_ended_meanwhile_connects_nothing(
    place: Place, bent: Issuer
) -> None:
    await place.account("ana@example.com", confirmed=True)
    async with signed_in(place, "ana@example.com") as browser:
        begun = body(await browser.post("/api/identities/work/start"))["url"]
        query = parse_qs(urlsplit(begun).query)
        bent.claims = {"nonce": query["nonce"][0]}
        carried = browser.cookies["social_journey"]
        assert (await browser.post("/auth/logout")).status_code == 204
        browser.cookies.set("social_journey", carried, domain="town.example")
        failed = await returned(browser, query["state"][0])
        assert failed == f"{FAILED}#not_authenticated"
    async with signed_in(place, "ana@example.com") as browser:
        assert body(await browser.get("/api/identities"))["items"] == []


async def test_a_browser_that_goes_there_without_end_is_held_up(
    bent: Issuer, ground: dict[str, str], tmp_path: Path
) -> None:
    async with (
        open_place(tmp_path, running(bent), **ground, LIMITS_SCALE="1") as place,
        place.browser() as browser,
    ):
        for _ in range(JOURNEYS_OF.times):
            assert (await browser.get("/auth/social/work")).status_code == 302
        answer = await browser.get("/auth/social/work")
        assert answer.headers["location"] == f"{FAILED}#rate_limited"


@pytest.mark.parametrize(
    ("wrong", "attr"),
    [
        ({"code": ""}, "code"),
        ({"code": "c" * 4097}, "code"),
        ({"code": None}, "code"),
        ({"code_verifier": "v" * 42}, "code_verifier"),
        ({"code_verifier": "v" * 129}, "code_verifier"),
        ({"code_verifier": "v" * 43 + "\n"}, "code_verifier"),
        ({"code_verifier": "é" * 50}, "code_verifier"),
        ({"redirect_uri": ""}, "redirect_uri"),
        ({"redirect_uri": "r" * 4097}, "redirect_uri"),
        ({"redirect_uri": 7}, "redirect_uri"),
        ({"nonce": "n" * 4097}, "nonce"),
        ({"nonce": []}, "nonce"),
    ],
    ids=brief,
)
async def test_what_cannot_be_right_is_not_taken_to_the_provider(
    place: Place, bent: Issuer, wrong: dict[str, object], attr: str
) -> None:
    async with place.browser() as browser:
        answer = await browser.post("/auth/social/work", json={**GIVEN, **wrong})
    assert refusal(answer) == (400, "invalid", attr)
    assert bent.server.asked == []


@pytest.mark.parametrize(
    ("site", "passkeys"),
    [
        ("https://town.example", True),
        ("http://localhost:8000", True),
        ("http://127.0.0.1:8000", True),
        ("http://[::1]:8000", True),
        ("http://192.0.2.7", False),
        ("https://[2001:db8::7]", False),
    ],
)
async def test_passkeys_are_offered_where_there_is_a_name_to_bind_them_to(
    bent: Issuer, ground: dict[str, str], tmp_path: Path, site: str, passkeys: bool
) -> None:
    async with (
        open_place(
            tmp_path, running(bent), **ground, FRONTEND_URL=site, DEFAULT_REGION="es"
        ) as place,
        place.browser() as browser,
    ):
        ways = body(await browser.get("/auth/providers"))
    assert (ways["passkeys"], ways["region"]) == (passkeys, "ES")
