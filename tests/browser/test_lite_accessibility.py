"""Every light page, in both themes, holds nothing that axe calls serious or critical."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest
from playwright.async_api import expect

from tests.browser.light_screen import LightScreen

if TYPE_CHECKING:
    from playwright.async_api import Page

    from tests.browser.axe import Axe
    from tests.browser.conftest import OpenPage

pytestmark = pytest.mark.timeout(300)

WIDTHS = (1440, 800, 390)
OVERFLOWS = "() => document.documentElement.scrollWidth > document.documentElement.clientWidth"


async def _look(axe: Axe, page: Page, screen: str) -> None:
    """Look at a page; at no width has one to scroll sideways."""
    for width in WIDTHS:
        await page.set_viewport_size({"width": width, "height": 900})
        assert not await page.evaluate(OVERFLOWS), (screen, width)
    await axe.look(page, screen)


async def test_the_ways_in(open_page: OpenPage, axe: Axe) -> None:
    page = await open_page()
    for path in ("/lite/signin", "/lite/register", "/lite/nothing"):
        await page.goto(path)
        await _look(axe, page, path)
    await page.goto("/lite/signin")
    await page.get_by_role("textbox", name="Email or username").fill("nobody")
    await page.get_by_role("textbox", name="Password").fill("a wrong password")
    await page.get_by_role("button", name="Sign in").click()
    await expect(page.get_by_role("alert")).to_be_visible()
    await _look(axe, page, "sign in, refused")


async def test_what_is_there_before_anything_was_said(open_page: OpenPage, axe: Axe) -> None:
    ana = LightScreen(await open_page())
    await ana.register("Ana")
    for path in ("/lite", "/lite/rooms", "/lite/new", "/lite/new/group", "/lite/new/room"):
        await ana.page.goto(path)
        await _look(axe, ana.page, path)
    for path in ("/lite/rooms?q=nothing", "/lite/new?q=nobody", "/lite/settings?saved=name"):
        await ana.page.goto(path)
        await _look(axe, ana.page, path)
    await ana.start_room("Film club")
    await _look(axe, ana.page, "an empty room")


async def test_a_chat_and_its_pages(open_page: OpenPage, axe: Axe) -> None:
    ana, bea = [LightScreen(await open_page()) for _ in range(2)]
    await asyncio.gather(ana.register("Ana"), bea.register("Bea"))
    await ana.start_room("Film club")
    await bea.join_room("Film club")
    chat = ana.page.url
    await bea.send("See https://example.org/" + "a_long_address_" * 12)
    await bea.send("Something rude")
    await bea.look_closer("Something rude")
    await bea.press("Delete")
    await ana.page.reload()
    await ana.send("The third man")
    await bea.look_closer("The third man")
    await bea.press("👍")
    await bea.message("The third man").get_by_role("link", name="Reply").click()
    await expect(bea.page.get_by_text("Reply to Ana: The third man")).to_be_visible()
    await _look(axe, bea.page, "replying")
    await bea.send("I have seen it")
    await expect(ana.message("I have seen it")).to_have_count(1)
    await expect(ana.message("The third man").first).to_contain_text("👍 1")
    await _look(axe, ana.page, "a chat")

    await ana.send("So have I")
    await expect(bea.message("So have I")).to_have_count(1)
    await ana.composer.press_sequentially("Let me think")
    await expect(bea.page.get_by_role("status")).to_have_text("Ana typing…")
    await _look(axe, bea.page, "somebody types")

    await ana.look_closer("👍 1")
    await _look(axe, ana.page, "one's own message")
    await ana.page.goto("/lite")
    await _look(axe, ana.page, "chats")
    for path in ("?watch=1", "/members", "/leave", "/file"):
        await ana.page.goto(chat + path)
        await _look(axe, ana.page, path)
    await ana.page.goto("/lite/new/group")
    await ana.page.get_by_role("searchbox", name="Find people").fill("Bea")
    await ana.press("Find")
    await expect(ana.page.get_by_role("checkbox", name="Bea")).to_be_visible()
    await _look(axe, ana.page, "choosing people")
