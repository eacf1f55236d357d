"""The settings in a real browser: each test acts through the page and looks at what comes of it."""

from __future__ import annotations

import asyncio
import io
import re
import zipfile
from typing import TYPE_CHECKING

import pyotp
import pytest
from PIL import Image
from playwright.async_api import expect

from tests.browser.proofs import add_passkey, plug_in_authenticator
from tests.browser.screen import PASSWORD
from tests.waiting import until

if TYPE_CHECKING:
    from tests.browser.conftest import SitDown
    from tests.browser.screen import Screen
    from tests.e2e.server_process import ServerProcess

LETTERS = 3
"""One from registering, and one for each time that it was asked for."""

NEW_PASSWORD = "a wholly different horse"

HAND_OVER = """([name, carrier, bytes]) => {
    const data = new DataTransfer();
    data.items.add(new File([new Uint8Array(bytes)], "portrait.png", { type: "image/png" }));
    const event = new Event(name, { bubbles: true, cancelable: true });
    Object.defineProperty(event, carrier, { value: data });
    document.body.dispatchEvent(event);
}"""
"""Gives the page a picture as a drop or a paste does."""

pytestmark = pytest.mark.timeout(180)


@pytest.fixture
async def two_devices(sit_down: SitDown) -> tuple[Screen, Screen]:
    """Return two browsers that Ana is signed in at."""
    desk, phone = await asyncio.gather(sit_down(), sit_down(width=390, height=844))
    await desk.register("Ana")
    await phone.sign_in("ana@example.org")
    return desk, phone


async def test_a_picture_is_seen_by_others_at_once_and_goes_again(
    pair: tuple[Screen, Screen],
) -> None:
    ana, bea = pair
    await ana.open_settings("Profile")
    await _choose_picture(ana, "portrait.png", _png("teal"))
    await expect(ana.page.get_by_text("Picture changed")).to_be_visible()

    shown = bea.chat("Ana").locator("img[src^='/api/avatars/']")
    await expect(shown).to_have_attribute("src", re.compile(r"/96$"))
    await expect(shown).to_have_js_property("naturalWidth", 96)

    await ana.page.get_by_role("button", name="Remove picture").click()
    await expect(bea.chat("Ana").locator("img")).to_have_count(0)
    await expect(bea.chat("Ana")).to_contain_text("A")
    assert ana.errors == bea.errors == []


async def test_a_picture_is_taken_from_a_drop_and_from_the_clipboard(sit_down: SitDown) -> None:
    ana = await sit_down()
    await ana.register("Ana")
    await ana.open_settings("Profile")
    seen: set[str | None] = {None}
    for event, carrier, colour in (
        ("drop", "dataTransfer", "teal"),
        ("paste", "clipboardData", "plum"),
    ):
        await ana.page.evaluate(HAND_OVER, [event, carrier, list(_png(colour))])
        picture = ana.page.get_by_role("button", name="Change picture").locator("img")
        await expect(picture).to_have_attribute("src", re.compile(r"^/api/avatars/.+/256$"))
        await expect(picture).to_have_js_property("naturalWidth", 256)
        assert (address := await picture.get_attribute("src")) not in seen
        seen.add(address)


async def test_what_is_no_picture_is_refused_in_a_sentence(sit_down: SitDown) -> None:
    ana = await sit_down()
    await ana.register("Ana")
    await ana.open_settings("Profile")
    await _choose_picture(ana, "broken.png", b"\x89PNG\r\n\x1a\n and nothing more")
    await expect(ana.page.get_by_role("alert")).to_contain_text("This picture cannot be used")
    await _choose_picture(ana, "notes.txt", b"Buy bread", "text/plain")
    await expect(ana.page.get_by_role("alert")).to_have_text("This is not a picture.")


async def test_names_and_a_line_about_oneself_are_read_by_others(
    pair: tuple[Screen, Screen],
) -> None:
    ana, bea = pair
    await ana.open_settings("Profile")
    await ana.page.get_by_role("textbox", name="Username").fill("@ana_reads")
    await ana.page.get_by_role("textbox", name="About you").fill("Reads on trains")
    await ana.page.get_by_role("button", name="Save").click()
    await expect(ana.page.get_by_text("Saved")).to_be_visible()

    await bea.page.get_by_role("button", name="About this chat").click()
    about = bea.page.get_by_role("region", name="About this person")
    await expect(about.get_by_text("Reads on trains")).to_be_visible()
    await expect(about.get_by_text("@ana_reads")).to_be_visible()


