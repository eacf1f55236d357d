"""Every screen, in both themes, holds nothing that axe calls serious or critical."""

from __future__ import annotations

import asyncio
import re
from typing import TYPE_CHECKING

import pytest
from playwright.async_api import expect

from tests.adapters.files_at_hand import png
from tests.browser.axe import look_at_dialog

if TYPE_CHECKING:
    from playwright.async_api import Locator

    from tests.browser.axe import Axe
    from tests.browser.conftest import SitDown
    from tests.browser.screen import Screen

pytestmark = pytest.mark.timeout(300)

SETTINGS = {
    "profile": "Profile",
    "starred": "Starred messages",
    "notifications": "Notifications",
    "privacy": "Privacy",
    "security": "Security",
    "devices": "Devices",
    "appearance": "Appearance",
}

UPLOAD = """async ([conversation, name, bytes]) => {
    const form = new FormData();
    form.append("conversation_id", conversation);
    form.append("file", new File([new Uint8Array(bytes)], name));
    const token = /csrftoken=([^;]*)/.exec(document.cookie)[1];
    const headers = { "X-CSRFToken": token };
    return (await fetch("/api/uploads", { method: "POST", headers, body: form })).json();
}"""


@pytest.fixture
def settings() -> dict[str, str]:
    """Return settings under which nobody waits."""
    return {"LIMITS_SCALE": "1000"}


@pytest.fixture
async def pair(sit_down: SitDown) -> tuple[Screen, Screen]:
    """Return Ana's screen and Bea's, with a group of the two in which much was said."""
    # High enough that all that was said stands in the page.
    ana, bea = await asyncio.gather(sit_down(height=2000), sit_down())
    for screen, name in ((ana, "Ana"), (bea, "Bea")):
        await screen.register(name)
    await bea.ask("PATCH", "/api/me", {"username": "bea", "bio": "Reads a lot"})
    await ana.start_private_chat("Bea")
    await ana.start_group("Readers", "Bea")
    await bea.open("Readers")
    return ana, bea


async def test_the_ways_in(sit_down: SitDown, axe: Axe) -> None:
    guest = await sit_down()
    page = guest.page
    for path, heading in (
        ("/", "Sign in to Tertulia"),
        ("/register", "Create your account"),
        ("/forgot-password", "Forgot your password?"),
        ("/reset-password", "This link does not work any more"),
        ("/nowhere", "Sign in to Tertulia"),
    ):
        await page.goto(path)
        await expect(page.get_by_role("heading", name=heading)).to_be_visible()
        await axe.look(page, path)
    await page.get_by_role("link", name="Sign in with phone").click()
    await expect(page.get_by_role("textbox", name="Phone number")).to_be_visible()
    await axe.look(page, "sign in with phone")
    await page.goto("/register")
    await page.get_by_role("button", name="Create account").click()
    await axe.look(page, "register, refused")
    await page.goto("/")
    await guest.give_password("nobody", "a wrong password")
    await expect(page.get_by_role("alert")).to_be_visible()
    await axe.look(page, "sign in, refused")
    await page.set_viewport_size({"width": 390, "height": 844})
    await axe.look(page, "sign in, narrow")
    await guest.page.get_by_role("link", name="Create account").click()
    await axe.look(page, "register, narrow")


async def test_the_chats_and_a_thread(pair: tuple[Screen, Screen], axe: Axe) -> None:
    ana, bea = pair
    page = ana.page
    group = await much_is_said(ana, bea)
    await several_chats(ana, bea)
    await expect(ana.message("Look at this lake")).to_be_visible()
    await axe.look(page, "chats and thread")

    await ana.message("Here are the notes").click(button="right", position={"x": 5, "y": 5})
    await axe.look(page, "message menu")
    await page.keyboard.press("Escape")
    await ana.message("Here are the notes").click(button="right", position={"x": 5, "y": 5})
    await page.get_by_role("menuitem", name="React", exact=True).click()
    await expect(page.get_by_role("button", name="🙏", exact=True).first).to_be_visible()
    await axe.look(page, "reaction picker")
    await page.keyboard.press("Escape")
    await page.get_by_role("button", name="Emoji").click()
    await expect(page.get_by_role("searchbox", name="Search emoji")).to_be_visible()
    await axe.look(page, "emoji picker")
    await page.keyboard.press("Escape")

    for item, dialog in (
        ("Forward", "Forward message"),
        ("Read by", "Read by"),
        ("Edit history", "Edit history"),
        ("Delete", "Delete this message?"),
    ):
        await ana.choose("Changed my mind", item)
        await look_at_dialog(axe, ana, dialog)
    await ana.choose("Here are the notes", "Reply")
    await axe.look(page, "replying")
    await page.get_by_role("button", name="Cancel reply").click()
    await page.get_by_role("button", name="Who voted").click()
    await look_at_dialog(axe, ana, "Who voted")
    await page.get_by_role("button", name="All pinned messages").click()
    await look_at_dialog(axe, ana, "Pinned messages")
    await ana.choose("Here are the notes", "Select")
    await axe.look(page, "selecting")
    await page.keyboard.press("Escape")

    await page.get_by_role("button", name="Search this chat").click()
    await page.get_by_role("searchbox", name="Search this chat").fill("dinner")
    await expect(page.get_by_text("1 of 1")).to_be_visible()
    await axe.look(page, "search in the thread")
    await page.keyboard.press("Escape")
    await ana.page.get_by_role("button", name=re.compile("Open lake")).click()
    await expect(page.get_by_role("dialog", name="Media viewer")).to_be_visible()
    await axe.look(page, "media viewer")
    await page.keyboard.press("Escape")
    await composer_dialogs(axe, ana)

    await page.get_by_role("searchbox", name="Search", exact=True).fill("dinner")
    await expect(page.get_by_role("list", name="Messages")).to_be_visible()
    await axe.look(page, "search")
    await page.get_by_role("searchbox", name="Search", exact=True).fill("")
    await page.get_by_role("button", name=re.compile("^Archived")).click()
    await axe.look(page, "archive")
    await page.get_by_role("button", name="Back to all chats").click()

    await page.set_viewport_size({"width": 390, "height": 844})
    await page.goto(f"/c/{group}")
    await expect(ana.message("Look at this lake")).to_be_visible()
    await axe.look(page, "thread, narrow")
    await page.goto("/")
    await expect(ana.chat("Readers")).to_be_visible()
    await axe.look(page, "chats, narrow")


