"""What every answer carries, and which path means what."""

from __future__ import annotations

from pathlib import Path

import httpx
import pytest

from tertulia.gateways.pages.web_client import WebClient
from tertulia.gateways.rest.app import create_app
from tests.gateways.rest.conftest import FRIENDLY_ORIGIN, Town, body, refusal, site

ANSWERS = ["/api/me", "/api/nothing", "/auth/csrf", "/docs", "/healthz", "/", "/nothing.js"]


@pytest.mark.parametrize("path", ANSWERS)
async def test_every_answer_is_locked_down(stranger: httpx.AsyncClient, path: str) -> None:
    headers = (await stranger.get(path)).headers
    policy = dict(each.split(" ", 1) for each in headers["content-security-policy"].split("; "))
    assert policy["default-src"] == "'self'"
    assert policy["frame-ancestors"] == policy["base-uri"] == "'none'"
    assert policy["form-action"] == policy["connect-src"] == "'self'"
    assert "script-src" not in policy
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "strict-origin-when-cross-origin"
    assert "geolocation=()" in headers["permissions-policy"]
    assert "strict-transport-security" not in headers
    assert "Origin" in headers["vary"]


async def test_under_https_browsers_are_told_to_stay_there(town: Town, tmp_path: Path) -> None:
    async def is_ready() -> None:
        pass

    pages = WebClient(tmp_path / "none")
    app = create_app(town.core, site(is_https=True), ready=is_ready, pages=pages)
    async with town.client(app=app, scheme="https") as client:
        headers = (await client.get("/healthz")).headers
    assert headers["strict-transport-security"] == "max-age=31536000"


@pytest.mark.parametrize("path", ["/api/me", "/auth/csrf", "/api/nothing"])
async def test_what_is_personal_is_not_kept(stranger: httpx.AsyncClient, path: str) -> None:
    assert (await stranger.get(path)).headers["cache-control"] == "no-store"


async def test_a_page_of_a_listed_origin_may_read_answers(stranger: httpx.AsyncClient) -> None:
    headers = (await stranger.get("/auth/csrf", headers={"Origin": FRIENDLY_ORIGIN})).headers
    assert headers["access-control-allow-origin"] == FRIENDLY_ORIGIN
    assert headers["access-control-allow-credentials"] == "true"


async def test_a_page_of_a_listed_origin_may_read_refusals_too(
    stranger: httpx.AsyncClient,
) -> None:
    answer = await stranger.get("/api/me", headers={"Origin": FRIENDLY_ORIGIN})
    assert refusal(answer)[0] == 401
    assert answer.headers["access-control-allow-origin"] == FRIENDLY_ORIGIN


@pytest.mark.parametrize("origin", ["https://evil.example", "null", f"{FRIENDLY_ORIGIN}.evil"])
async def test_a_page_of_any_other_origin_reads_nothing(
    stranger: httpx.AsyncClient, origin: str
) -> None:
    headers = (await stranger.get("/auth/csrf", headers={"Origin": origin})).headers
    assert not [name for name in headers if name.startswith("access-control")]


PREFLIGHT = {
    "Access-Control-Request-Method": "PATCH",
    "Access-Control-Request-Headers": "content-type, x-csrftoken",
}


async def test_a_listed_origin_may_ask_before_it_calls(stranger: httpx.AsyncClient) -> None:
    answer = await stranger.options("/api/me", headers=PREFLIGHT | {"Origin": FRIENDLY_ORIGIN})
    assert (answer.status_code, answer.content) == (204, b"")
    assert answer.headers.get_list("access-control-allow-origin") == [FRIENDLY_ORIGIN]
    assert answer.headers["access-control-allow-credentials"] == "true"
    assert "PATCH" in answer.headers["access-control-allow-methods"]
    assert "X-CSRFToken" in answer.headers["access-control-allow-headers"]
    assert int(answer.headers["access-control-max-age"]) > 0


async def test_any_other_origin_is_refused_when_it_asks(stranger: httpx.AsyncClient) -> None:
    foreign = PREFLIGHT | {"Origin": "https://evil.example"}
    answer = await stranger.options("/api/me", headers=foreign)
    assert refusal(answer) == (403, "origin_refused", None)
    assert "access-control-allow-origin" not in answer.headers


async def test_anyone_may_ask_for_the_options_of_a_path(stranger: httpx.AsyncClient) -> None:
    answer = await stranger.options("/api/me")
    assert (answer.status_code, answer.content) == (204, b"")


@pytest.mark.parametrize(
    "path",
    [
        "/api",
        "/api/",
        "/api/me/",
        "/api//me",
        "//api/me",
        "/api/me/extra",
        "/api/Me",
        "/API/me",
        "/api/me%2F",
        "/api/nothing",
        "/auth",
        "/auth/nothing",
        "/schema",
        "/schema/openapi.json",
        "/docs/",
    ],
)
async def test_a_path_means_exactly_what_it_says(town: Town, path: str) -> None:
    request = httpx.Request("GET", town.ana.http.base_url, headers=town.ana.http.headers)
    request.url = request.url.copy_with(raw_path=path.encode())
    assert refusal(await town.ana.http.send(request)) == (404, "not_found", None)


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "BREW"])
async def test_only_reading_finds_pages(stranger: httpx.AsyncClient, method: str) -> None:
    assert refusal(await stranger.request(method, "/")) == (404, "not_found", None)


@pytest.mark.parametrize("path", ["/healthz", "/api/me", "/", "/docs"])
async def test_head_is_get_without_a_body(town: Town, path: str) -> None:
    got = await town.ana.http.get(path)
    head = await town.ana.http.head(path)
    assert head.status_code == got.status_code
    assert head.content == b""
    assert head.headers["content-length"] == str(len(got.content))
    assert head.headers["content-type"] == got.headers["content-type"]


async def test_a_page_goes_to_browsers_and_not_to_programs(stranger: httpx.AsyncClient) -> None:
    page = await stranger.get("/rooms", headers={"Accept": "text/html,*/*;q=0.8"})
    assert page.headers["content-type"].startswith("text/html")
    assert refusal(await stranger.get("/rooms")) == (404, "not_found", None)


async def test_an_answer_is_json_in_utf_8(town: Town) -> None:
    answer = await town.ana.http.patch("/api/me", json={"display_name": "Ñandú 🦩"})
    assert body(answer)["display_name"] == "Ñandú 🦩"
    assert answer.headers["content-type"] == "application/json"
    assert "Ñandú 🦩".encode() in answer.content