async def test_mails_to_confirm_and_to_change_the_address_are_sent_when_asked_for(
    sit_down: SitDown, server: ServerProcess
) -> None:
    ana = await sit_down()
    await ana.register("Ana")
    await ana.open_settings("Profile")
    await expect(ana.page.get_by_text("Not confirmed yet")).to_be_visible()
    await ana.page.get_by_role("button", name="Send the mail again").click()
    await expect(ana.page.get_by_text("We have sent a mail to ana@example.org.")).to_be_visible()
    await ana.page.get_by_role("button", name="Change e-mail").click()
    await ana.confirm("Send the mail")
    await expect(ana.page.get_by_role("dialog")).to_have_count(0)

    outbox = server.var_dir / "outbox"
    await until(
        lambda: len(list(outbox.glob("*.eml"))) == LETTERS, within_s=5, what=f"{LETTERS} mails"
    )


async def test_a_phone_number_is_added_by_its_code_and_removed(
    sit_down: SitDown, server: ServerProcess
) -> None:
    ana = await sit_down()
    await ana.register("Ana")
    await ana.open_settings("Profile")
    await ana.page.get_by_role("button", name="Add phone number").click()
    dialog = ana.page.get_by_role("dialog")
    await ana.confirm("Send code", phone_number="612")
    await expect(dialog.get_by_role("alert")).to_be_visible()
    await ana.confirm("Send code", phone_number="+34 612 345 678")
    await expect(dialog.get_by_role("textbox", name="Code")).to_be_focused()
    await ana.confirm("Continue", code="0")
    await expect(dialog.get_by_role("alert")).to_have_text("This code is wrong or too old.")
    await ana.confirm("Continue", code=await _code_sent(server))
    await expect(ana.page.get_by_text("+34612345678")).to_be_visible()

    await ana.page.get_by_role("button", name="Remove phone number").click()
    await ana.confirm("Remove", password=PASSWORD)
    await expect(ana.page.get_by_text("No phone number yet")).to_be_visible()


async def test_a_contact_is_added_by_username_opened_and_removed(
    pair: tuple[Screen, Screen],
) -> None:
    ana, bea = pair
    await bea.open_settings("Profile")
    await bea.page.get_by_role("textbox", name="Username").fill("bea_b")
    await bea.page.get_by_role("button", name="Save").click()
    await expect(bea.page.get_by_text("Saved")).to_be_visible()

    await ana.open_settings("Privacy")
    await ana.page.get_by_role("button", name="Add contact").click()
    await ana.confirm("Add", username_or_phone_number="nobody_here")
    await expect(ana.page.get_by_role("dialog").get_by_role("alert")).to_be_visible()
    await ana.confirm("Add", username_or_phone_number="@bea_b")
    contacts = ana.page.get_by_role("list", name="Contacts").get_by_role("listitem")
    await expect(contacts).to_have_count(1)
    await contacts.get_by_role("button", name="Talk with Bea").click()
    await expect(ana.composer).to_be_visible()

    await ana.open_settings("Privacy")
    await contacts.get_by_role("button", name="Remove Bea from contacts").click()
    await expect(ana.page.get_by_text("No contacts yet")).to_be_visible()