async def test_what_is_told_about_chats_and_new_ones(pair: tuple[Screen, Screen], axe: Axe) -> None:
    ana, bea = pair
    page = ana.page
    group = await much_is_said(ana, bea)
    people = await ana.ask("GET", f"/api/conversations/{group}/members")
    assert people
    about = await open_about(ana, "group")
    await axe.look(page, "about a group")
    await about.get_by_role("button", name="Edit").click()
    await look_at_dialog(axe, ana, "Edit group")
    await about.get_by_role("button", name="Add people").click()
    await look_at_dialog(axe, ana, "Add people")
    members = page.get_by_role("list", name="Members")
    await members.get_by_role("listitem", name="Bea").click(button="right")
    await axe.look(page, "menu of a member")
    await page.get_by_role("menuitem", name="Ban Bea").click()
    await look_at_dialog(axe, ana, "Ban Bea?")
    for name in ("Photos", "Files", "Links"):
        await about.get_by_role("tab", name=name).click()
        await expect(about.get_by_role("status", name="Loading")).to_have_count(0)
        await axe.look(page, f"shared {name}")
    for name in ("Pinned messages", "Banned people", "Recent actions"):
        await about.get_by_role("button", name=name).click()
        await axe.look(page, name)
        await page.get_by_role("button", name="Back").last.click()
    await about.get_by_role("button", name="Invite links").click()
    await page.get_by_role("button", name="Create a link").click()
    row = page.get_by_role("list", name="Invite links").get_by_role("listitem")
    url = await row.get_by_text(re.compile("/invite/")).inner_text()
    await axe.look(page, "invite links")
    await page.get_by_role("button", name="QR code").click()
    await axe.look(page, "QR code")
    await page.keyboard.press("Escape")

    await ana.open("Bea")
    await open_about(ana, "person")
    await axe.look(page, "about a person")
    await page.set_viewport_size({"width": 390, "height": 844})
    await axe.look(page, "about a person, narrow")
    await page.goto(f"/c/{group}/about")
    await expect(page.get_by_role("region", name="About this group")).to_be_visible()
    await axe.look(page, "about a group, narrow")
    await page.set_viewport_size({"width": 1280, "height": 2000})
    await page.get_by_role("button", name="Directory").click()
    await bea.ask(
        "POST", "/api/conversations", {"kind": "room", "alias": "Films", "topic": "books"}
    )
    await page.reload()
    await expect(page.get_by_role("listitem", name="Films")).to_be_visible()
    await axe.look(page, "directory")
    await page.set_viewport_size({"width": 390, "height": 844})
    await axe.look(page, "directory, narrow")
    await page.set_viewport_size({"width": 1280, "height": 2000})
    for name in ("New room", "New group", "New private chat"):
        await page.get_by_role("button", name="New chat").click()
        await page.get_by_role("menuitem", name=name).click()
        await look_at_dialog(axe, ana, name)

    path = "/invite/" + url.rsplit("/", 1)[1]
    await page.goto(path)
    await expect(page.get_by_role("heading", name="You are invited")).to_be_visible()
    await axe.look(page, "invited as a member")
    await ana.page.goto("/")
    await ana.sign_out()
    await page.goto(path)
    await expect(page.get_by_role("heading", name="You are invited")).to_be_visible()
    await axe.look(page, "invited as a stranger")


