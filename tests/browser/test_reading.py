"""Where a chat opens, and which of its messages are read by that."""

from __future__ import annotations

import asyncio
import re
from typing import TYPE_CHECKING, Any

import pytest
from playwright.async_api import expect

from tests.waiting import until_found

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from playwright.async_api import Locator

    from tests.browser.screen import Screen

pytestmark = pytest.mark.timeout(180)

# The texts of the messages that are wholly in view.
IN_VIEW = """() => {
    const view = document.querySelector("[role=log]").getBoundingClientRect();
    return [...document.querySelectorAll("[role=log] article")]
        .filter((each) => each.getBoundingClientRect().bottom <= view.bottom)
        .map((each) => each.textContent);
}"""


def conversation_of(screen: Screen) -> str:
    """Return the id of the chat that is open."""
    return screen.page.url.rsplit("/c/", 1)[-1]


def unread_line(screen: Screen) -> Locator:
    """What stands before the first unread message."""
    return screen.page.get_by_text("Unread messages", exact=True)


async def say(screen: Screen, conversation_id: str, *texts: str) -> None:
    """Send messages one after another, faster than by hand."""
    for text in texts:
        path = f"/api/conversations/{conversation_id}/messages"
        await screen.ask("POST", path, {"content": text})


async def say_unheard(sender: Screen, reader: Screen, *texts: str) -> None:
    """Send messages while the reader's page, which keeps its chat as it is now, is closed."""
    address = reader.page.url
    await reader.page.goto("about:blank")
    await say(sender, address.rsplit("/c/", 1)[-1], *texts)
    await reader.page.goto(address)


async def said(screen: Screen, conversation_id: str) -> list[dict[str, Any]]:
    """Return up to a hundred messages as the server has them, the oldest first."""
    query = f"conversation_id={conversation_id}&page_size=100"
    messages: list[dict[str, Any]] = (await screen.ask("GET", f"/api/messages?{query}"))["items"]
    return messages[::-1]


async def read_up_to(screen: Screen, conversation_id: str, seq: int) -> None:
    """Read as on another device."""
    await screen.ask("POST", f"/api/conversations/{conversation_id}/read", {"seq": seq})


async def unread(screen: Screen, conversation_id: str) -> int:
    """Return how many messages the server holds for unread now."""
    conversation = await screen.ask("GET", f"/api/conversations/{conversation_id}")
    count: int = conversation["unread"]
    return count


async def lowest_in_view(screen: Screen) -> int:
    """Return the number of the lowest line that is wholly in view."""
    texts: list[str] = await screen.page.evaluate(IN_VIEW)
    return int(re.findall(r"line (\d+)\.", texts[-1])[0])


async def expect_to_stay(look: Callable[[], Awaitable[tuple[int, int]]]) -> None:
    """Expect that two numbers come to be the same, and then are so for good.

    The server is told a while after something was seen what that was.
    """

    async def are_same() -> bool | None:
        one, other = await look()
        return True if one == other else None

    await until_found(are_same, within_s=20, what="as many are unread as have to be")
    await asyncio.sleep(1)
    one, other = await look()
    assert one == other


async def expect_unread(screen: Screen, conversation_id: str, count: int) -> None:
    """Expect that so many messages are unread, as the server has it."""

    async def look() -> tuple[int, int]:
        return await unread(screen, conversation_id), count

    await expect_to_stay(look)


async def expect_unread_below(screen: Screen, conversation_id: str, last: int) -> None:
    """Expect that of lines whose last is this one those below the view are unread."""

    async def look() -> tuple[int, int]:
        return await unread(screen, conversation_id), last - await lowest_in_view(screen)

    await expect_to_stay(look)


async def test_a_link_to_a_message_leads_to_it(pair: tuple[Screen, Screen]) -> None:
    ana, bea = pair
    path = conversation_of(ana)
    await say(bea, path, *(f"line {number}." for number in range(40)))
    await expect(ana.message("line 39.")).to_be_visible()
    first = (await said(ana, path))[0]
    await ana.page.goto(f"/c/{path}/m/{first['id']}")
    await expect(ana.message("line 0.")).to_be_in_viewport()
    await expect(ana.page).to_have_url(re.compile(f"/c/{path}$"))


async def test_a_link_leads_past_unread_messages_and_leaves_those_unread_that_it_passes(
    pair: tuple[Screen, Screen],
) -> None:
    ana, bea = pair
    path = conversation_of(ana)
    await ana.page.goto("/")
    await ana.expect_in()
    await say(bea, path, *(f"line {number}." for number in range(90)))
    lines = await said(bea, path)
    await read_up_to(ana, path, lines[50]["seq"])
    await ana.page.goto(f"/c/{path}/m/{lines[2]['id']}")
    await expect(ana.message("line 2.")).to_be_in_viewport()
    await expect_unread(ana, path, 39)

    await say(bea, path, "line 90.", *["more"] * 40)
    await ana.page.goto(f"/c/{path}/m/{lines[89]['id']}")
    await expect(ana.message("line 89.")).to_be_in_viewport()
    await asyncio.sleep(1)
    await expect(ana.message("line 89.")).to_be_in_viewport()