async def test_one_who_is_blocked_cannot_write_until_unblocked(
    pair: tuple[Screen, Screen],
) -> None:
    ana, bea = pair
    await bea.page.get_by_role("button", name="About this chat").click()
    about = bea.page.get_by_role("region", name="About this person")
    await about.get_by_role("button", name="Block", exact=True).click()
    await bea.confirm("Block")
    await expect(about.get_by_role("button", name="Unblock")).to_be_visible()
    await expect(bea.page.get_by_text("You have blocked Ana.")).to_be_visible()
    await expect(bea.composer).to_have_count(0)

    await ana.send("Hello?")
    refused = ana.message("Hello?")
    await expect(refused.get_by_role("alert")).to_contain_text("does not want to hear from you")
    await expect(bea.message("Hello?")).to_have_count(0)

    await bea.open_settings("Privacy")
    await bea.page.get_by_role("button", name="Unblock Ana").click()
    await expect(bea.page.get_by_text("Nobody is blocked.")).to_be_visible()
    await bea.leave_settings()
    await bea.open("Ana")
    await refused.get_by_role("button", name="Try again").click()
    await expect(bea.message("Hello?")).to_have_count(1)


async def test_a_second_step_is_asked_for_once_an_app_is_set_up(sit_down: SitDown) -> None:
    ana = await sit_down()
    await ana.register("Ana")
    await ana.open_settings("Security")
    await ana.page.get_by_role("button", name="Set up the app").click()
    await ana.confirm("Continue", password=PASSWORD)
    dialog = ana.page.get_by_role("dialog")
    await expect(dialog.get_by_role("img", name="QR code")).to_be_visible()
    secret = (await dialog.locator("code").inner_text()).replace(" ", "")
    await ana.confirm("Confirm", code_from_the_app="000000")
    await expect(dialog.get_by_role("alert")).to_be_visible()
    await ana.confirm("Confirm", code_from_the_app=pyotp.TOTP(secret).now())

    codes = dialog.get_by_role("list", name="Recovery codes").get_by_role("listitem")
    await expect(codes.first).to_be_visible()
    async with ana.page.expect_download() as download:
        await dialog.get_by_role("link", name="Download").click()
    kept = (await (await download.value).path()).read_text().splitlines()
    assert kept[2:] == await codes.all_inner_texts()
    await ana.confirm("I have kept them")
    await expect(ana.page.get_by_role("switch", name="Ask for a second step")).to_be_checked()
    await expect(ana.page.get_by_text(f"{len(kept) - 2} codes are left.")).to_be_visible()

    await ana.leave_settings()
    await ana.sign_out()
    await ana.give_password("ana@example.org")
    await ana.page.get_by_role("textbox", name="Code").fill(kept[2])
    await ana.page.get_by_role("button", name="Continue").click()
    await expect(ana.page.get_by_role("searchbox", name="Search")).to_be_visible()
    await ana.open_settings("Security")
    await expect(ana.page.get_by_text(f"{len(kept) - 3} codes are left.")).to_be_visible()


async def test_a_passkey_is_added_renamed_and_removed(
    sit_down: SitDown, server: ServerProcess
) -> None:
    ana = await sit_down()
    await ana.page.goto(f"http://localhost:{server.port}/")
    await plug_in_authenticator(ana.page)
    await ana.register("Ana")
    await add_passkey(ana, "Laptop")
    passkeys = ana.page.get_by_role("list", name="Passkeys")
    await expect(passkeys.get_by_role("listitem", name="Laptop")).to_contain_text("Not used yet")

    await passkeys.get_by_role("button", name="Actions for Laptop").click()
    await ana.page.get_by_role("menuitem", name="Rename").click()
    await ana.confirm("Save", name="Old laptop")
    await passkeys.get_by_role("button", name="Actions for Old laptop").click()
    await ana.page.get_by_role("menuitem", name="Remove").click()
    await ana.confirm("Remove", password=PASSWORD)
    await expect(ana.page.get_by_text("No passkeys yet")).to_be_visible()


async def test_a_device_that_is_signed_out_elsewhere_shows_the_sign_in_page_at_once(
    two_devices: tuple[Screen, Screen],
) -> None:
    desk, phone = two_devices
    await desk.open_settings("Devices")
    here = desk.page.get_by_role("list", name="This device").get_by_role("listitem")
    others = desk.page.get_by_role("list", name="Other devices").get_by_role("listitem")
    await expect(here).to_have_count(1)
    await expect(others).to_have_count(1)
    await others.get_by_role("button", name=re.compile("^Sign out")).click()
    await desk.confirm("Sign out")
    await expect(desk.page.get_by_text("You are signed in nowhere else.")).to_be_visible()
    await expect(phone.page.get_by_role("button", name="Sign in", exact=True)).to_be_visible(
        timeout=10_000
    )


