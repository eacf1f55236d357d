"""Calls, in both themes, hold nothing that axe calls serious or critical."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest
from playwright.async_api import expect

from tests.browser.axe import look_at_dialog
from tests.browser.voice import VOICE_FLAGS, button, expect_together, join_voice, take_seat

if TYPE_CHECKING:
    from playwright.async_api import ViewportSize

    from tests.browser.axe import Axe
    from tests.browser.conftest import SitDown

pytestmark = pytest.mark.timeout(240)

PHONE: ViewportSize = {"width": 390, "height": 844}
DESK: ViewportSize = {"width": 1440, "height": 900}


@pytest.fixture
def chromium_flags() -> list[str]:
    """Return what the browser needs to be heard and seen."""
    return VOICE_FLAGS


async def test_a_call_from_the_ring_to_the_bar(sit_down: SitDown, axe: Axe) -> None:
    ana, bea = await asyncio.gather(*(take_seat(sit_down, name) for name in ("Ana", "Bea")))
    page = ana.page
    await ana.start_group("Readers", "Bea")
    await ana.start_private_chat("Bea")
    await bea.open("Readers")
    await join_voice(ana)
    ring = bea.page.get_by_role("alertdialog")
    await expect(ring).to_be_visible()
    await axe.look(page, "calling")
    await axe.look(bea.page, "ring")
    await bea.page.set_viewport_size(PHONE)
    await axe.look(bea.page, "ring, narrow")
    await bea.page.set_viewport_size(DESK)
    await ring.get_by_role("button", name="Decline").click()

    await ana.open("Readers")
    for screen in (ana, bea):
        await join_voice(screen)
    await expect_together(ana, bea)
    await button(bea, "Share screen").click()
    await button(bea, "Mute").click()
    await expect(page.get_by_label("Screen of Bea")).to_be_visible()
    for size, words in ((DESK, "call"), (PHONE, "call, narrow")):
        await page.set_viewport_size(size)
        await axe.look(page, words)
        await button(ana, "Show in full").click()
        await axe.look(page, f"{words}, in full")
        await button(ana, "Show small").click()
    await page.set_viewport_size(DESK)
    await button(ana, "Sound and devices").click()
    await look_at_dialog(axe, ana, "Sound and devices")
    await ana.open("Bea")
    await axe.look(page, "bar of a call")
