"""Every screen about encryption, in both themes, holds nothing that axe calls serious."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest
from playwright.async_api import expect

from tests.browser.axe import look_at_dialog
from tests.browser.encryption import begin_private_chat, dialog_of, set_up_in_chat
from tests.browser.lying_server import VAULT_KEY, Place, change_latest_copy, put_other_key

if TYPE_CHECKING:
    from tests.browser.axe import Axe
    from tests.browser.conftest import SitDown
    from tests.browser.screen import Screen
    from tests.e2e.server_process import ServerProcess

ANA = "ana@example.org"

pytestmark = pytest.mark.timeout(300)


@pytest.fixture
def settings() -> dict[str, str]:
    """Return settings under which nobody waits, and the key of a vault that the test knows."""
    return {"LIMITS_SCALE": "1000", "VAULT_KEY": VAULT_KEY}


async def test_setting_it_up(sit_down: SitDown, server: ServerProcess, axe: Axe) -> None:
    ana = await sit_down()
    page = ana.page
    # A passkey is offered only where the server goes by a name.
    await page.goto(f"http://localhost:{server.port}/")
    await ana.register("Ana")
    await ana.open_settings("Encryption")
    await expect(page.get_by_text("Not set up yet")).to_be_visible()
    await axe.look(page, "settings, not set up")
    await page.get_by_role("button", name="What this means").click()
    await look_at_dialog(axe, ana, "How encryption works here")
    await page.get_by_role("button", name="Set up encryption").click()
    lead = dialog_of(ana, "Set up encryption")
    await axe.look(page, "set up")
    await lead.get_by_role("button", name="Continue").click()
    shown = dialog_of(ana, "Your recovery key")
    await expect(shown).to_be_visible()
    await axe.look(page, "recovery key")
    await shown.get_by_role("button", name="I have kept it").click()
    await axe.look(page, "recovery key, not typed")
    await page.set_viewport_size({"width": 390, "height": 844})
    await axe.look(page, "recovery key, narrow")
    await page.set_viewport_size({"width": 1440, "height": 900})
    await page.keyboard.press("Escape")
    leaving = dialog_of(ana, "Close without keeping it?")
    await axe.look(page, "leaving the recovery key")
    await leaving.get_by_role("button", name="Close without it").click()
    extra = dialog_of(ana, "Add a passkey, too?")
    await expect(extra.get_by_role("textbox", name="Password")).to_be_visible()
    await extra.get_by_role("button", name="Add a passkey").click()
    await axe.look(page, "passkey, not filled in")
    await extra.get_by_role("button", name="Not now").click()

    await expect(page.get_by_role("list", name="Ways to get your keys back")).to_be_visible()
    await axe.look(page, "settings, set up")
    await page.get_by_role("button", name="Make a new recovery key").click()
    await look_at_dialog(axe, ana, "Make a new recovery key")
    await page.get_by_role("button", name="Start over").click()
    await look_at_dialog(axe, ana, "Start over with new keys?")
    await ana.leave_settings()
    await page.get_by_role("button", name="New chat").click()
    await page.get_by_role("menuitem", name="New private chat").click()
    await dialog_of(ana, "New private chat").get_by_role("switch").click()
    await look_at_dialog(axe, ana, "New private chat")


async def test_talking_and_what_stands_in_the_way(
    sit_down: SitDown, server: ServerProcess, axe: Axe
) -> None:
    ana, bea = await asyncio.gather(sit_down(height=2000), sit_down())
    await asyncio.gather(ana.register("Ana"), bea.register("Bea"))
    page = ana.page
    await begin_private_chat(ana, "Bea")
    await ana.send("As soon as you are there")
    await expect(page.get_by_role("region", name="Waiting for Bea")).to_be_visible()
    await expect(ana.message("As soon as you are there")).to_contain_text("Goes out when Bea")
    await axe.look(page, "waiting for keys")
    await bea.chat("Ana").click()
    await expect(bea.page.get_by_role("region", name="Encrypted chats")).to_be_visible()
    await axe.look(bea.page, "not set up, in an encrypted chat")
    await set_up_in_chat(bea, "Ana")
    await bea.send("I am here")
    await expect(ana.message("I am here")).to_have_count(1)

    await page.get_by_role("button", name="About this chat").click()
    compare = page.get_by_role("button", name="Compare safety numbers with Bea")
    await expect(compare).to_be_visible()
    await axe.look(page, "about an encrypted chat")
    await compare.click()
    await _look_at_number(axe, ana, "safety number")
    await page.get_by_role("button", name="They differ").click()
    await look_at_dialog(axe, ana, "The numbers differ")
    await page.get_by_role("button", name="They match").click()
    await expect(page.get_by_text("You have compared this number with Bea")).to_be_visible()
    await axe.look(page, "safety number, verified")
    await page.set_viewport_size({"width": 390, "height": 844})
    await _look_at_number(axe, ana, "safety number, narrow")
    await page.set_viewport_size({"width": 1440, "height": 2000})

    me, her = [
        Place(page.url.split("/c/")[1].split("/")[0], (await answer.json())["id"])
        for answer in (
            await ana.page.request.get("/api/me"),
            await bea.page.request.get("/api/me"),
        )
    ]
    await page.context.set_offline(True)
    await bea.send("Changed on its way")
    await expect(bea.message("Changed on its way").get_by_role("img", name="Sent")).to_be_visible()
    await change_latest_copy(server, me)
    await put_other_key(server, her)
    await page.context.set_offline(False)
    await expect(ana.message("This is not as Bea sent it")).to_be_visible()
    await page.reload()
    await expect(page.get_by_role("region", name="Bea's safety number changed")).to_be_visible()
    await ana.send("Is it you?")
    await expect(ana.message("Is it you?")).to_contain_text("Held back")
    await _look_at_number(axe, ana, "safety number, changed")
    await page.set_viewport_size({"width": 390, "height": 844})
    await page.goto(f"/c/{me.conversation_id}")
    await expect(page.get_by_role("region", name="Bea's safety number changed")).to_be_visible()
    await axe.look(page, "changed key, narrow")


async def test_a_device_without_keys(sit_down: SitDown, axe: Axe) -> None:
    ana, bea = await asyncio.gather(sit_down(), sit_down())
    await asyncio.gather(ana.register("Ana"), bea.register("Bea"))
    await begin_private_chat(ana, "Bea")
    await set_up_in_chat(bea, "Ana")
    await bea.send("I am here")
    await expect(ana.message("I am here")).to_have_count(1)
    device = await sit_down()
    page = device.page
    await device.sign_in(ANA)
    await expect(page.get_by_role("region", name="Encrypted chats")).to_be_visible()
    await device.chat("Bea").click()
    await expect(device.message("Locked on this device")).to_be_visible()
    await axe.look(page, "locked")
    await device.open_settings("Encryption")
    field = page.get_by_role("textbox", name="Recovery key")
    await expect(field).to_be_visible()
    await axe.look(page, "settings, locked")
    await field.fill("not a key")
    form = page.get_by_role("region", name="Encryption", exact=True)
    await form.get_by_role("button", name="Restore", exact=True).click()
    await expect(field).to_have_attribute("aria-invalid", "true")
    await axe.look(page, "recovery key, refused")
    await page.get_by_role("button", name="Use another device").click()
    await expect(dialog_of(ana, "Hand over your keys?")).to_be_visible()
    await axe.look(ana.page, "asked for the keys")
    await axe.look(page, "asking for the keys")
    await ana.page.get_by_role("button", name="Yes, it is me").click()
    for each in (ana, device):
        await expect(dialog_of(each, "Six digits")).to_be_visible()
        await axe.look(each.page, "six digits")
    await dialog_of(ana, "Six digits").get_by_role("button", name="They differ").click()
    await expect(dialog_of(device, "Use another device").get_by_role("alert")).to_be_visible()
    await axe.look(page, "nothing handed over")


async def _look_at_number(axe: Axe, screen: Screen, name: str) -> None:
    number = screen.page.get_by_role("list", name="Safety number in 12 groups")
    await expect(number.get_by_role("listitem")).to_have_count(12)
    await axe.look(screen.page, name)
