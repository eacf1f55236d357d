"""What people hear of while they are not looking: pushes, notices, counts, the window's title.

Chromium reaches no vendor's push service here. So a subscription is made with keys of the test and
handed in through the page's own session, and what the local push service was given, decrypted, is
delivered to the real service worker through the DevTools protocol, as a vendor's would be.
"""

from __future__ import annotations

import asyncio
import json
import re
from typing import TYPE_CHECKING, Any

import pytest
from playwright.async_api import expect

from tests.push_service import push_service
from tests.waiting import until, until_found

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from playwright.async_api import BrowserContext, Locator, Page

    from tests.browser.conftest import SitDown
    from tests.browser.screen import Screen
    from tests.e2e.server_process import ServerProcess
    from tests.push_service import Browser, LocalPushService

pytestmark = pytest.mark.timeout(180)

SHOWN = """async () => {
  const worker = await navigator.serviceWorker.ready;
  const shown = await worker.getNotifications();
  return shown.map(({ title, body, tag, data }) => ({ title, body, tag, data }));
}"""


@pytest.fixture
def settings() -> dict[str, str]:
    """Return settings with which a push is not waited for."""
    return {"PUSH_DELAY_MS": "200", "PUSH_ALLOW": "127.0.0.1"}


class Worker:
    """The service worker of a browser, from a tab in which nothing of ours is open."""

    def __init__(self, blank: Page, url: str) -> None:
        self._blank = blank
        self._url = url

    async def deliver(self, payload: dict[str, Any]) -> None:
        """Hand a push to it, as the browser does when one has come."""
        session = await self._blank.context.new_cdp_session(self._blank)
        found: list[str] = []

        def note(event: dict[str, Any]) -> None:
            found.extend(
                each["registrationId"]
                for each in event["registrations"]
                if each["scopeURL"].startswith(self._url) and not each["isDeleted"]
            )

        session.on("ServiceWorker.workerRegistrationUpdated", note)
        await session.send("ServiceWorker.enable")
        await until(lambda: bool(found), within_s=10, what="a service worker")
        await session.send(
            "ServiceWorker.deliverPushMessage",
            {"origin": self._url, "registrationId": found[0], "data": json.dumps(payload)},
        )
        await session.detach()


async def shown(page: Page) -> list[dict[str, Any]]:
    """Return the notices that the system shows for this browser."""
    found: list[dict[str, Any]] = await page.evaluate(SHOWN)
    return found


async def shown_at_last(page: Page, *bodies: str) -> list[dict[str, Any]]:
    """Wait until the notices are these, by what they say, and return them."""

    async def look() -> list[dict[str, Any]] | None:
        found = await shown(page)
        return found if sorted(each["body"] for each in found) == sorted(bodies) else None

    try:
        return await until_found(look, within_s=20, what=f"notices that say {bodies}")
    except AssertionError as late:
        late.add_note(f"but there are {await shown(page)}")
        raise


async def allow_notices(screen: Screen) -> None:
    """Let the page show notices, and wait for its service worker."""
    await screen.page.context.grant_permissions(["notifications"])
    await screen.page.evaluate("async () => void (await navigator.serviceWorker.ready)")


async def subscribe(screen: Screen, service: LocalPushService) -> Browser:
    """Subscribe this page's session to pushes, as the switch in the settings would."""
    await allow_notices(screen)
    browser = service.browser()
    await screen.ask("POST", "/api/push-subscriptions", browser.subscription)
    return browser


async def pushed(browser: Browser, count: int) -> dict[str, Any]:
    """Wait for so many pushes, and return the latest."""
    await until(lambda: len(browser.payloads) >= count, within_s=20, what=f"{count} pushes")
    assert len(browser.payloads) == count
    return browser.payloads[-1]


@pytest.fixture
async def pair(sit_down: SitDown) -> tuple[Screen, Screen]:
    """Return Ana's screen, with her private chat with Bea open, and Bea's, with none."""
    ana, bea = await asyncio.gather(sit_down(), sit_down())
    await asyncio.gather(ana.register("Ana"), bea.register("Bea"))
    await ana.start_private_chat("Bea")
    await expect(bea.chat("Ana")).to_be_visible()
    return ana, bea


@pytest.fixture
async def room(sit_down: SitDown) -> tuple[Screen, Screen]:
    """Return Ana's screen, in a room of hers, and Bea's, a member who looks elsewhere."""
    ana, bea = await asyncio.gather(sit_down(), sit_down())
    await asyncio.gather(ana.register("Ana"), bea.register("Bea"))
    await ana.start_room("Film club", "cinema")
    await bea.ask("PATCH", "/api/me", {"username": "bea"})
    await bea.join_room("Film club")
    await bea.start_private_chat("Ana")
    return ana, bea


@pytest.fixture
async def service(pair: tuple[Screen, Screen]) -> AsyncIterator[LocalPushService]:
    """Return a push service that knows the server's key."""
    key = (await pair[1].ask("GET", "/api/push-key"))["public_key"]
    with push_service(key) as running:
        yield running
    assert running.faults == []


async def test_a_push_is_shown_while_no_tab_is_open_and_taken_away_when_read_elsewhere(
    pair: tuple[Screen, Screen],
    service: LocalPushService,
    server: ServerProcess,
    sit_down: SitDown,
) -> None:
    ana, bea = pair
    chat_id = ana.page.url.rsplit("/", 1)[-1]
    browser = await subscribe(bea, service)
    context, worker = await _leave(bea, server)
    await ana.send("Is it raining?")
    told = await pushed(browser, 1)
    assert (told["type"], told["title"], told["body"]) == ("message", "Ana", "Is it raining?")
    await worker.deliver(told)

    looking = await _tab(context, server)
    (notice,) = await shown_at_last(looking, "Is it raining?")
    assert (notice["title"], notice["tag"]) == ("Ana", chat_id)
    assert notice["data"] == {"url": f"/c/{chat_id}", "seq": told["seq"]}

    await ana.send("It is")
    await worker.deliver(await pushed(browser, 2))
    await shown_at_last(looking, "It is")

    phone = await sit_down(390, 844)
    await phone.sign_in("bea@example.org")
    await phone.open("Ana")
    read = await pushed(browser, 3)
    assert (read["type"], read["conversation_id"]) == ("read", chat_id)
    await worker.deliver({**read, "read_seq": read["read_seq"] - 1})
    await shown_at_last(looking, "It is")
    await worker.deliver(read)
    await shown_at_last(looking)


