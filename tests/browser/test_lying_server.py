"""A server that lies about keys and copies: the page notices, says so, and there is a way on."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest
from playwright.async_api import expect

from tests.browser.encryption import (
    begin_group,
    begin_private_chat,
    dialog_of,
    keep_recovery_key,
    set_up_in_chat,
)
from tests.browser.lying_server import (
    VAULT_KEY,
    Place,
    add_in_silence,
    change_latest_copy,
    copies_of,
    put_earlier_copy,
    put_other_key,
    put_other_person,
    put_unsigned_key,
    spoil_signature,
)
from tests.browser.screen import PASSWORD

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from playwright.async_api import Locator

    from tests.browser.conftest import SitDown
    from tests.browser.screen import Screen
    from tests.e2e.server_process import ServerProcess

CHANGED = "Bea's safety number changed"
EXCHANGED = "This server now names somebody else as your partner here"

pytestmark = pytest.mark.timeout(240)


@dataclass(frozen=True)
class Talk:
    """An encrypted chat of two in which both have spoken."""

    ana: Screen
    bea: Screen
    anas_place: Place
    beas_place: Place


@pytest.fixture
def settings() -> dict[str, str]:
    """Return settings with a key of the vault that the test knows too."""
    return {"VAULT_KEY": VAULT_KEY}


@pytest.fixture
async def talk(sit_down: SitDown) -> Talk:
    """Return a chat in which each has seen the other's true key."""
    ana, bea = await asyncio.gather(sit_down(), sit_down())
    await asyncio.gather(ana.register("Ana"), bea.register("Bea"))
    await begin_private_chat(ana, "Bea")
    await set_up_in_chat(bea, "Ana")
    await _say(ana, bea, "Hello Bea")
    await _say(bea, ana, "Hello Ana")
    conversation_id = ana.page.url.rsplit("/", 1)[-1]
    ids = [await _account_id(screen) for screen in (ana, bea)]
    return Talk(ana, bea, *(Place(conversation_id, account_id) for account_id in ids))


async def test_a_swapped_key_is_shown_and_nothing_goes_to_it_unless_one_says_so(
    talk: Talk, server: ServerProcess
) -> None:
    ana, bea = talk.ana, talk.bea
    put_on = await put_other_key(server, talk.beas_place)
    await ana.page.reload()
    banner = ana.page.get_by_role("region", name=CHANGED)
    await expect(banner).to_be_visible()
    await expect(ana.message("Hello Ana")).to_have_count(1)
    await ana.send("For Bea alone")
    await expect(ana.message("For Bea alone")).to_contain_text(f"Held back: {CHANGED}")

    await banner.get_by_role("button", name="Compare").click()
    await _open_safety_number(bea, "Ana")
    assert await _digits(ana) != await _digits(bea)
    page = ana.page.get_by_role("region", name="Safety number", exact=True)
    await page.get_by_role("button", name="They differ").click()
    await dialog_of(ana, "The numbers differ").get_by_role("button", name="OK").click()
    await expect(banner).to_be_visible()
    assert all(copy["to"] != put_on for copy in await copies_of(server, talk.beas_place))

    await banner.get_by_role("button", name="Go on anyway").click()
    await expect(banner).to_have_count(0)
    await expect(ana.message("For Bea alone").get_by_role("img", name="Sent")).to_be_visible()
    assert [copy["to"] == put_on for copy in await copies_of(server, talk.beas_place)][-1]
    await expect(bea.message("written for a key that is not among yours")).to_have_count(1)
    assert ana.errors == bea.errors == []


@pytest.mark.parametrize("lie", [put_unsigned_key, spoil_signature])
async def test_a_key_that_its_owner_did_not_sign_gets_nothing(
    lie: Callable[[ServerProcess, Place], Awaitable[None]], talk: Talk, server: ServerProcess
) -> None:
    ana, bea = talk.ana, talk.bea
    await lie(server, talk.beas_place)
    await ana.page.reload()
    await expect(ana.message("Hello Ana")).to_have_count(1)
    await ana.send("For Bea alone")
    banner = ana.page.get_by_role("region", name="Bea's keys cannot be used")
    await expect(banner).to_be_visible()
    held = ana.message("For Bea alone")
    await expect(held).to_contain_text("Held back: Bea's keys cannot be used")
    assert len(await copies_of(server, talk.beas_place)) == 2

    # Her own page has none of it, and makes her a new pair.
    await bea.page.reload()
    await expect(bea.message("For Bea alone")).to_have_count(1)
    await expect(banner).to_have_count(0)
    assert ana.errors == bea.errors == []