async def test_a_new_password_ends_the_other_session_and_is_the_one_that_counts(
    two_devices: tuple[Screen, Screen],
) -> None:
    desk, phone = two_devices
    await desk.open_settings("Security")
    await desk.page.get_by_role("button", name="Change password").click()
    passwords = {"new_password": NEW_PASSWORD, "new_password_again": NEW_PASSWORD}
    await desk.confirm("Save", present_password="not it at all", **passwords)
    await expect(desk.page.get_by_role("dialog").get_by_role("alert")).to_have_text(
        "This is not your password."
    )
    await desk.confirm("Save", present_password=PASSWORD, **passwords)
    await expect(desk.page.get_by_text("Password changed")).to_be_visible()

    await expect(phone.page.get_by_role("button", name="Sign in", exact=True)).to_be_visible()
    await phone.page.get_by_role("textbox", name="Email or username").fill("ana@example.org")
    await phone.page.get_by_role("textbox", name="Password").fill(NEW_PASSWORD)
    await phone.page.get_by_role("button", name="Sign in", exact=True).click()
    await expect(phone.page.get_by_role("searchbox", name="Search")).to_be_visible()
    await desk.page.reload()
    await expect(desk.page.get_by_role("button", name="Change password")).to_be_visible()


async def test_ones_data_is_packed_downloaded_and_opens(pair: tuple[Screen, Screen]) -> None:
    ana, bea = pair
    await ana.send("Keep this sentence")
    await expect(bea.message("Keep this sentence")).to_have_count(1)
    await ana.open_settings("Profile")
    await ana.page.get_by_role("button", name="Ask for my data").click()
    link = ana.page.get_by_role("link", name="Download")
    await expect(link).to_be_visible(timeout=30_000)
    async with ana.page.expect_download() as download:
        await link.click()
    packed = await (await download.value).path()
    with zipfile.ZipFile(packed) as archive:
        assert archive.testzip() is None
        texts = [archive.read(name).decode() for name in archive.namelist()]
    assert any("Keep this sentence" in text for text in texts)
    assert any("ana@example.org" in text for text in texts)


async def test_a_deleted_account_is_shown_as_such_and_can_be_written_to_no_more(
    pair: tuple[Screen, Screen],
) -> None:
    ana, bea = pair
    await ana.send("What remains")
    await expect(bea.message("What remains")).to_have_count(1)
    await ana.open_settings("Profile")
    await ana.page.get_by_role("button", name="Delete my account").click()
    await ana.confirm("Delete for good", password=PASSWORD)
    await expect(ana.page.get_by_role("dialog").get_by_role("alert")).to_have_count(1)
    await ana.confirm("Delete for good", **{"type DELETE to go on": "DELETE"}, password=PASSWORD)
    await expect(ana.page.get_by_role("button", name="Sign in", exact=True)).to_be_visible()

    await expect(bea.chat("Deleted account")).to_have_count(1)
    await expect(bea.composer).to_have_count(0)
    await expect(bea.page.get_by_text("This account was deleted.")).to_be_visible()
    await expect(bea.message("What remains")).to_have_count(1)
    await bea.page.reload()
    await expect(bea.message("What remains")).to_have_count(1)
    await expect(bea.composer).to_have_count(0)


async def _code_sent(server: ServerProcess) -> str:
    outbox = server.var_dir / "outbox"
    await until(lambda: any(outbox.glob("*.txt")), within_s=5, what="a text message")
    (message,) = outbox.glob("*.txt")
    code = re.search(r"\b\d{6}\b", message.read_text())
    assert code is not None
    return code.group()


def _png(colour: str) -> bytes:
    file = io.BytesIO()
    Image.new("RGB", (320, 200), colour).save(file, "PNG")
    return file.getvalue()


async def _choose_picture(
    screen: Screen, name: str, content: bytes, kind: str = "image/png"
) -> None:
    await (
        screen.page.get_by_role("navigation")
        .locator("input[type=file]")
        .set_input_files({"name": name, "mimeType": kind, "buffer": content})
    )
