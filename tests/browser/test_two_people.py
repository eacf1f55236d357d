"""Two people in two browsers, from registering to a message that crosses an offline spell."""

from __future__ import annotations

import asyncio
import re
from typing import TYPE_CHECKING

import pytest
from playwright.async_api import expect

if TYPE_CHECKING:
    from tests.browser.conftest import SitDown
    from tests.browser.screen import Screen
    from tests.e2e.server_process import ServerProcess

AT_ONCE_MS = 10_000
"""Within this a message has to be on the other one's screen, and nobody looks for lost ones."""

pytestmark = pytest.mark.timeout(180)


@pytest.fixture
def settings() -> dict[str, str]:
    """Return settings under which what is not told at once is not found for long."""
    return {"SWEEP_S": "3600"}


async def test_messages_go_both_ways_at_once(pair: tuple[Screen, Screen]) -> None:
    ana, bea = pair
    for sender, reader, text in ((ana, bea, "Hello Bea"), (bea, ana, "Hello Ana")):
        await sender.send(text)
        await expect(reader.message(text)).to_have_count(1, timeout=AT_ONCE_MS)
        await expect(sender.message(text)).to_have_count(1)
    await expect(ana.message("Hello Bea").get_by_role("img", name="Read")).to_be_visible()
    assert ana.errors == bea.errors == []


async def test_an_edit_a_reply_and_a_deletion_are_seen_live(pair: tuple[Screen, Screen]) -> None:
    ana, bea = pair
    await ana.send("See you at sevn")
    await bea.choose("See you at sevn", "Reply")
    await bea.send("Fine")
    await expect(ana.message("Fine").get_by_text("See you at sevn")).to_be_visible()

    await ana.page.bring_to_front()
    await ana.messages.filter(has_text="See you at sevn").first.click(button="right")
    await ana.page.get_by_role("menuitem", name="Edit").click()
    await expect(ana.composer).to_have_text("See you at sevn")
    await ana.send("See you at seven")
    await expect(bea.message("See you at seven").first).to_contain_text("edited")
    await expect(bea.message("See you at sevn")).to_have_count(0)

    await bea.choose("Fine", "Delete")
    await bea.confirm("Delete")
    await expect(ana.message("Message deleted")).to_have_count(1)
    await expect(ana.message("Fine")).to_have_count(0)


async def test_typing_and_presence_are_seen(pair: tuple[Screen, Screen]) -> None:
    ana, bea = pair
    header = bea.page.get_by_role("button", name=re.compile("^Ana "))
    await expect(header).to_contain_text("online")
    await ana.composer.press_sequentially("Let me think", delay=20)
    await expect(bea.chat("Ana")).to_contain_text("typing")
    await expect(header).to_have_accessible_name("Ana typing")
    await ana.composer.press("Enter")
    await expect(header).to_have_accessible_name("Ana online")
    await ana.page.close()
    await expect(header).to_have_accessible_name("Ana offline")


async def test_a_room_is_found_in_the_directory_kept_clean_and_counted(
    sit_down: SitDown,
) -> None:
    ana, bea = await asyncio.gather(sit_down(), sit_down())
    await asyncio.gather(ana.register("Ana"), bea.register("Bea"))
    await ana.start_room("Film club", "cinema")
    await bea.join_room("Film club")
    await bea.send("What do we watch?")
    await expect(ana.message("What do we watch?")).to_have_count(1)
    await bea.send("Something rude")
    await ana.choose("Something rude", "Delete")
    await ana.page.get_by_role("dialog").get_by_role("button", name="Delete").click()
    await expect(bea.message("Something rude")).to_have_count(0)

    await ana.start_private_chat("Bea")
    for text in ("Anything but", "the new one"):
        await bea.send(text)
    await expect(ana.chat("Film club")).to_contain_text("2")
    await expect(ana.chat("Film club")).to_contain_text("the new one")
    await ana.page.reload()
    await expect(ana.chat("Film club")).to_contain_text("2")
    await ana.open("Film club")
    await expect(ana.message("the new one")).to_have_count(1)
    await expect(ana.chat("Film club").get_by_text("2 unread messages")).to_have_count(0)


async def test_one_stays_signed_in_over_a_reload_and_not_after_signing_out(
    pair: tuple[Screen, Screen],
) -> None:
    ana, _ = pair
    await ana.send("Before the reload")
    await ana.page.reload()
    await expect(ana.message("Before the reload")).to_have_count(1)
    await ana.sign_out()
    await ana.page.reload()
    await ana.sign_in("ana@example.org")
    await expect(ana.chat("Bea")).to_be_visible()


async def test_a_message_written_offline_arrives_once_even_after_a_reload(
    pair: tuple[Screen, Screen],
) -> None:
    ana, bea = pair
    await ana.send("Still here")
    await expect(bea.message("Still here")).to_have_count(1)
    await ana.page.context.set_offline(True)
    await ana.send("Written in the tunnel")
    await expect(ana.message("Written in the tunnel")).to_have_count(1)
    await ana.page.reload()
    await expect(ana.message("Written in the tunnel")).to_have_count(1)
    await bea.send("Are you there?")

    await ana.page.context.set_offline(False)
    await expect(bea.message("Written in the tunnel")).to_have_count(1, timeout=30_000)
    await expect(ana.message("Are you there?")).to_have_count(1, timeout=30_000)
    await expect(ana.message("Written in the tunnel")).to_have_count(1)
    await bea.page.reload()
    await expect(bea.message("Written in the tunnel")).to_have_count(1)


async def test_the_end_of_a_chat_is_held_when_others_come_before_what_is_on_its_way(
    pair: tuple[Screen, Screen],
) -> None:
    ana, bea = pair
    for number in range(30):
        await bea.send(f"Line {number}")
    await expect(ana.message("Line 29")).to_be_visible()
    await ana.page.context.set_offline(True)
    await ana.send("On its way")
    for number in range(30, 40):
        await bea.send(f"Line {number}")

    await ana.page.context.set_offline(False)
    await expect(bea.message("On its way")).to_be_visible(timeout=30_000)
    await expect(ana.message("On its way")).to_be_in_viewport()
    await bea.send("Seen?")
    await expect(ana.message("Seen?")).to_be_in_viewport()
    await expect(bea.message("Seen?").get_by_role("img", name="Read")).to_be_visible()


async def test_both_go_on_after_the_server_was_killed(
    pair: tuple[Screen, Screen], server: ServerProcess
) -> None:
    ana, bea = pair
    await ana.send("Before")
    await expect(bea.message("Before")).to_have_count(1)
    await server.kill()
    await ana.send("While it is down")
    await expect(ana.message("While it is down")).to_have_count(1)
    await server.start()
    await expect(bea.message("While it is down")).to_have_count(1, timeout=30_000)
    await bea.send("After")
    await expect(ana.message("After")).to_have_count(1, timeout=30_000)
    for screen in (ana, bea):
        await screen.page.reload()
        await expect(screen.message("Before")).to_have_count(1)
        await expect(screen.message("While it is down")).to_have_count(1)
        await expect(screen.message("After")).to_have_count(1)
