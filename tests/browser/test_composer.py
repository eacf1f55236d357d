"""Writing with more than letters: pictures, files, names, emoji, polls, and messages that wait."""

from __future__ import annotations

import asyncio
import re
from typing import TYPE_CHECKING

import pytest
from playwright.async_api import expect

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.async_api import CDPSession, Locator

    from tests.browser.conftest import SitDown
    from tests.browser.screen import Screen

ARRIVES_MS = 15_000

pytestmark = pytest.mark.timeout(120)

PASTE_PICTURE = """async ([width, height, name]) => {
    const canvas = document.createElement("canvas");
    canvas.width = width;
    canvas.height = height;
    const brush = canvas.getContext("2d");
    const noise = brush.createImageData(width, height);
    for (let at = 0; at < noise.data.length; at += 4) {
        noise.data.set([at % 251, (at >> 6) % 241, Math.random() * 256, 255], at);
    }
    brush.putImageData(noise, 0, 0);
    const blob = await new Promise((done) => canvas.toBlob(done, "image/png"));
    const clipboardData = new DataTransfer();
    clipboardData.items.add(new File([blob], name, { type: "image/png" }));
    const event = new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true });
    document.activeElement.dispatchEvent(event);
}"""


async def test_a_pasted_picture_goes_up_in_view_and_is_looked_at_by_the_other(
    pair: tuple[Screen, Screen],
) -> None:
    ana, bea = pair
    await ana.composer.fill("The lake")
    await paste_picture(ana, "lake.png")
    dialog = ana.page.get_by_role("dialog", name="Send 1 file")
    await expect(dialog.get_by_role("img", name="lake.png")).to_be_visible()
    await expect(dialog.get_by_role("textbox", name="Caption")).to_have_value("The lake")
    wire = await slowed(ana, bytes_per_s=80_000)
    await dialog.get_by_role("button", name="Send").click()
    progress = ana.message("The lake").get_by_role("progressbar", name=re.compile("Sending, [1-9]"))
    await expect(progress).to_be_attached()
    await unslowed(wire)

    picture = bea.message("The lake").get_by_role("button", name=re.compile("Open lake"))
    await expect(picture).to_be_visible(timeout=ARRIVES_MS)
    await expect(ana.message("The lake")).to_have_count(1)
    await picture.click()
    viewer = bea.page.get_by_role("dialog", name="Media viewer")
    await expect(viewer.get_by_role("img", name=re.compile("lake"))).to_be_visible()
    await expect(viewer).to_contain_text("Ana")
    await bea.page.keyboard.press("Escape")
    await expect(viewer).to_have_count(0)
    await expect(picture).to_be_focused()
    assert ana.errors == bea.errors == []


async def test_several_pictures_make_an_album_to_walk_through(pair: tuple[Screen, Screen]) -> None:
    ana, bea = pair
    for name in ("one.png", "two.png"):
        await paste_picture(ana, name, 320, 240)
        if name == "one.png":
            await ana.page.get_by_role("dialog").get_by_role("button", name="Send").click()
    await expect(ana.page.get_by_role("dialog", name="Send 1 file")).to_be_visible()
    await ana.page.get_by_role("dialog").get_by_role("button", name="Send").click()
    await expect(picture_in(bea.messages.nth(1), "two")).to_be_visible(timeout=ARRIVES_MS)
    await picture_in(bea.messages.nth(0), "one").click()
    viewer = bea.page.get_by_role("dialog", name="Media viewer")
    await expect(viewer).to_contain_text("1 of 2")
    await bea.page.keyboard.press("ArrowRight")
    await expect(viewer).to_contain_text("2 of 2")
    await expect(viewer.get_by_role("img", name=re.compile("two"))).to_be_visible()


async def test_a_file_is_sent_from_the_menu_and_downloaded(
    pair: tuple[Screen, Screen], tmp_path: Path
) -> None:
    ana, bea = pair
    notes = tmp_path / "notes of the meeting.txt"
    notes.write_text("Bring chairs.")
    await choose_file(ana, notes)
    await expect(ana.page.get_by_role("dialog")).to_contain_text("notes of the meeting.txt")
    await ana.page.get_by_role("dialog").get_by_role("button", name="Send").click()
    link = bea.messages.get_by_role("link", name=re.compile("Download notes of the meeting.txt"))
    await expect(link).to_be_visible(timeout=ARRIVES_MS)
    async with bea.page.expect_download() as downloading:
        await link.click()
    download = await downloading.value
    assert download.suggested_filename == notes.name
    await download.save_as(tmp_path / "got.txt")
    assert (tmp_path / "got.txt").read_text() == "Bring chairs."