async def test_a_changed_copy_is_told_and_the_rest_goes_on(
    talk: Talk, server: ServerProcess
) -> None:
    ana, bea = talk.ana, talk.bea
    await ana.page.context.set_offline(True)
    await bea.send("Nobody may change this")
    await expect(bea.message("may change this").get_by_role("img", name="Sent")).to_be_visible()
    await change_latest_copy(server, talk.anas_place)
    await bea.send("And this is whole")
    await ana.page.context.set_offline(False)
    await expect(ana.message("And this is whole")).to_have_count(1)
    changed = ana.message("This is not as Bea sent it: it was changed on its way.")
    await expect(changed).to_have_count(1)
    await changed.get_by_role("button", name="Ask Bea to send it again").click()
    await expect(ana.composer).to_contain_text("Could you send it again?")
    await ana.composer.press("Enter")
    await expect(bea.message("Could you send it again?")).to_have_count(1)


async def test_a_copy_in_the_place_of_another_is_told_and_not_shown(
    talk: Talk, server: ServerProcess
) -> None:
    ana, bea = talk.ana, talk.bea
    await ana.page.context.set_offline(True)
    await bea.send("Not what was said before")
    await expect(bea.message("was said before").get_by_role("img", name="Sent")).to_be_visible()
    await put_earlier_copy(server, talk.anas_place)
    await ana.page.context.set_offline(False)
    misplaced = ana.message("This belongs to another message, and was put here on its way.")
    await expect(misplaced).to_have_count(1)
    await expect(misplaced.get_by_role("button", name="Ask Bea to send it again")).to_be_visible()
    await expect(ana.message("Hello Ana")).to_have_count(1)


async def test_somebody_who_starts_over_is_believed_once_the_numbers_were_compared(
    talk: Talk,
) -> None:
    ana, bea = talk.ana, talk.bea
    await _start_over(bea)
    banner = ana.page.get_by_role("region", name=CHANGED)
    await expect(banner).to_be_visible()
    await bea.send("It is me, with new keys")
    closed = ana.message("safety number had changed when this was written")
    await expect(closed).to_have_count(1)
    await closed.get_by_role("button", name="Compare safety numbers").click()
    await _open_safety_number(bea, "Ana")
    assert await _digits(ana) == await _digits(bea)
    page = ana.page.get_by_role("region", name="Safety number", exact=True)
    await page.get_by_role("button", name="They match").click()
    await expect(page).to_contain_text("You have compared this number with Bea")
    await expect(banner).to_have_count(0)
    await expect(ana.message("It is me, with new keys")).to_have_count(1)
    thread = ana.page.get_by_role("region", name="Bea", exact=True)
    await expect(thread.get_by_role("img", name="Verified")).to_be_visible()
    await _say(ana, bea, "I know that it is you")
    assert ana.errors == bea.errors == []


async def test_a_number_that_is_not_the_present_one_is_loaded_anew(talk: Talk) -> None:
    ana, bea = talk.ana, talk.bea
    await _start_over(bea)
    banner = ana.page.get_by_role("region", name=CHANGED)
    await banner.get_by_role("button", name="Compare").click()
    before = await _digits(ana)
    await _start_over(bea)
    await bea.send("With newer keys")
    await expect(ana.message("safety number had changed when this was written")).to_have_count(1)
    page = ana.page.get_by_role("region", name="Safety number", exact=True)
    await page.get_by_role("button", name="They match").click()
    await expect(page.get_by_role("alert")).to_contain_text("The key has changed once more")
    await expect(_groups(ana)).not_to_have_text(before)
    await _open_safety_number(bea, "Ana")
    assert await _digits(ana) == await _digits(bea)
    await page.get_by_role("button", name="They match").click()
    await expect(ana.message("With newer keys")).to_have_count(1)
    assert ana.errors == bea.errors == []


