"""Keeping chats on several devices, coming into rooms, and looking after them, in real browsers."""

from __future__ import annotations

import asyncio
import re
from typing import TYPE_CHECKING

import pytest
from playwright.async_api import expect

from tests.adapters.files_at_hand import png
from tests.browser.screen import PASSWORD

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.async_api import Locator

    from tests.browser.conftest import SitDown
    from tests.browser.screen import Screen

pytestmark = pytest.mark.timeout(180)


@pytest.fixture
async def pair(sit_down: SitDown) -> tuple[Screen, Screen]:
    """Return Ana's screen, in a room of hers, and Bea's."""
    ana, bea = await asyncio.gather(sit_down(), sit_down())
    await asyncio.gather(ana.register("Ana"), bea.register("Bea"))
    await ana.start_room("Film club", "cinema")
    return ana, bea


async def test_a_room_is_found_by_a_word_joined_and_shown_as_joined(
    pair: tuple[Screen, Screen],
) -> None:
    ana, bea = pair
    await bea.page.get_by_role("button", name="Directory").click()
    await bea.page.get_by_role("searchbox", name="Find a room").fill("film")
    card = bea.page.get_by_role("listitem", name="Film club")
    await expect(card).to_contain_text("1 member")
    await card.get_by_role("button", name="Join").click()
    await expect(bea.composer).to_be_visible()
    await bea.page.get_by_role("button", name="Directory").click()
    region = bea.page.get_by_role("region", name="Directory")
    await expect(region.get_by_role("button", name="Open")).to_be_visible()

    await _about(ana, "room")
    members = ana.page.get_by_role("list", name="Members")
    await expect(members.get_by_role("listitem", name="Bea")).to_be_visible()
    assert ana.errors == bea.errors == []


async def test_a_fresh_person_comes_in_by_a_link_and_registers_on_the_way(
    sit_down: SitDown,
) -> None:
    ana, cleo = await asyncio.gather(sit_down(), sit_down())
    await ana.register("Ana")
    await ana.start_room("Film club", "cinema")
    url = await _make_link(ana)

    await cleo.page.goto(_path_of(url))
    await expect(
        cleo.page.get_by_role("heading", name="You are invited to “Film club”")
    ).to_be_visible()
    await expect(cleo.page.get_by_text("Ana invites you.")).to_be_visible()
    await cleo.page.get_by_role("link", name="Create account").click()
    await cleo.page.get_by_role("textbox", name="Display name").fill("Cleo")
    await cleo.page.get_by_role("textbox", name="Email").fill("cleo@example.org")
    await cleo.page.get_by_role("textbox", name="Password").fill(PASSWORD)
    await cleo.page.get_by_role("button", name="Create account").click()
    await cleo.page.get_by_role("button", name="Join").click()
    await expect(cleo.composer).to_be_visible()
    await cleo.send("Here I am")
    await expect(ana.message("Here I am")).to_have_count(1)

    await cleo.page.goto(_path_of(url))
    await expect(cleo.page.get_by_role("button", name="Open")).to_be_visible()
    await ana.page.get_by_role("button", name="Revoke").click()
    await ana.confirm("Revoke")
    await expect(ana.page.get_by_text("No links yet")).to_be_visible()
    await cleo.page.reload()
    await expect(cleo.page.get_by_text("This invitation does not hold any more")).to_be_visible()


async def test_what_one_device_pins_mutes_archives_and_marks_shows_on_the_other(
    sit_down: SitDown,
) -> None:
    laptop, phone = await asyncio.gather(sit_down(), sit_down(390, 844))
    await laptop.register("Ana")
    await laptop.start_room("First", "cinema")
    await laptop.start_room("Second", "cinema")
    await phone.sign_in("ana@example.org")
    rows = phone.chats.get_by_role("listitem")
    await expect(rows.first).to_have_accessible_name("Second")

    await _keep(laptop, "First", "Pin")
    await expect(rows.first).to_have_accessible_name("First")
    await _keep(laptop, "First", "Mute for 8 hours")
    await expect(phone.chat("First").get_by_role("img", name="Muted")).to_be_visible()
    await _keep(laptop, "First", "Mark as unread")
    await expect(phone.chat("First")).to_contain_text("Marked as unread")
    await phone.open("First")
    await expect(laptop.chat("First")).not_to_contain_text("Marked as unread")

    await phone.page.get_by_role("button", name="Back").click()
    await _keep(laptop, "Second", "Archive")
    await expect(phone.chat("Second")).to_have_count(0)
    await phone.page.get_by_role("button", name=re.compile("^Archived")).click()
    await expect(phone.chat("Second")).to_be_visible()
    await laptop.page.reload()
    await expect(laptop.chat("First")).to_be_visible()
    await expect(laptop.chat("Second")).to_have_count(0)