async def test_what_stands_in_the_view_is_read_and_nothing_below_it(
    pair: tuple[Screen, Screen],
) -> None:
    ana, bea = pair
    path = conversation_of(ana)
    await ana.page.goto("/")
    long = [f"line {number}. " + "and so on, for long " * (number % 7 * 4) for number in range(60)]
    await say(bea, path, *long)
    await read_up_to(ana, path, (await said(bea, path))[20]["seq"])
    await ana.page.set_viewport_size({"width": 390, "height": 844})
    await ana.page.goto(f"/c/{path}")
    await expect(ana.message("line 21.")).to_be_in_viewport()
    await expect_unread_below(ana, path, 59)


async def test_what_came_while_nobody_listened_is_unread_when_its_chat_is_opened_from_memory(
    pair: tuple[Screen, Screen],
) -> None:
    ana, bea = pair
    path = conversation_of(ana)
    await say_unheard(bea, ana, *(f"line {number}." for number in range(50)))
    await expect(unread_line(ana)).to_be_in_viewport()
    await expect(ana.message("line 0.")).to_be_in_viewport()
    await expect_unread_below(ana, path, 49)


async def test_what_came_without_a_connection_is_unread_when_it_is_back(
    pair: tuple[Screen, Screen],
) -> None:
    ana, bea = pair
    path = conversation_of(ana)
    await say(bea, path, *(f"line {number}." for number in range(30)))
    await expect(ana.message("line 29.")).to_be_in_viewport()
    await ana.page.context.set_offline(True)
    await say(bea, path, *(f"line {number}." for number in range(30, 80)))
    await ana.page.context.set_offline(False)
    await expect(unread_line(ana)).to_be_in_viewport(timeout=30_000)
    await expect(ana.message("line 30.")).to_be_in_viewport()
    await expect_unread_below(ana, path, 79)


@pytest.mark.parametrize("count", [120, 70], ids=["far behind", "nearly there"])
async def test_whoever_answers_many_unread_messages_sees_what_they_said(
    pair: tuple[Screen, Screen], count: int
) -> None:
    ana, bea = pair
    path = conversation_of(ana)
    await ana.send("Hello")
    await expect(bea.message("Hello")).to_be_visible()
    await read_up_to(ana, path, (await said(ana, path))[0]["seq"])
    await say_unheard(bea, ana, *(f"line {number}." for number in range(count)))
    await expect(ana.message("line 0.")).to_be_in_viewport()
    await ana.message("line 0.").hover()
    await ana.page.mouse.wheel(0, 120)
    await ana.send("I will read this later")
    await expect(ana.message("I will read this later")).to_be_in_viewport()
    await expect(bea.message("I will read this later")).to_be_in_viewport()
    await asyncio.sleep(1)
    await expect(ana.message("I will read this later")).to_be_in_viewport()


async def test_the_end_is_held_when_the_message_under_the_unread_line_is_deleted(
    pair: tuple[Screen, Screen],
) -> None:
    ana, bea = pair
    path = conversation_of(ana)
    await say_unheard(bea, ana, *(f"line {number}." for number in range(50)))
    await expect(unread_line(ana)).to_be_in_viewport()
    await ana.page.get_by_role("button", name="To the latest message").click()
    await expect(ana.message("line 49.")).to_be_in_viewport()
    await expect_unread(ana, path, 0)
    await bea.ask("DELETE", f"/api/messages/{(await said(bea, path))[0]['id']}")
    await say(bea, path, "line 50.")
    await expect(ana.message("line 50.")).to_be_in_viewport()


async def test_what_came_while_the_page_was_out_of_view_is_unread_when_it_is_looked_at_again(
    pair: tuple[Screen, Screen],
) -> None:
    ana, bea = pair
    path = conversation_of(ana)
    await say(bea, path, *(f"line {number}." for number in range(30)))
    await expect(ana.message("line 29.")).to_be_in_viewport()
    await expect_unread(ana, path, 0)
    await ana.be_seen("hidden")
    await say(bea, path, *(f"line {number}." for number in range(30, 80)))
    await expect(ana.page).to_have_title("(50) Tertulia")
    await ana.be_seen("visible")
    await expect(unread_line(ana)).to_be_in_viewport()
    await expect(ana.message("line 30.")).to_be_in_viewport()
    await expect_unread_below(ana, path, 79)

    # Whoever has read to the end stays there.
    await ana.page.get_by_role("button", name="To the latest message").click()
    await expect(ana.message("line 79.")).to_be_in_viewport()
    await say(bea, path, "line 80.")
    await expect(ana.message("line 80.")).to_be_in_viewport()
    await expect_unread(ana, path, 0)
