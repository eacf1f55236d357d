"""The cookies that keep a person signed in."""

from __future__ import annotations

from http.cookies import Morsel, SimpleCookie
from pathlib import Path

import httpx
import pytest

from tertulia.gateways.pages.web_client import WebClient
from tertulia.gateways.rest.app import create_app
from tests.gateways.rest.conftest import PASSWORD, Town, body, site

LOGIN = {"username": "ana", "password": PASSWORD}
TWO_WEEKS_S = 14 * 24 * 3600


async def is_ready() -> None:
    """Answer for a storage that is there."""


def morsels(answer: httpx.Response) -> dict[str, Morsel[str]]:
    return {
        name: morsel
        for line in answer.headers.get_list("set-cookie")
        for name, morsel in SimpleCookie(line).items()
    }


async def test_no_script_reads_the_tokens_and_no_other_site_sends_them(
    stranger: httpx.AsyncClient,
) -> None:
    cookies = morsels(await stranger.post("/auth/login", json=LOGIN))
    assert set(cookies) == {"access_token", "refresh_token", "csrftoken"}
    for name in ("access_token", "refresh_token"):
        assert cookies[name]["httponly"]
        assert cookies[name]["samesite"] == "lax"
        assert cookies[name]["path"] == "/"
        assert not cookies[name]["secure"]
        assert not cookies[name]["domain"]


async def test_the_access_cookie_outlives_its_token(stranger: httpx.AsyncClient) -> None:
    cookies = morsels(await stranger.post("/auth/login", json=LOGIN))
    for name in ("access_token", "refresh_token"):
        assert TWO_WEEKS_S - 60 <= int(cookies[name]["max-age"]) <= TWO_WEEKS_S


@pytest.fixture
async def secure(town: Town, tmp_path: Path) -> httpx.AsyncClient:
    """Return a browser of a town that is reached under https."""
    pages = WebClient(tmp_path / "none")
    app = create_app(town.core, site(is_https=True), ready=is_ready, pages=pages)
    return town.client(app=app, scheme="https")


async def test_under_https_the_cookies_are_secure_and_bound_to_the_host(
    secure: httpx.AsyncClient,
) -> None:
    cookies = morsels(await secure.post("/auth/login", json=LOGIN))
    assert set(cookies) == {"__Host-access_token", "__Host-refresh_token", "csrftoken"}
    assert all(morsel["secure"] for morsel in cookies.values())
    assert body(await secure.get("/api/me"))["username"] == "ana"
    headers = {"X-CSRFToken": cookies["csrftoken"].value}
    assert body(await secure.post("/auth/refresh", headers=headers))["user"]["username"] == "ana"


async def test_under_https_the_plain_names_are_read_too(
    town: Town, secure: httpx.AsyncClient
) -> None:
    access_token = town.ana.signed_in.access_token
    answer = await secure.get("/api/me", headers={"Cookie": f"access_token={access_token}"})
    assert body(answer)["id"] == town.ana.id


async def test_under_https_the_bound_name_wins(town: Town, secure: httpx.AsyncClient) -> None:
    planted = f"access_token={town.bea.signed_in.access_token}"
    own = f"__Host-access_token={town.ana.signed_in.access_token}"
    answer = await secure.get("/api/me", headers={"Cookie": f"{own}; {planted}"})
    assert body(answer)["id"] == town.ana.id


async def test_signing_out_clears_the_cookies_under_either_name(
    secure: httpx.AsyncClient,
) -> None:
    token = morsels(await secure.post("/auth/login", json=LOGIN))["csrftoken"].value
    answer = await secure.post("/auth/logout", headers={"X-CSRFToken": token})
    cleared = morsels(answer)
    assert set(cleared) == {
        "access_token",
        "refresh_token",
        "__Host-access_token",
        "__Host-refresh_token",
    }
    assert all((morsel.value, morsel["max-age"]) == ("", "0") for morsel in cleared.values())