async def test_an_archived_chat_comes_back_with_a_new_message(
    pair: tuple[Screen, Screen],
) -> None:
    ana, bea = pair
    await bea.join_room("Film club")
    await bea.start_private_chat("Ana")
    await _keep(bea, "Film club", "Archive")
    await expect(bea.chat("Film club")).to_have_count(0)
    await ana.send("What do we watch?")
    await expect(bea.chat("Film club")).to_contain_text("What do we watch?")


async def test_unread_and_mention_counts_are_right_after_a_reload(
    pair: tuple[Screen, Screen],
) -> None:
    ana, bea = pair
    await bea.open_settings("Profile")
    await bea.page.get_by_role("textbox", name="Username").fill("bea")
    await bea.page.get_by_role("button", name="Save").click()
    await bea.leave_settings()
    await bea.join_room("Film club")
    await bea.start_private_chat("Ana")
    for text in ("Anybody here?", "@bea look at this", "It is good"):
        await ana.send(text)
    for _ in range(2):
        await expect(bea.chat("Film club")).to_contain_text("3 unread messages")
        await expect(bea.chat("Film club")).to_contain_text("1 mention of you")
        await bea.page.reload()
    await bea.open("Film club")
    await expect(bea.chat("Film club")).not_to_contain_text("unread messages")
    await expect(bea.chat("Film club")).not_to_contain_text("mention of you")


async def test_whoever_is_banned_is_told_why_and_stays_out_until_the_ban_is_lifted(
    pair: tuple[Screen, Screen],
) -> None:
    ana, bea = pair
    await bea.join_room("Film club")
    about = await _about(ana, "room")
    await _member_act(ana, "Bea", "Ban Bea")
    await ana.confirm("Ban", reason="Too many spoilers")
    dialog = bea.page.get_by_role("dialog", name="You were banned from “Film club”")
    await expect(dialog).to_contain_text("Reason: Too many spoilers")
    await dialog.get_by_role("button", name="OK").click()
    await expect(bea.chat("Film club")).to_have_count(0)

    await bea.page.get_by_role("button", name="Directory").click()
    card = bea.page.get_by_role("listitem", name="Film club")
    await card.get_by_role("button", name="Join").click()
    await expect(bea.page.get_by_text("Banned here")).to_be_visible()

    await about.get_by_role("button", name="Banned people").click()
    banned = ana.page.get_by_role("list", name="Banned people").get_by_role("listitem", name="Bea")
    await expect(banned).to_contain_text("Too many spoilers")
    await banned.get_by_role("button", name="Unban").click()
    await expect(ana.page.get_by_text("Nobody is banned")).to_be_visible()
    await ana.page.get_by_role("button", name="Back").last.click()
    await about.get_by_role("button", name="Recent actions").click()
    await expect(ana.page.get_by_text("Ana banned Bea")).to_be_visible()
    await card.get_by_role("button", name="Join").click()
    await expect(bea.composer).to_be_visible()


async def test_an_admin_is_made_and_sees_what_members_do_not(pair: tuple[Screen, Screen]) -> None:
    ana, bea = pair
    await bea.join_room("Film club")
    await _about(ana, "room")
    about = await _about(bea, "room")
    await expect(about.get_by_role("button", name="Recent actions")).to_have_count(0)
    await _member_act(ana, "Bea", "Make admin")
    await expect(about.get_by_role("button", name="Recent actions")).to_be_visible()
    await _member_act(ana, "Bea", "Remove admin")
    await expect(about.get_by_role("button", name="Recent actions")).to_have_count(0)


