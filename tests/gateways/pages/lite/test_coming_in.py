"""Signing in and out of the light pages, and what keeps others from doing it for one."""

from __future__ import annotations

import pytest

from tests.gateways.conftest import PASSWORD, Town
from tests.gateways.pages.lite.reading import browsing


async def test_one_signs_in_and_is_led_to_where_one_wanted_to_go(town: Town) -> None:
    room = await town.start_room(town.ana)
    number = (await town.call(town.ana, "GET", f"/api/conversations/{room}"))["number"]
    async with browsing(town) as browser:
        asked = await browser.open(f"/lite/chats/{number}")
        assert (asked.path, asked.title) == ("/lite/signin", "Sign in")
        wrong = await browser.send(asked, "/lite/signin", name="ana", password="wrong wrong")
        assert wrong.refusal
        assert wrong.all("//input[@name='name']/@value") == ["ana"]
        there = await browser.send(wrong, "/lite/signin", name="ana", password=PASSWORD)
        assert (there.path, there.title) == (f"/lite/chats/{number}", "Films")
        cookies = {each.name: each for each in browser.http.cookies.jar}
        assert cookies["access_token"].has_nonstandard_attr("HttpOnly")


@pytest.mark.parametrize("elsewhere", ["https://evil.example/", "//evil.example/", "/api/me"])
async def test_nobody_is_led_elsewhere(town: Town, elsewhere: str) -> None:
    async with browsing(town) as browser:
        asked = await browser.open(f"/lite/signin?next={elsewhere}")
        there = await browser.send(asked, "/lite/signin", name="ana", password=PASSWORD)
        assert str(there.answer.url) in (f"{town.url}/lite", f"{town.url}/lite/")


async def test_one_registers_and_signs_out(town: Town) -> None:
    async with browsing(town) as browser:
        page = await browser.open("/lite/register")
        short = await browser.send(
            page, "/lite/register", display_name="Eva", email="eva@example.org", password="x"
        )
        assert short.refusal
        assert short.all("//input[@name='email']/@value") == ["eva@example.org"]
        chats = await browser.send(short, "/lite/register", password=PASSWORD)
        assert (chats.path, chats.title) == ("/lite", "Chats")
        settings = await browser.open("/lite/settings")
        out = await browser.send(settings, "/lite/signout")
        assert out.title == "Sign in"
        assert (await browser.open("/lite")).title == "Sign in"


async def test_a_form_that_comes_from_elsewhere_is_refused(town: Town) -> None:
    async with browsing(town, town.ana) as browser:
        page = await browser.open("/lite/settings")
        for token in ("", "forged"):
            refused = await browser.send(
                page, "/lite/settings/name", display_name="Mallory", csrftoken=token
            )
            assert refused.answer.status_code == 403
            assert "Please try again" in refused.refusal
    assert (await town.call(town.ana, "GET", "/api/me"))["display_name"] == "Ana"


async def test_what_is_set_holds(town: Town) -> None:
    async with browsing(town, town.ana) as browser:
        page = await browser.open("/lite/settings")
        page = await browser.send(page, "/lite/settings/name", display_name="Ana María")
        page = await browser.send(page, "/lite/settings/theme", theme="night")
        assert page.answer.status_code == 200
    me = await town.call(town.ana, "GET", "/api/me")
    assert (me["display_name"], me["theme"]) == ("Ana María", "night")


@pytest.mark.parametrize("path", ["/lite/nothing", "/lite/chats/999999", "/lite/chats/x"])
async def test_what_is_not_there_is_said_to_be_missing(town: Town, path: str) -> None:
    async with browsing(town, town.ana) as browser:
        assert (await browser.open(path)).answer.status_code == 404


async def test_a_strange_name_among_the_cookies_spoils_none_of_them(town: Town) -> None:
    async with town.http() as http:
        cookie = f"SameSite=lax; ={{}}; access_token={town.ana.token}; odd"
        answer = await http.get("/lite/settings", headers={"cookie": cookie})
        assert "You are signed in as Ana" in answer.text
