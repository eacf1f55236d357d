"""What people do with messages that are there, seen live by somebody else in another browser."""

from __future__ import annotations

import asyncio
import re
from typing import TYPE_CHECKING, Any

import pytest
from playwright.async_api import expect

if TYPE_CHECKING:
    from playwright.async_api import Locator

    from tests.browser.conftest import SitDown
    from tests.browser.screen import Screen

pytestmark = pytest.mark.timeout(180)


@pytest.fixture
async def group(sit_down: SitDown) -> tuple[Screen, Screen]:
    """Return Ana's and Bea's screens, both with a group of the two open."""
    ana, bea = await asyncio.gather(sit_down(), sit_down())
    await asyncio.gather(ana.register("Ana"), bea.register("Bea"))
    await ana.start_group("Readers", "Bea")
    await bea.open("Readers")
    return ana, bea


def reaction(screen: Screen, text: str, name: str) -> Locator:
    """One chip under the message that says `text`."""
    group = screen.message(text).get_by_role("group", name="Reactions")
    return group.get_by_role("button", name=name, exact=True)


def pinned(screen: Screen) -> Locator:
    """The bar of what is pinned."""
    return screen.page.get_by_role("region", name="Pinned messages")


async def send_poll(screen: Screen, *, multiple: bool = False) -> None:
    """Ask a question in the open chat."""
    poll: dict[str, Any] = {"question": "When?", "options": ["Monday", "Friday"]}
    conversation_id = screen.page.url.rsplit("/", 1)[-1]
    body = {"poll": {**poll, "multiple": multiple}}
    await screen.ask("POST", f"/api/conversations/{conversation_id}/messages", body)


async def test_reactions_are_given_joined_and_taken_back(pair: tuple[Screen, Screen]) -> None:
    ana, bea = pair
    await ana.send("Dinner at eight")
    await bea.message("Dinner at eight").click(button="right")
    await bea.page.get_by_role("menuitemcheckbox", name="👍").click()
    await expect(reaction(bea, "Dinner at eight", "👍 1")).to_have_attribute("aria-pressed", "true")
    chip = reaction(ana, "Dinner at eight", "👍 1")
    await expect(chip).to_have_attribute("aria-pressed", "false")
    await chip.click()
    await expect(reaction(bea, "Dinner at eight", "👍 2")).to_be_visible()

    await ana.message("Dinner at eight").click(button="right", position={"x": 5, "y": 5})
    await ana.page.get_by_role("menuitem", name="React", exact=True).click()
    await ana.page.get_by_role("button", name="🙏", exact=True).first.click()
    await expect(reaction(bea, "Dinner at eight", "🙏 1")).to_be_visible()
    await reaction(bea, "Dinner at eight", "👍 2").click(button="right")
    dialog = bea.page.get_by_role("dialog", name="Reactions")
    await expect(dialog.get_by_role("region", name="👍 2").get_by_role("listitem")).to_have_text(
        ["BYou", "AAna"]
    )
    await dialog.get_by_role("button", name="Close").last.click()

    await reaction(bea, "Dinner at eight", "👍 2").click()
    await reaction(ana, "Dinner at eight", "👍 1").click()
    await expect(ana.message("Dinner at eight").get_by_text("👍")).to_have_count(0)
    await expect(bea.message("Dinner at eight").get_by_text("👍")).to_have_count(0)
    assert ana.errors == bea.errors == []


async def test_a_message_is_forwarded_with_the_name_of_who_said_it(
    pair: tuple[Screen, Screen],
) -> None:
    ana, bea = pair
    await ana.start_room("Film club", "cinema")
    await ana.open("Bea")
    await bea.send("There is a film on Friday")
    await ana.choose("There is a film on Friday", "Forward")
    dialog = ana.page.get_by_role("dialog", name="Forward message")
    await dialog.get_by_role("searchbox", name="Find a chat").fill("film")
    await expect(dialog.get_by_role("option")).to_have_count(1)
    await dialog.get_by_role("option", name="Film club").click()
    await dialog.get_by_role("button", name="Send").click()
    await expect(dialog).to_have_count(0)
    await expect(ana.page.get_by_text("Forwarded to Film club")).to_be_visible()
    await ana.open("Film club")
    copy = ana.message("There is a film on Friday")
    await expect(copy).to_contain_text("Forwarded from Bea")
    await copy.click(button="right", position={"x": 5, "y": 5})
    await expect(ana.page.get_by_role("menuitem", name="Delete")).to_be_visible()
    await expect(ana.page.get_by_role("menuitem", name="Edit", exact=True)).to_have_count(0)


