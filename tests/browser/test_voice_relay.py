"""Where no way leads from one to the other, the sound goes through a relay, and is as good."""

from __future__ import annotations

import asyncio
import re
from typing import TYPE_CHECKING

import pytest
from playwright.async_api import expect

from tests.browser.voice import (
    VOICE_FLAGS,
    expect_heard,
    expect_together,
    join_voice,
    participant,
    participants,
    take_seat,
)
from tests.turn_server import SECRET, TurnServer

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.browser.conftest import SitDown
    from tests.browser.screen import Screen

pytestmark = pytest.mark.timeout(240)

RELAY_ALONE = "window.demanded = { iceTransportPolicy: 'relay' };"


@pytest.fixture
def chromium_flags() -> list[str]:
    """Return what the browser needs to be heard and seen."""
    return VOICE_FLAGS


@pytest.fixture
def relay() -> Iterator[TurnServer]:
    """Return a relay that leads to this machine, as one that is for everybody does not."""
    server = TurnServer("--allowed-peer-ip=127.0.0.1")
    yield server
    server.stop()


@pytest.fixture
def settings(relay: TurnServer) -> dict[str, str]:
    """Return a server that tells its people of the relay."""
    return {"TURN_URLS": relay.url, "TURN_SECRET": SECRET}


async def test_two_people_hear_each_other_through_a_relay(sit_down: SitDown) -> None:
    ana, bea = await two_who_have_nothing_but_a_relay(sit_down)
    for screen in (ana, bea):
        await join_voice(screen)
    await expect_together(ana, bea)
    for screen in (ana, bea):
        (heard,) = await expect_heard(screen, 1)
        assert heard["ends"][0] == ["127.0.0.1", "relay"]
    assert ana.errors == bea.errors == []


async def two_who_have_nothing_but_a_relay(sit_down: SitDown) -> tuple[Screen, Screen]:
    """Return two people whose browsers know no other way, with the same group open."""
    ana, bea = await asyncio.gather(*(take_seat(sit_down, name) for name in ("Ana", "Bea")))
    for screen in (ana, bea):
        await screen.page.add_init_script(RELAY_ALONE)
        await screen.page.reload()
    await ana.start_group("Readers", "Bea")
    await bea.open("Readers")
    return ana, bea


class TestWithoutRelay:
    """The same where the server knows of none."""

    @pytest.fixture
    def settings(self) -> dict[str, str]:
        """Return a server as it comes."""
        return {}

    async def test_it_is_said_that_there_is_no_way_through(self, sit_down: SitDown) -> None:
        ana, bea = await two_who_have_nothing_but_a_relay(sit_down)
        for screen in (ana, bea):
            await join_voice(screen)
        await expect(participants(ana)).to_have_count(2)
        await expect(ana.page.get_by_text("No way through to Bea")).to_be_visible()
        await expect(participant(ana, "Bea")).to_have_accessible_name(re.compile("no way through"))
