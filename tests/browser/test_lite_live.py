"""The light pages where there is script: a chat is live over Socket.IO, and its page stays."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest
from playwright.async_api import expect

from tests.browser.light_screen import LightScreen

if TYPE_CHECKING:
    from playwright.async_api import Page

    from tests.browser.conftest import OpenPage, SitDown
    from tests.e2e.server_process import ServerProcess

pytestmark = pytest.mark.timeout(180)


@pytest.fixture
async def pair(open_page: OpenPage) -> tuple[LightScreen, LightScreen]:
    """Return Ana's screen and Bea's, both live in the same room."""
    ana, bea = [LightScreen(await open_page()) for _ in range(2)]
    await asyncio.gather(ana.register("Ana"), bea.register("Bea"))
    await ana.start_room("Film club")
    await bea.join_room("Film club")
    # What is there without a reload came over the socket: from now on both of them listen.
    for sender, reader, text in ((ana, bea, "Welcome"), (bea, ana, "Thank you")):
        await sender.send(text)
        await expect(reader.message(text)).to_have_count(1)
    return ana, bea


async def _mark(page: Page) -> None:
    """Leave a mark that goes with the page."""
    await page.evaluate("() => { window.isTheSame = true; }")


async def _assert_same(page: Page) -> None:
    assert await page.evaluate("() => window.isTheSame === true")


async def test_everything_is_seen_as_it_happens(
    pair: tuple[LightScreen, LightScreen],
) -> None:
    ana, bea = pair
    await _mark(ana.page)
    await _mark(bea.page)
    for sender, reader, text in ((bea, ana, "What do we wach?"), (ana, bea, "The third man")):
        await sender.composer.fill(text)
        await sender.composer.press("Enter")
        await expect(reader.message(text)).to_have_count(1)
        await expect(sender.message(text)).to_have_count(1)
        await expect(sender.composer).to_have_value("")
    await expect(ana.message("wach")).to_contain_text("Bea")
    await _assert_same(bea.page)

    await bea.look_closer("wach")
    await bea.page.get_by_role("textbox", name="Text").fill("What do we watch?")
    await bea.press("Save")
    await expect(ana.message("What do we watch?")).to_contain_text("edited")

    await bea.look_closer("The third man")
    await bea.press("👍")
    await expect(ana.message("The third man")).to_contain_text("👍 1")

    await bea.look_closer("What do we watch?")
    await bea.press("Delete")
    await expect(ana.message("Message deleted")).to_have_count(1)
    await expect(ana.message("What do we watch?")).to_have_count(0)
    await _assert_same(ana.page)


async def test_who_types_is_seen_until_the_message_comes(
    pair: tuple[LightScreen, LightScreen],
) -> None:
    ana, bea = pair
    typing = ana.page.get_by_role("status")
    await bea.composer.press_sequentially("Let me think", delay=20)
    await expect(typing).to_have_text("Bea typing…")
    await bea.press("Send")
    await expect(ana.message("Let me think")).to_have_count(1)
    await expect(typing).to_be_empty()


async def test_what_was_said_while_the_server_was_away_is_there_afterwards(
    pair: tuple[LightScreen, LightScreen], server: ServerProcess
) -> None:
    ana, bea = pair
    await bea.send("Before")
    await expect(ana.message("Before")).to_have_count(1)
    await _mark(ana.page)
    await server.kill()
    await server.start()
    await bea.page.reload()
    await bea.send("After")
    await expect(ana.message("After")).to_have_count(1, timeout=40_000)
    await expect(ana.message("Before")).to_have_count(1)
    await _assert_same(ana.page)


async def test_an_answer_goes_by_the_form_and_others_see_what_it_answers(
    pair: tuple[LightScreen, LightScreen],
) -> None:
    ana, bea = pair
    await ana.send("Who brings bread?")
    await bea.message("bread").get_by_role("link", name="Reply").click()
    await expect(bea.page.get_by_text("Reply to Ana: Who brings bread?")).to_be_visible()
    await bea.send("I do")
    await expect(ana.message("I do").locator("blockquote")).to_contain_text("Who brings bread?")


async def test_one_goes_over_from_the_web_client_and_back_signed_in_once(
    sit_down: SitDown,
) -> None:
    full = await sit_down()
    light = LightScreen(full.page)
    await light.follow("Light version")
    await light.expect_heading("Sign in")
    await light.register("Ana")
    await light.follow("Open the full version")
    await full.expect_in()
    assert full.errors == []
