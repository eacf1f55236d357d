"""Getting one's keys onto another device, by every way there is."""

from __future__ import annotations

import asyncio
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest
from playwright.async_api import expect

from tests.browser.encryption import (
    begin_another_private_chat,
    begin_private_chat,
    dialog_of,
    keep_recovery_key,
    set_up_in_chat,
)
from tests.browser.proofs import plug_in_authenticator
from tests.browser.screen import PASSWORD

if TYPE_CHECKING:
    from playwright.async_api import Locator, Page

    from tests.browser.conftest import SitDown
    from tests.browser.screen import Screen
    from tests.e2e.server_process import ServerProcess

ANA = "ana@example.org"
FIRST, SECOND = "Written on the old device", "Answered before the new one"

pytestmark = pytest.mark.timeout(240)


@dataclass(frozen=True)
class Talk:
    """Ana's first device and Bea's, in an encrypted chat in which both have spoken."""

    ana: Screen
    bea: Screen
    recovery_key: str


@pytest.fixture
async def talk(sit_down: SitDown) -> Talk:
    """Return an encrypted chat of two."""
    ana, bea = await asyncio.gather(sit_down(), sit_down())
    await asyncio.gather(ana.register("Ana"), bea.register("Bea"))
    recovery_key = await begin_private_chat(ana, "Bea")
    await set_up_in_chat(bea, "Ana")
    await both_speak(ana, bea)
    return Talk(ana, bea, recovery_key)


async def both_speak(ana: Screen, bea: Screen) -> None:
    """Say something from either side."""
    await ana.send(FIRST)
    await expect(bea.message(FIRST)).to_have_count(1)
    await bea.send(SECOND)
    await expect(ana.message(SECOND)).to_have_count(1)


async def expect_locked(device: Screen) -> None:
    """See that this device opens nothing of the chat with Bea, and says what helps."""
    await device.chat("Bea").click()
    await expect(device.message("Locked on this device")).to_have_count(2)
    for text in (FIRST, SECOND):
        await expect(device.page.get_by_text(text)).to_have_count(0)
    await expect(device.composer).to_have_count(0)
    await expect(device.page.get_by_role("region", name="Encrypted chats")).to_contain_text(
        "Restore your encrypted chats"
    )


async def expect_back(device: Screen, bea: Screen) -> None:
    """See that this device opens what was said, and that one can write there."""
    await device.open("Bea")
    for text in (FIRST, SECOND):
        await expect(device.message(text)).to_have_count(1)
    await device.send("Here I am again")
    await expect(bea.message("Here I am again")).to_have_count(1)
    await expect(bea.page.get_by_text("safety number changed")).to_have_count(0)


def encryption_page(device: Screen) -> Locator:
    """The page of the settings."""
    return device.page.get_by_role("region", name="Encryption", exact=True)


async def test_the_recovery_key_brings_everything_back(sit_down: SitDown, talk: Talk) -> None:
    device = await sit_down()
    await device.sign_in(ANA)
    await expect_locked(device)
    foot = device.page.get_by_text("so it cannot open this chat").locator("..")
    await foot.get_by_role("button", name="Restore").click()
    page = encryption_page(device)
    field = page.get_by_role("textbox", name="Recovery key")
    restore = page.get_by_role("button", name="Restore", exact=True)

    await field.fill(talk.recovery_key[:-1])
    await restore.click()
    await expect(page).to_contain_text("1 character is missing")
    await field.fill(_with_another_end(talk.recovery_key))
    await restore.click()
    await expect(field).to_have_attribute("aria-invalid", "true")
    await expect(page).not_to_contain_text("missing")

    await field.fill(talk.recovery_key.lower().replace("-", " "))
    await restore.click()
    await expect(device.page.get_by_text("Your encrypted chats are back")).to_be_visible()
    await expect(page).to_contain_text("This device has your keys")
    await device.leave_settings()
    await expect_back(device, talk.bea)
    await device.page.reload()
    await expect(device.message(FIRST)).to_have_count(1)
    assert device.errors == talk.ana.errors == talk.bea.errors == []


async def test_a_new_recovery_key_takes_the_place_of_the_old_one_once_it_is_proved_whose(
    talk: Talk,
) -> None:
    ana = talk.ana
    await ana.open_settings("Encryption")
    ways = ana.page.get_by_role("list", name="Ways to get your keys back").get_by_role("listitem")
    await ana.page.get_by_role("button", name="Make a new recovery key").click()
    await ana.confirm("Make a new key", password="not the password")
    dialog = dialog_of(ana, "Make a new recovery key")
    await expect(dialog).to_contain_text("This is not your password")
    await dialog.get_by_role("button", name="Cancel").click()
    await expect(dialog).to_have_count(0)
    await ana.page.reload()
    await expect(ways).to_have_count(1)

    await ana.page.get_by_role("button", name="Make a new recovery key").click()
    await ana.confirm("Make a new key", password=PASSWORD)
    assert await keep_recovery_key(ana) != talk.recovery_key
    await expect(ways).to_have_count(1)
    assert ana.errors == []


