"""The light pages in a browser that runs no script at all."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest
from playwright.async_api import expect

from tests.browser.light_screen import LightScreen

if TYPE_CHECKING:
    from pathlib import Path

    from tests.browser.conftest import OpenPage

pytestmark = pytest.mark.timeout(180)


@pytest.fixture
async def pair(open_page: OpenPage) -> tuple[LightScreen, LightScreen]:
    """Return Ana's screen and Bea's: Ana has opened a room, and Bea found it in the directory."""
    ana, bea = [LightScreen(await open_page(is_scripted=False)) for _ in range(2)]
    await asyncio.gather(ana.register("Ana"), bea.register("Bea"))
    await ana.start_room("Film club")
    await bea.join_room("Film club")
    return ana, bea


async def test_messages_are_sent_read_answered_and_changed(
    pair: tuple[LightScreen, LightScreen],
) -> None:
    ana, bea = pair
    await bea.send("What do we wach?")
    await ana.follow("Refresh")
    await ana.message("wach").get_by_role("link", name="Reply").click()
    await expect(ana.page.get_by_text("Reply to Bea: What do we wach?")).to_be_visible()
    await ana.send("The third man")
    await expect(ana.message("The third man").locator("blockquote")).to_contain_text("wach")

    await bea.look_closer("What do we wach?")
    await bea.page.get_by_role("textbox", name="Text").fill("What do we watch?")
    await bea.press("Save")
    await expect(bea.message("What do we watch?").first).to_contain_text("edited")

    await bea.look_closer("The third man")
    await bea.press("👍")
    await expect(bea.message("The third man")).to_contain_text("👍 1")
    await ana.look_closer("The third man")
    await expect(ana.page.get_by_text("👍 Bea")).to_be_visible()
    await ana.press("👍")
    await expect(ana.message("The third man")).to_contain_text("👍 2")
    await ana.look_closer("The third man")
    await ana.press("👍")
    await expect(ana.message("The third man")).to_contain_text("👍 1")

    await ana.look_closer("The third man")
    await ana.press("Delete")
    await expect(ana.message("Message deleted")).to_have_count(1)
    await bea.follow("Refresh")
    await expect(bea.message("The third man")).to_have_count(0)
    await expect(bea.message("Message deleted")).to_have_count(1)


async def test_a_page_that_is_watched_renews_itself(
    pair: tuple[LightScreen, LightScreen],
) -> None:
    ana, bea = pair
    await ana.follow("Watch")
    await bea.send("Without a script")
    await expect(ana.message("Without a script")).to_be_visible(timeout=30_000)


async def test_a_file_goes_along_with_what_was_typed(
    pair: tuple[LightScreen, LightScreen], tmp_path: Path
) -> None:
    ana, bea = pair
    notes = tmp_path / "notes.txt"
    notes.write_text("Bring bread")
    await ana.composer.fill("Here are the notes")
    await ana.press("Attach a file")
    await ana.page.get_by_label("File").set_input_files(notes)
    await ana.press("Send")
    await bea.follow("Refresh")
    message = bea.message("Here are the notes")
    async with bea.page.expect_download() as download:
        await message.get_by_role("link", name="notes.txt").click()
    assert (await (await download.value).path()).read_text() == "Bring bread"


async def test_settings_hold_and_one_signs_out(pair: tuple[LightScreen, LightScreen]) -> None:
    ana, bea = pair
    await ana.follow("Settings")
    await ana.page.get_by_role("textbox", name="Display name").fill("Ana María")
    await ana.press("Save name")
    await expect(ana.page.get_by_role("status")).to_have_text("Your name is changed.")
    await ana.page.get_by_role("combobox", name="Colours").select_option("night")
    await ana.press("Save theme")
    await expect(ana.page.locator("html")).to_have_attribute("data-theme", "night")
    await bea.follow("Members")
    await expect(bea.page.get_by_text("Ana María")).to_be_visible()

    await ana.press("Sign out")
    await ana.expect_heading("Sign in")
    await ana.page.goto("/lite/settings")
    await ana.expect_heading("Sign in")
    await ana.page.goto("/lite")
    await ana.sign_in("ana@example.org")
    await expect(ana.page.get_by_role("link", name="Film club")).to_be_visible()


async def test_one_leaves_a_room(pair: tuple[LightScreen, LightScreen]) -> None:
    _, bea = pair
    await bea.follow("Members")
    await bea.follow("Leave this room")
    await bea.press("Leave")
    await expect(bea.page.get_by_text("You have no chats yet")).to_be_visible()