async def test_a_star_is_ones_own_and_leads_back(pair: tuple[Screen, Screen]) -> None:
    ana, bea = pair
    await bea.send("The code of the door is 4711")
    await ana.choose("The code of the door is 4711", "Star")
    star = ana.message("4711").get_by_role("img", name="Starred")
    await expect(star).to_be_visible()
    await expect(bea.message("4711").get_by_role("img", name="Starred")).to_have_count(0)

    await ana.page.reload()
    await expect(star).to_be_visible()
    await ana.open_settings("Starred messages")
    stars = ana.page.get_by_role("list", name="Starred messages")
    await expect(stars.get_by_role("listitem")).to_contain_text(["Bea in Bea"])
    await stars.get_by_role("button", name=re.compile("4711")).click()
    await expect(ana.message("4711")).to_be_visible()
    await ana.choose("4711", "Remove star")
    await expect(star).to_have_count(0)


async def test_pins_stand_over_the_thread_for_everyone(pair: tuple[Screen, Screen]) -> None:
    ana, bea = pair
    await ana.send("The address is Elm Street 1")
    await ana.choose("Elm Street", "Pin")
    await expect(pinned(bea)).to_contain_text("The address is Elm Street 1")
    await bea.send("And the door is green")
    await bea.choose("the door is green", "Pin")
    await expect(pinned(ana)).to_contain_text("Pinned message 2 of 2")
    await pinned(ana).get_by_role("button", name=re.compile("door is green")).click()
    await expect(pinned(ana)).to_contain_text("Pinned message 1 of 2")
    await expect(pinned(ana)).to_contain_text("Elm Street")

    await pinned(ana).get_by_role("button", name="All pinned messages").click()
    dialog = ana.page.get_by_role("dialog", name="Pinned messages")
    await dialog.get_by_role("button", name="Unpin").first.click()
    await expect(dialog.get_by_role("listitem")).to_have_count(1)
    await dialog.get_by_role("button", name="Close").last.click()
    await expect(pinned(bea)).to_contain_text("Elm Street")
    await pinned(bea).get_by_role("button", name="Unpin").click()
    await expect(pinned(bea)).to_have_count(0)
    await expect(pinned(ana)).to_have_count(0)


async def test_what_is_marked_up_is_shown_so_and_called_people_are_found(
    group: tuple[Screen, Screen],
) -> None:
    ana, bea = group
    await bea.ask("PATCH", "/api/me", {"username": "bea"})
    await ana.send("**Now** _or_ ~~never~~ `then`, <b>plain</b> see [here](https://example.org/a)")
    shown = bea.message("plain")
    await expect(shown.locator("strong")).to_have_text("Now")
    await expect(shown.locator("em")).to_have_text("or")
    await expect(shown.locator("del")).to_have_text("never")
    await expect(shown.locator("code")).to_have_text("then")
    await expect(shown).to_contain_text("<b>plain</b>")
    link = shown.get_by_role("link", name="here")
    await expect(link).to_have_attribute("href", "https://example.org/a")
    await expect(link).to_have_attribute("rel", "noopener noreferrer")

    await ana.send("```js\nlet a = 1;\n```")
    await expect(bea.message("let a").get_by_role("button", name="Copy code")).to_be_visible()
    await ana.send("Ask @bea or @nobody")
    await expect(bea.message("Ask").locator(".mention-me")).to_have_text("@bea")
    await ana.message("Ask").get_by_role("button", name="@bea").click()
    profile = ana.page.get_by_role("dialog", name="Profile")
    await expect(profile).to_contain_text("Bea")
    await profile.get_by_role("button", name="Send message").click()
    await expect(ana.page.get_by_role("region", name="Bea", exact=True)).to_be_visible()


