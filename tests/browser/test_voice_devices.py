"""Another microphone while one talks, and a channel that nobody else fits into."""

from __future__ import annotations

import asyncio
import re
from typing import TYPE_CHECKING

import pytest
from playwright.async_api import expect

from tests.browser.voice import (
    VOICE_FLAGS,
    button,
    expect_heard,
    expect_together,
    join_voice,
    participants,
    take_seat,
    until,
)

if TYPE_CHECKING:
    from tests.browser.conftest import SitDown

pytestmark = pytest.mark.timeout(240)

SENT = """() => window.connections
    .filter((each) => each.connectionState !== "closed")
    .flatMap((each) => each.getSenders())
    .map(({ track }) => track?.getSettings().deviceId ?? null)"""


@pytest.fixture
def chromium_flags() -> list[str]:
    """Return what the browser needs to be heard and seen."""
    return VOICE_FLAGS


@pytest.fixture
def settings() -> dict[str, str]:
    """Return a server whose channels are small."""
    return {"VOICE_MESH_LIMIT": "2"}


async def test_another_microphone_is_heard_on_the_same_connection(sit_down: SitDown) -> None:
    ana, bea, cleo = await asyncio.gather(
        *(take_seat(sit_down, name) for name in ("Ana", "Bea", "Cleo"))
    )
    await ana.start_group("Readers", "Bea", "Cleo")
    for screen in (bea, cleo):
        await screen.open("Readers")
    for screen in (ana, bea):
        await join_voice(screen)
    await expect_together(ana, bea)
    (before,) = await expect_heard(bea, 1)

    await button(ana, "Sound and devices").click()
    choice = ana.page.get_by_label("Microphone", exact=True)
    (used,) = await ana.page.evaluate(SENT)

    async def others() -> list[str]:
        options = choice.locator("option")
        offered = await options.evaluate_all("(all) => all.map((one) => one.value)")
        return [each for each in offered if each not in ("", used)]

    other = (await until(others, bool, "no other microphone is offered"))[0]
    await choice.select_option(other)
    await until(lambda: ana.page.evaluate(SENT), lambda now: now == [other], "not the other one")
    await expect(choice).to_have_value(other)
    await ana.page.get_by_role("button", name="Done").click()
    (after,) = await expect_heard(bea, 1)
    assert after["at"] == before["at"]
    # It is used the next time as well.
    await button(ana, "Leave voice").click()
    await join_voice(ana)
    await expect_together(ana, bea)
    await expect_heard(bea, 1)
    assert await ana.page.evaluate(SENT) == [other]

    # Two are in it, and no more fit in.
    await button(cleo, "Join voice").click()
    await expect(cleo.page.get_by_text(re.compile("This voice chat is full: 2"))).to_be_visible()
    await expect(button(cleo, "Join voice")).to_be_visible()
    await expect(participants(ana)).to_have_count(2)
    assert ana.errors == bea.errors == cleo.errors == []