async def test_the_settings(pair: tuple[Screen, Screen], axe: Axe) -> None:
    ana, bea = pair
    page = ana.page
    await much_is_said(ana, bea)
    await page.get_by_role("button", name="Menu", exact=True).click()
    await axe.look(page, "menu")
    await page.keyboard.press("Escape")
    for name in ("", *(f"/{each}" for each in SETTINGS)):
        await page.goto(f"/settings{name}")
        await expect(page.get_by_role("status", name="Loading")).to_have_count(0)
        for width in (1280, 390):
            await page.set_viewport_size({"width": width, "height": 2000})
            heading = "Settings" if not name else SETTINGS[name.removeprefix("/")]
            await expect(page.get_by_role("region", name=heading, exact=True)).to_be_visible()
            await axe.look(page, f"settings{name} at {width} px")


async def much_is_said(ana: Screen, bea: Screen) -> str:
    """Have messages of every kind in the open group; return its id."""
    group = ana.page.url.rsplit("/", 1)[-1]
    messages = f"/api/conversations/{group}/messages"

    async def say(screen: Screen, **body: object) -> str:
        said: str = (await screen.ask("POST", messages, body))["id"]
        return said

    elsewhere = await bea.ask("POST", "/api/conversations", {
        "kind": "room", "alias": "Cinema", "topic": "cinema",
    })  # fmt: skip
    films = f"/api/conversations/{elsewhere['id']}/messages"
    origin = (await bea.ask("POST", films, {"content": "A film on Friday"}))["id"]
    dinner = await say(bea, content="Dinner at eight, **dear** `all` ||hidden||\n> quoted\n- one")
    reply = await say(ana, content="I come! https://example.org/a @bea", reply_to=dinner)
    changed = await say(ana, content="Changed my mnd")
    await ana.ask("PATCH", f"/api/messages/{changed}", {"content": "Changed my mind"})
    for screen, message in ((ana, dinner), (bea, dinner), (bea, reply)):
        await screen.ask("POST", f"/api/messages/{message}/reactions", {"emoji": "👍"})
    gone = await say(ana, content="Gone")
    await ana.ask("DELETE", f"/api/messages/{gone}")
    await say(ana, content="```js\nlet a = 1;\n```")
    poll = {"question": "When?", "options": ["Monday", "Friday"], "multiple": False}
    voted = await say(bea, poll=poll)
    await ana.ask("POST", f"/api/messages/{voted}/votes", {"choices": [1]})
    await say(ana, poll=poll)
    await bea.ask("POST", f"/api/messages/{origin}/forward", {"conversation_ids": [group]})
    await ana.ask("PUT", f"/api/messages/{dinner}/pin")
    await ana.ask("PUT", f"/api/messages/{reply}/pin")
    await ana.ask("PUT", f"/api/messages/{dinner}/star")
    for screen, name, bytes_, text in (
        (ana, "notes.txt", b"Bring chairs.", "Here are the notes"),
        (bea, "minutes.txt", b"Nobody came.", "And the minutes"),
        (bea, "lake.png", png(320, 240), "Look at this lake"),
    ):
        upload = await screen.page.evaluate(UPLOAD, [group, name, list(bytes_)])
        await say(screen, content=text, attachments=[upload["id"]])
    return group


async def several_chats(ana: Screen, bea: Screen) -> None:
    """Have chats of Ana's that are unread, muted, pinned and archived."""
    for name, preferences in (
        ("Muted", {"muted_until": "9999-12-31T00:00:00.000Z"}),
        ("Pinned", {"pinned": True}),
        ("Archived", {"archived": True}),
        ("Marked", {"marked_unread": True}),
        ("Unread", {}),
    ):
        room = await bea.ask("POST", "/api/conversations", {
            "kind": "room", "alias": name, "topic": "cinema",
        })  # fmt: skip
        await ana.ask("POST", f"/api/conversations/{room['id']}/join")
        if name in {"Muted", "Unread"}:
            said = {"content": "Who is there?"}
            await bea.ask("POST", f"/api/conversations/{room['id']}/messages", said)
        await ana.ask("PATCH", f"/api/conversations/{room['id']}/preferences", preferences)


async def composer_dialogs(axe: Axe, screen: Screen) -> None:
    """Look at what is opened from where one writes."""
    page = screen.page
    await page.get_by_role("button", name="Attach").click()
    await axe.look(page, "attach menu")
    await page.get_by_role("menuitem", name="Poll").click()
    await look_at_dialog(axe, screen, "New poll")
    await screen.composer.fill("Later")
    await page.get_by_role("button", name="Send").click(button="right")
    await axe.look(page, "send menu")
    await page.get_by_role("menuitem", name="Schedule message").click()
    dialog = page.get_by_role("dialog", name="Schedule message")
    await axe.look(page, "schedule")
    await dialog.get_by_role("button", name="Tomorrow morning").click()
    await dialog.get_by_role("button", name="Schedule", exact=True).click()
    await page.get_by_role("button", name="1 scheduled message").click()
    await look_at_dialog(axe, screen, "Scheduled messages")


async def open_about(screen: Screen, kind: str) -> Locator:
    """Open what is told about the chat."""
    await screen.page.get_by_role("button", name="About this chat").click()
    about = screen.page.get_by_role("region", name=f"About this {kind}")
    await expect(about).to_be_visible()
    return about