async def test_a_lost_connection_during_an_upload_only_delays_it(
    pair: tuple[Screen, Screen], tmp_path: Path
) -> None:
    ana, bea = pair
    film = tmp_path / "film.bin"
    film.write_bytes(bytes(range(256)) * 12_000)
    wire = await slowed(ana, bytes_per_s=60_000)
    await choose_file(ana, film)
    dialog = ana.page.get_by_role("dialog")
    await dialog.get_by_role("textbox", name="Caption").fill("A long film")
    await dialog.get_by_role("button", name="Send").click()
    await ana.send("And a word after it")
    progress = ana.message("A long film").get_by_role("progressbar")
    await expect(progress).to_have_accessible_name(re.compile(r"Sending, [1-9]"))
    await unslowed(wire)
    await ana.page.context.set_offline(True)
    await ana.page.reload()
    await expect(ana.message("A long film")).to_have_count(1)
    await ana.page.context.set_offline(False)

    await expect(bea.message("And a word after it")).to_have_count(1, timeout=30_000)
    await expect(bea.messages).to_have_count(2)
    await expect(bea.messages.nth(0)).to_contain_text("A long film")
    await expect(bea.messages.nth(0)).to_contain_text("3.1 MB")
    await expect(ana.message("A long film").get_by_role("progressbar")).to_have_count(0)


async def test_an_upload_is_cancelled_on_its_way(
    pair: tuple[Screen, Screen], tmp_path: Path
) -> None:
    ana, bea = pair
    film = tmp_path / "film.bin"
    film.write_bytes(b"0" * 2_000_000)
    wire = await slowed(ana, bytes_per_s=30_000)
    await choose_file(ana, film)
    await ana.page.get_by_role("dialog").get_by_role("button", name="Send").click()
    await ana.messages.get_by_role("button", name="Cancel").click()
    await expect(ana.messages).to_have_count(0)
    await unslowed(wire)
    await ana.send("Never mind")
    await expect(bea.message("Never mind")).to_have_count(1)
    await expect(bea.messages).to_have_count(1)


async def test_a_name_and_an_emoji_are_completed_while_they_are_typed(sit_down: SitDown) -> None:
    ana, bea = await asyncio.gather(sit_down(), sit_down())
    await asyncio.gather(ana.register("Ana"), bea.register("Bea"))
    await bea.ask("PATCH", "/api/me", {"username": "bea_writes"})
    await ana.start_room("Film club", "cinema")
    await bea.join_room("Film club")
    await ana.composer.press_sequentially("Ask @be")
    option = ana.page.get_by_role("option", name=re.compile("Bea"))
    await expect(option).to_have_attribute("aria-selected", "true")
    await ana.composer.press("Enter")
    await expect(ana.composer).to_have_value("Ask @bea_writes ")
    await ana.composer.press_sequentially(":rocket")
    await expect(ana.page.get_by_role("option", name="rocket")).to_be_visible()
    await ana.composer.press("Tab")
    await ana.composer.press("Enter")
    await expect(bea.message("Ask @bea_writes 🚀")).to_have_count(1)


async def test_emoji_are_found_by_a_word_and_marks_set_by_keys(pair: tuple[Screen, Screen]) -> None:
    ana, bea = pair
    await ana.composer.fill("Well done")
    await ana.composer.press("Control+a")
    await ana.composer.press("Control+b")
    await expect(ana.composer).to_have_value("**Well done**")
    await ana.composer.press("End")
    await ana.page.get_by_role("button", name="Emoji").click()
    await ana.page.get_by_role("searchbox", name="Search emoji").fill("party popper")
    await expect(ana.page.get_by_role("option", name="party popper")).to_be_visible()
    await ana.page.keyboard.press("Enter")
    await ana.page.keyboard.press("Escape")
    await expect(ana.composer).to_be_focused()
    await ana.composer.press("Enter")
    await expect(bea.message("🎉")).to_have_count(1)


async def test_a_draft_and_what_it_answers_are_there_after_a_reload(
    pair: tuple[Screen, Screen],
) -> None:
    ana, bea = pair
    await bea.send("Are you coming?")
    await ana.choose("Are you coming?", "Reply")
    await ana.composer.press_sequentially("Give me a")
    await ana.page.reload()
    await expect(ana.composer).to_have_value("Give me a")
    await expect(ana.page.get_by_text("Reply to Bea")).to_be_visible()
    await ana.composer.press("End")
    await ana.composer.press_sequentially(" minute")
    await ana.composer.press("Enter")
    answer = bea.message("Give me a minute")
    await expect(answer.get_by_text("Are you coming?")).to_be_visible()
    await ana.page.reload()
    await expect(ana.composer).to_have_value("")
    await expect(ana.page.get_by_text("Reply to Bea")).to_have_count(0)


