"""A call of fifty people on screen: one list that scrolls, at every width."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any
from uuid import UUID

import pytest
from playwright.async_api import expect

from tests.browser.voice import VOICE_FLAGS, button, join_voice, participants, take_seat

if TYPE_CHECKING:
    from playwright.async_api import ViewportSize, WebSocketRoute

    from tests.browser.axe import Axe
    from tests.browser.conftest import SitDown

pytestmark = pytest.mark.timeout(240)

WIDTHS: dict[str, ViewportSize] = {
    "desk": {"width": 1440, "height": 900},
    "tablet": {"width": 820, "height": 1100},
    "phone": {"width": 390, "height": 844},
}
COUNT = 50

# A list of fifty must leave most of the screen to what is written.
MOST_OF_HEIGHT = 0.72


@pytest.fixture
def chromium_flags() -> list[str]:
    """Return what the browser needs to be heard and seen."""
    return VOICE_FLAGS


def crowded(frame: str | bytes) -> str | bytes:
    """Let the answer to coming into the channel name many others."""
    if isinstance(frame, bytes) or '"ice_servers"' not in frame:
        return frame
    join_ref, ref, topic, event, payload = json.loads(frame)
    welcome: dict[str, Any] = payload["response"]
    (me,), (user,) = welcome["participants"], welcome["users"]
    for number in range(COUNT - 1):
        user_id = str(UUID(int=number + 1))
        name = f"Person {number + 1}" + " of the long name" * (number % 7 == 0)
        state = {
            "muted": number % 3 == 0,
            "deafened": number % 9 == 0,
            "speaking": number % 5 == 1,
            "silenced": number == 6,
        }
        welcome["users"].append(
            {**user, "id": user_id, "username": f"p{number}", "display_name": name}
        )
        welcome["participants"].append(
            {**me, "user_id": user_id, "session": f"s{number}", "sharing": False, **state}
        )
    welcome.update(route="sfu", end_to_end=False, limit=COUNT)
    return json.dumps([join_ref, ref, topic, event, payload])


async def carry(route: WebSocketRoute) -> None:
    """Let a socket through, with more people in its channels than there are."""
    server = route.connect_to_server()
    server.on_message(lambda frame: route.send(crowded(frame)))


async def test_fifty_people_fit_in(sit_down: SitDown, axe: Axe) -> None:
    ana = await take_seat(sit_down, "Ana")
    page = ana.page
    await page.route_web_socket(re.compile("/socket/websocket"), carry)
    await page.reload()
    await ana.start_group("Readers")
    await join_voice(ana)
    await button(ana, "Turn camera on").click()
    await expect(participants(ana)).to_have_count(COUNT)
    await expect(page.get_by_text("Not end-to-end encrypted: with so many people")).to_be_visible()
    people = page.get_by_role("list", name="Voice participants", exact=True)
    dock = page.get_by_role("region", name="Voice chat")
    for words, size in WIDTHS.items():
        await page.set_viewport_size(size)
        box = await dock.bounding_box()
        assert box is not None
        assert box["height"] < MOST_OF_HEIGHT * size["height"], words
        await axe.look(page, f"crowd, {words}")
        await button(ana, "Show in full").click()
        await axe.look(page, f"crowd in full, {words}")
        await button(ana, "Show small").click()
        # By keys alone one comes to the last of them.
        await people.focus()
        await page.keyboard.press("End")
        await expect(participants(ana).last).to_be_in_viewport()
        width = await people.evaluate("(list) => list.scrollWidth - list.clientWidth")
        assert width == 0, words