async def test_another_account_in_the_partners_place_gets_nothing_unless_one_says_so(
    talk: Talk, sit_down: SitDown, server: ServerProcess
) -> None:
    ana, mal = talk.ana, await sit_down()
    await mal.register("Mal")
    mals_place = Place(talk.anas_place.conversation_id, await _account_id(mal))
    await put_other_person(server, talk.beas_place, mals_place.account_id)
    await mal.page.reload()
    await set_up_in_chat(mal, "Ana")
    await ana.page.reload()
    banner = ana.page.get_by_role("region", name=EXCHANGED)
    await expect(banner).to_contain_text("is called Mal")
    await expect(ana.message("Hello Ana")).to_have_count(1)
    await ana.send("For Bea alone")
    await expect(ana.message("For Bea alone")).to_contain_text("Held back: this server names")
    await mal.send("It is me, Bea")
    await expect(ana.message("Mal is not the account that this chat was with")).to_have_count(1)
    await expect(ana.message("It is me, Bea")).to_have_count(0)
    assert len(await copies_of(server, mals_place)) == 1

    await ana.page.reload()
    await banner.get_by_role("button", name="Go on anyway").click()
    await expect(banner).to_have_count(0)
    await expect(ana.message("It is me, Bea")).to_have_count(1)
    await expect(mal.message("For Bea alone")).to_have_count(1)
    assert ana.errors == mal.errors == []


async def test_whoever_is_added_in_silence_is_shown_with_the_first_message_for_them(
    sit_down: SitDown, server: ServerProcess
) -> None:
    ana, bea, mal = await asyncio.gather(sit_down(), sit_down(), sit_down())
    await asyncio.gather(ana.register("Ana"), bea.register("Bea"), mal.register("Mal"))
    await begin_group(ana, "Treasure", "Bea")
    await set_up_in_chat(bea, "Treasure")
    await _say(ana, bea, "Under the fig tree")
    banner = ana.page.get_by_role("region", name="can read from here on")
    await expect(banner).to_have_count(0)
    beas_place = Place(ana.page.url.rsplit("/", 1)[-1], await _account_id(bea))
    await add_in_silence(server, beas_place, await _account_id(mal))
    await mal.page.reload()
    await set_up_in_chat(mal, "Treasure")

    await ana.send("Bring a spade")
    await expect(banner).to_contain_text("Mal can read from here on")
    await expect(mal.message("Bring a spade")).to_have_count(1)
    await expect(mal.messages).to_have_count(1)
    await expect(banner).to_be_visible()
    await banner.get_by_role("button", name="OK").click()
    await expect(banner).to_have_count(0)
    await _say(ana, mal, "And a lamp")
    await ana.page.reload()
    await expect(ana.message("And a lamp")).to_have_count(1)
    await expect(banner).to_have_count(0)
    assert ana.errors == bea.errors == mal.errors == []


async def _start_over(screen: Screen) -> None:
    await screen.open_settings("Encryption")
    await screen.page.get_by_role("button", name="Start over").click()
    dialog = dialog_of(screen, "Start over with new keys?")
    await dialog.get_by_role("textbox", name="Type START OVER").fill("START OVER")
    await screen.confirm("Lose them and start over", password=PASSWORD)
    await keep_recovery_key(screen)
    await screen.leave_settings()
    await screen.open("Ana")


async def _account_id(screen: Screen) -> str:
    account_id: str = (await (await screen.page.request.get("/api/me")).json())["id"]
    return account_id


async def _say(speaker: Screen, listener: Screen, text: str) -> None:
    await speaker.send(text)
    await expect(listener.message(text)).to_have_count(1)


async def _open_safety_number(screen: Screen, name: str) -> None:
    await screen.page.get_by_role("button", name="About this chat").click()
    await screen.page.get_by_role("button", name=f"Compare safety numbers with {name}").click()


async def _digits(screen: Screen) -> list[str]:
    groups = _groups(screen)
    await expect(groups).to_have_count(12)
    return await groups.all_inner_texts()


def _groups(screen: Screen) -> Locator:
    number = screen.page.get_by_role("list", name="Safety number in 12 groups")
    return number.get_by_role("listitem")