async def test_a_message_waits_for_its_time_and_is_changed_and_sent_before_it(
    pair: tuple[Screen, Screen],
) -> None:
    ana, bea = pair
    await ana.composer.fill("Hapy birthday")
    await ana.page.get_by_role("button", name="Send").click(button="right")
    await ana.page.get_by_role("menuitem", name="Schedule message").click()
    dialog = ana.page.get_by_role("dialog", name="Schedule message")
    await dialog.get_by_role("button", name="Tomorrow morning").click()
    await dialog.get_by_role("button", name="Schedule", exact=True).click()
    await expect(ana.composer).to_have_value("")
    await ana.page.reload()
    await ana.page.get_by_role("button", name="1 scheduled message").click()
    waiting = ana.page.get_by_role("dialog", name="Scheduled messages")
    await waiting.get_by_role("button", name="Edit").click()
    await dialog.get_by_role("textbox", name="Message").fill("Happy birthday")
    await dialog.get_by_role("button", name="Save").click()
    await expect(waiting).to_contain_text("Happy birthday")
    await waiting.get_by_role("button", name="Send now").click()
    await expect(bea.message("Happy birthday")).to_have_count(1)
    await expect(waiting).to_contain_text("Nothing waits")
    await waiting.get_by_role("button", name="Close").last.click()
    await expect(ana.page.get_by_role("button", name="scheduled message")).to_have_count(0)


async def test_a_poll_is_asked_beside_what_is_written(pair: tuple[Screen, Screen]) -> None:
    ana, bea = pair
    await ana.composer.fill("Not yet")
    await ana.page.get_by_role("button", name="Attach").click()
    await ana.page.get_by_role("menuitem", name="Poll").click()
    dialog = ana.page.get_by_role("dialog", name="New poll")
    await dialog.get_by_role("button", name="Create").click()
    await expect(dialog.get_by_role("textbox", name="Question")).to_be_focused()
    await dialog.get_by_role("textbox", name="Question").fill("Tea or coffee?")
    await dialog.get_by_role("textbox", name="Option 1").fill("Tea")
    await dialog.get_by_role("textbox", name="Option 2").fill("Coffee")
    await dialog.get_by_role("button", name="Create").click()
    await expect(dialog).to_have_count(0)
    await expect(bea.messages).to_have_count(1)
    await expect(ana.messages.get_by_role("img", name=re.compile("Sent|Read"))).to_be_visible()
    await expect(ana.composer).to_have_value("Not yet")


async def test_a_picture_pasted_while_a_message_is_changed_goes_out_beside_it(
    pair: tuple[Screen, Screen],
) -> None:
    ana, bea = pair
    await ana.send("Wrods")
    await ana.composer.fill("The harbour")
    await ana.choose("Wrods", "Edit")
    await ana.composer.fill("Words")
    await paste_picture(ana, "harbour.png", 300, 200)
    dialog = ana.page.get_by_role("dialog", name="Send 1 file")
    await expect(dialog.get_by_role("textbox", name="Caption")).to_have_value("The harbour")
    await dialog.get_by_role("button", name="Send").click()
    await expect(picture_in(bea.message("The harbour"), "harbour.png")).to_be_visible()
    await expect(ana.composer).to_have_value("Words")
    await ana.composer.press("Enter")
    await expect(bea.message("Words")).to_have_count(1)
    await expect(ana.composer).to_have_value("")


async def paste_picture(screen: Screen, name: str, width: int = 900, height: int = 700) -> None:
    """Paste a picture that is hard to make smaller."""
    await screen.composer.focus()
    await screen.page.evaluate(PASTE_PICTURE, [width, height, name])


async def choose_file(screen: Screen, path: Path) -> None:
    """Choose a file through the menu."""
    await screen.page.get_by_role("button", name="Attach").click()
    async with screen.page.expect_file_chooser() as choosing:
        await screen.page.get_by_role("menuitem", name="File").click()
    await (await choosing.value).set_files(path)


def picture_in(message: Locator, name: str) -> Locator:
    """Return the picture of a message, to be pressed."""
    return message.get_by_role("button", name=re.compile(f"Open {name}"))


async def slowed(screen: Screen, bytes_per_s: int) -> CDPSession:
    """Make the way to the server narrow, so that what goes up can be watched."""
    wire = await screen.page.context.new_cdp_session(screen.page)
    await _emulate(wire, bytes_per_s)
    return wire


async def unslowed(wire: CDPSession) -> None:
    """Make it wide again."""
    await _emulate(wire, -1)


async def _emulate(wire: CDPSession, bytes_per_s: int) -> None:
    conditions = {
        "offline": False,
        "latency": 0,
        "downloadThroughput": -1,
        "uploadThroughput": bytes_per_s,
    }
    await wire.send("Network.enable")
    await wire.send("Network.emulateNetworkConditions", conditions)