async def test_a_push_for_the_chat_before_ones_eyes_shows_nothing(
    pair: tuple[Screen, Screen], service: LocalPushService, server: ServerProcess
) -> None:
    ana, bea = pair
    browser = await subscribe(bea, service)
    context, worker = await _leave(bea, server)
    await ana.send("Is it raining?")
    told = await pushed(browser, 1)

    tab = await context.new_page()
    await tab.goto(f"{server.url}{told['url']}")
    await expect(tab.get_by_role("textbox", name="Message")).to_be_visible()
    await tab.bring_to_front()
    await worker.deliver(told)
    # The worker takes pushes in order: when the second is shown, the first has been looked at.
    other = {**told, "conversation_id": "another", "url": "/c/another", "body": "Of another chat"}
    await worker.deliver(other)
    await shown_at_last(tab, "Of another chat")


async def test_a_room_notifies_of_a_mention_and_of_nothing_else(
    room: tuple[Screen, Screen],
) -> None:
    ana, bea = room
    await allow_notices(bea)
    await bea.be_seen("hidden")
    await ana.send("Anybody here?")
    await expect(bea.chat("Film club")).to_contain_text("1 unread message")
    await ana.send("@bea look at this")
    (notice,) = await shown_at_last(bea.page, "Ana: @bea look at this")
    assert notice["title"] == "Film club"
    assert notice["data"]["url"] == f"/c/{notice['tag']}"
    await ana.send("It is good")
    await expect(bea.chat("Film club")).to_contain_text("3 unread messages")
    await shown_at_last(bea.page, "Ana: @bea look at this")

    await bea.be_seen("visible")
    await bea.open("Film club")
    await shown_at_last(bea.page)
    assert ana.errors == bea.errors == []


async def test_counts_are_right_at_once_on_two_devices_and_after_a_reload(
    room: tuple[Screen, Screen], sit_down: SitDown
) -> None:
    ana, laptop = room
    phone = await sit_down(390, 844)
    await phone.sign_in("bea@example.org")
    await expect(phone.chat("Film club")).to_be_visible()
    for text in ("Anybody here?", "@bea look at this", "It is good"):
        await ana.send(text)
    for device in (laptop, phone):
        await expect_counts(device, unread="3 unread messages", mentions="1 mention of you")
    await asyncio.gather(laptop.page.reload(), phone.page.reload())
    for device in (laptop, phone):
        await expect_counts(device, unread="3 unread messages", mentions="1 mention of you")
    await ana.send("@bea are you there?")
    for device in (laptop, phone):
        await expect_counts(device, unread="4 unread messages", mentions="2 mentions of you")

    await phone.open("Film club")
    await expect(badges(laptop)).to_have_count(0)
    await phone.page.get_by_role("button", name="Back").click()
    await expect(badges(phone)).to_have_count(0)
    await laptop.page.reload()
    await expect(laptop.chat("Film club")).to_be_visible()
    await expect(badges(laptop)).to_have_count(0)
    assert ana.errors == laptop.errors == phone.errors == []


async def test_the_title_of_the_window_counts_what_is_unread(
    room: tuple[Screen, Screen],
) -> None:
    ana, bea = room
    await expect(bea.page).to_have_title("Tertulia")
    await ana.send("Anybody here?")
    await expect(bea.page).to_have_title("(1) Tertulia")
    await ana.send("It is good")
    await expect(bea.page).to_have_title("(2) Tertulia")
    await bea.page.reload()
    await expect(bea.page).to_have_title("(2) Tertulia")

    await bea.be_seen("hidden")
    await ana.start_private_chat("Bea")
    await ana.send("Look at the room")
    await expect(bea.page).to_have_title("(3) Tertulia")
    await bea.be_seen("visible")
    await expect(bea.page).to_have_title("(2) Tertulia")
    await bea.open("Film club")
    await expect(bea.page).to_have_title("Tertulia")


async def test_the_address_in_a_mail_leads_to_the_settings_of_notifications(
    pair: tuple[Screen, Screen],
) -> None:
    _, bea = pair
    await bea.page.goto("/settings/notifications")
    await expect(bea.page.get_by_role("region", name="Notifications", exact=True)).to_be_visible()


def badges(screen: Screen) -> Locator:
    """What the row of the room counts."""
    return screen.chat("Film club").get_by_text(re.compile("unread message|mention.* of you"))


async def expect_counts(screen: Screen, *, unread: str, mentions: str) -> None:
    """See both counts at the row of the room, by the names that they bear."""
    row = screen.chat("Film club")
    await expect(row).to_contain_text(unread)
    await expect(row).to_contain_text(mentions)


async def _leave(screen: Screen, server: ServerProcess) -> tuple[BrowserContext, Worker]:
    context = screen.page.context
    blank = await context.new_page()
    await screen.page.close()
    return context, Worker(blank, server.url)


async def _tab(context: BrowserContext, server: ServerProcess) -> Page:
    """Open a page of the server's in which nobody is before a chat."""
    page = await context.new_page()
    await page.goto(f"{server.url}/icon.svg")
    return page