async def test_a_room_is_handed_over_and_its_new_owner_looks_after_it(
    pair: tuple[Screen, Screen],
) -> None:
    ana, bea = pair
    await bea.join_room("Film club")
    old_owners = await _about(ana, "room")
    about = await _about(bea, "room")
    await expect(about.get_by_role("button", name="Edit")).to_have_count(0)
    await _member_act(ana, "Bea", "Make owner")
    await ana.confirm("Make owner")
    await expect(about.get_by_role("button", name="Edit")).to_be_visible()
    await expect(old_owners.get_by_role("button", name="Edit")).to_have_count(0)
    members = ana.page.get_by_role("list", name="Members")
    await expect(members.get_by_role("listitem", name="Bea")).to_contain_text("owner")
    await expect(members.get_by_role("listitem", name="Ana")).to_contain_text("admin")


async def test_what_the_owner_changes_is_seen_by_everybody_at_once(
    pair: tuple[Screen, Screen],
) -> None:
    ana, bea = pair
    await bea.join_room("Film club")
    about = await _about(ana, "room")
    await about.get_by_role("button", name="Edit").click()
    dialog = ana.page.get_by_role("dialog")
    await dialog.get_by_role("textbox", name="Name", exact=True).fill("Cinema club")
    await dialog.get_by_role("textbox", name="Description").fill("Thursdays at nine")
    await dialog.get_by_role("group", name="Slow mode").get_by_role("button", name="30 s").click()
    await dialog.get_by_role("button", name="Save").click()
    await expect(bea.chat("Cinema club")).to_be_visible()
    await expect(about).to_contain_text("Thursdays at nine")


async def test_a_group_with_a_picture_is_begun_and_another_is_brought_in_by_username(
    sit_down: SitDown, tmp_path: Path
) -> None:
    ana, bea = await asyncio.gather(sit_down(), sit_down())
    await ana.register("Ana")
    await bea.register("Bea")
    await bea.open_settings("Profile")
    await bea.page.get_by_role("textbox", name="Username").fill("bea")
    await bea.page.get_by_role("button", name="Save").click()
    await bea.leave_settings()

    picture = tmp_path / "picture.png"
    picture.write_bytes(png(64, 64))
    await ana.page.get_by_role("button", name="New chat").click()
    await ana.page.get_by_role("menuitem", name="New group").click()
    dialog = ana.page.get_by_role("dialog")
    await dialog.locator("input[type=file]").set_input_files(picture)
    await dialog.get_by_role("textbox", name="Name").fill("Neighbours")
    await dialog.get_by_role("textbox", name="Description").fill("Who waters the plants")
    await dialog.get_by_role("button", name="Create").click()
    await expect(ana.chat("Neighbours").locator("img[src*='/avatars/']")).to_be_visible()

    about = await _about(ana, "group")
    await expect(about).to_contain_text("Who waters the plants")
    await about.get_by_role("button", name="Add people").click()
    await ana.page.get_by_role("textbox", name="Username or phone number").fill("@bea")
    await ana.page.get_by_role("dialog").get_by_role("button", name="Invite").click()
    await expect(ana.page.get_by_text("Bea is in")).to_be_visible()
    await expect(bea.chat("Neighbours").locator("img[src*='/avatars/']")).to_be_visible()


async def _about(screen: Screen, kind: str) -> Locator:
    await screen.page.get_by_role("button", name="About this chat").click()
    about = screen.page.get_by_role("region", name=f"About this {kind}")
    await expect(about).to_be_visible()
    return about


async def _keep(screen: Screen, chat: str, item: str) -> None:
    await screen.chat(chat).click(button="right")
    await screen.page.get_by_role("menuitem", name=item, exact=True).click()


async def _member_act(screen: Screen, name: str, item: str) -> None:
    members = screen.page.get_by_role("list", name="Members")
    await members.get_by_role("listitem", name=name).click(button="right")
    await screen.page.get_by_role("menuitem", name=item).click()


async def _make_link(screen: Screen) -> str:
    about = await _about(screen, "room")
    await about.get_by_role("button", name="Invite links").click()
    await screen.page.get_by_role("button", name="Create a link").click()
    row = screen.page.get_by_role("list", name="Invite links").get_by_role("listitem")
    return await row.get_by_text(re.compile("/invite/")).inner_text()


def _path_of(url: str) -> str:
    return "/invite/" + url.rsplit("/", 1)[1]