async def test_another_device_hands_the_keys_over_once_the_code_was_compared(
    sit_down: SitDown, talk: Talk
) -> None:
    old, device = talk.ana, await sit_down()
    await device.sign_in(ANA)
    await expect_locked(device)
    await device.open_settings("Encryption")
    await device.page.get_by_role("button", name="Use another device").click()
    await _same_code(old, device)
    await dialog_of(old, "Six digits").get_by_role("button", name="They differ").click()
    failed = dialog_of(device, "Use another device")
    await expect(failed.get_by_role("alert")).to_contain_text("ended on one of the devices")
    without_keys = device.page.get_by_text("This device does not have your keys", exact=True)
    await expect(without_keys).to_be_visible()

    await failed.get_by_role("button", name="Try again").click()
    await _same_code(old, device)
    await dialog_of(device, "Six digits").get_by_role("button", name="They are the same").click()
    await expect(dialog_of(device, "Six digits")).to_contain_text("Confirm it on your other device")
    await expect(without_keys).to_be_visible()
    await dialog_of(old, "Six digits").get_by_role("button", name="They are the same").click()
    await dialog_of(old, "Handed over").get_by_role("button", name="Close").last.click()
    done = dialog_of(device, "Your encrypted chats are back")
    await done.get_by_role("button", name="Close").last.click()
    await device.leave_settings()
    await expect_back(device, talk.bea)
    assert device.errors == old.errors == talk.bea.errors == []


async def test_a_passkey_brings_everything_back_where_nothing_else_is_left(
    sit_down: SitDown, server: ServerProcess
) -> None:
    ana, bea = await asyncio.gather(sit_down(), sit_down())
    origin = f"http://localhost:{server.port}"
    await ana.page.goto(origin)
    await plug_in_authenticator(ana.page)
    await asyncio.gather(ana.register("Ana"), bea.register("Bea"))
    await ana.open_settings("Encryption")
    await ana.page.get_by_role("button", name="Set up encryption").click()
    await dialog_of(ana, "Set up encryption").get_by_role("button", name="Continue").click()
    await keep_recovery_key(ana)
    extra = dialog_of(ana, "Add a passkey, too?")
    await extra.get_by_role("textbox", name="Name").fill("Laptop")
    await extra.get_by_role("textbox", name="Password").fill(PASSWORD)
    await extra.get_by_role("button", name="Add a passkey").click()
    await expect(extra).to_have_count(0)
    ways = ana.page.get_by_role("list", name="Ways to get your keys back")
    await expect(ways.get_by_role("listitem", name="Laptop")).to_be_visible()
    await ana.leave_settings()
    await begin_another_private_chat(ana, "Bea")
    await set_up_in_chat(bea, "Ana")
    await both_speak(ana, bea)

    # The device of passkeys stays, as it does where they are kept in step; the browser's own
    # memory is that of a new one.
    await ana.sign_out()
    await _forget_all(ana.page, origin)
    await ana.page.goto(origin)
    await ana.sign_in(ANA)
    await expect_locked(ana)
    await ana.open_settings("Encryption")
    await ana.page.get_by_role("button", name="Use a passkey").click()
    await expect(encryption_page(ana)).to_contain_text("This device has your keys")
    await ana.leave_settings()
    await expect_back(ana, bea)
    assert ana.errors == bea.errors == []


async def _same_code(old: Screen, device: Screen) -> None:
    offer = dialog_of(old, "Hand over your keys?")
    await offer.get_by_role("button", name="Yes, it is me").click()
    codes = [
        dialog_of(each, "Six digits").get_by_role("group", name="Six digits")
        for each in (old, device)
    ]
    for code in codes:
        await expect(code).to_be_visible()
    shown = [await code.inner_text() for code in codes]
    assert shown[0] == shown[1]
    assert re.fullmatch(r"\d{3}\s\d{3}", shown[0])


def _with_another_end(key: str) -> str:
    return key[:-1] + ("0" if key[-1] != "0" else "1")


async def _forget_all(page: Page, origin: str) -> None:
    await page.goto("about:blank")
    devtools = await page.context.new_cdp_session(page)
    await devtools.send("Storage.clearDataForOrigin", {"origin": origin, "storageTypes": "all"})