async def test_the_author_sees_who_has_read_a_message_and_how_it_read_before(
    group: tuple[Screen, Screen],
) -> None:
    ana, bea = group
    await ana.send("See you at sevn")
    await expect(bea.message("See you at sevn")).to_be_visible()
    await ana.choose("See you at sevn", "Edit")
    await expect(ana.composer).to_have_text("See you at sevn")
    await ana.send("See you at seven")
    await expect(bea.message("See you at seven")).to_contain_text("edited")

    await ana.choose("See you at seven", "Edit history")
    dialog = ana.page.get_by_role("dialog", name="Edit history")
    await expect(dialog.get_by_role("listitem")).to_contain_text(["seven", "sevn"])
    await dialog.get_by_role("button", name="Close").last.click()
    await ana.choose("See you at seven", "Read by")
    dialog = ana.page.get_by_role("dialog", name="Read by")
    await expect(dialog.get_by_role("listitem")).to_contain_text(["Bea"])
    await dialog.get_by_role("button", name="Close").last.click()
    await bea.message("See you at seven").click(button="right")
    await expect(bea.page.get_by_role("menuitem", name="Reply")).to_be_visible()
    await expect(bea.page.get_by_role("menuitem", name="Edit history")).to_have_count(0)


async def test_a_poll_is_voted_on_told_live_and_closed(group: tuple[Screen, Screen]) -> None:
    ana, bea = group
    await send_poll(ana)
    polls = [screen.page.get_by_role("region", name="Poll: When?") for screen in (ana, bea)]
    ana_poll, bea_poll = polls
    await bea_poll.get_by_role("radio", name="Friday").click(force=True)
    friday = bea_poll.get_by_role("listitem", name=re.compile("^Friday: 1 vote, 100%, your vote"))
    await expect(friday).to_be_visible()
    await expect(ana_poll).to_contain_text("1 person voted")
    await expect(ana_poll.get_by_role("radio")).to_have_count(2)
    await ana_poll.get_by_role("radio", name="Monday").click(force=True)
    await expect(bea_poll.get_by_role("listitem", name="Monday: 1 vote, 50%")).to_be_visible()

    await bea_poll.get_by_role("button", name="Who voted").click()
    voters = bea.page.get_by_role("dialog", name="Who voted")
    await expect(voters.get_by_role("region", name="Monday")).to_contain_text("Ana")
    await voters.get_by_role("button", name="Close").last.click()
    await bea_poll.get_by_role("button", name="Take back vote").click()
    await expect(bea_poll.get_by_role("radio")).to_have_count(2)
    await expect(ana_poll).to_contain_text("1 person voted")

    await ana_poll.get_by_role("button", name="Close poll").click()
    await ana.confirm("Close poll")
    await expect(bea_poll).to_contain_text("Closed poll")
    await expect(bea_poll.get_by_role("radio")).to_have_count(0)


async def test_several_answers_are_chosen_and_sent(pair: tuple[Screen, Screen]) -> None:
    ana, bea = pair
    await send_poll(ana, multiple=True)
    poll = bea.page.get_by_role("region", name="Poll: When?")
    vote = poll.get_by_role("button", name="Vote", exact=True)
    await expect(vote).to_be_disabled()
    for answer in ("Monday", "Friday"):
        await poll.get_by_role("checkbox", name=answer).check(force=True)
    await vote.click()
    for answer in ("Monday", "Friday"):
        own = re.compile(f"^{answer}: 1 vote, 100%, your vote")
        await expect(poll.get_by_role("listitem", name=own)).to_be_visible()


async def test_several_messages_are_chosen_and_deleted_or_left(pair: tuple[Screen, Screen]) -> None:
    ana, bea = pair
    for text in ("one", "two", "three", "four"):
        await ana.send(text)
    await expect(bea.messages).to_have_count(4)
    await ana.choose("one", "Select")
    bar = ana.page.get_by_role("toolbar", name="Chosen messages")
    await expect(bar).to_contain_text("1 selected")
    await ana.message("three").click(modifiers=["Shift"])
    await expect(bar).to_contain_text("3 selected")
    await ana.message("two").get_by_role("checkbox").press("Space")
    await expect(bar).to_contain_text("2 selected")
    await ana.page.keyboard.press("Escape")
    await expect(bar).to_have_count(0)
    await expect(ana.composer).to_be_visible()

    await ana.choose("one", "Select")
    await ana.message("three").click()
    await bar.get_by_role("button", name="Delete").click()
    await ana.confirm("Delete")
    await expect(bar).to_have_count(0)
    await expect(bea.message("Message deleted")).to_have_count(2)
    await expect(bea.message("two")).to_have_count(1)
