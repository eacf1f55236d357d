"""What is added to messages of the pages behind their links, on a web server of the test."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from io import BytesIO
from typing import TYPE_CHECKING

import pytest
from PIL import Image

from tertulia.core import previews as module
from tertulia.core.errors import NotFound
from tertulia.core.events import PreviewsAdded
from tests.core.counter import open_counter
from tests.core.links import PAGES, Post, open_post, page
from tests.waiting import until

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from tertulia.core.message import Message
    from tests.core.town import Town


@pytest.fixture
async def post(town: Town, tmp_path: Path) -> AsyncIterator[Post]:
    async with open_post(town, tmp_path / "blobs") as post:
        yield post


async def say(post: Post, text: str) -> Message:
    """Send a message in a group of two, and leave no event of it."""
    ana, bea = post.town.actors[:2]
    group = await post.town.group(ana, bea)
    message = await post.town.core.messages.send(ana, group, text)
    post.town.published.clear()
    return message


async def test_a_message_gets_what_the_page_says_of_itself(town: Town, post: Post) -> None:
    message = await say(post, f"look: {post.url('/page')}!")

    await post.previews.look_at(message)

    (heard,) = town.heard()
    assert isinstance(heard, PreviewsAdded)
    assert heard.seq == message.seq + 1 == heard.message.changed_seq
    (preview,) = heard.message.extras.previews
    assert preview.url == post.url("/page")
    assert (preview.title, preview.description, preview.site) == ("The Café", "Open", "Guide")
    assert (preview.width, preview.height) == (640, 320)
    picture = Image.open(BytesIO(await post.pictures.picture(preview.image or "")))
    assert (picture.format, picture.size) == ("WEBP", (640, 320))
    assert (await town.history(town.actors[1], message.conversation_id))[0] == heard.message


async def test_a_link_to_a_picture_shows_it(town: Town, post: Post) -> None:
    await post.previews.look_at(await say(post, post.url("/me.png")))

    (heard,) = town.heard()
    assert isinstance(heard, PreviewsAdded)
    assert heard.message.extras.previews[0].title == "me.png"
    assert heard.message.extras.previews[0].image is not None


@pytest.mark.parametrize("path", ["/nothing", "/empty"])
async def test_a_page_that_says_nothing_adds_nothing(town: Town, post: Post, path: str) -> None:
    await post.previews.look_at(await say(post, post.url(path)))

    assert town.heard() == []


@pytest.mark.parametrize("path", ["/bomb", "/stray"])
async def test_a_picture_that_cannot_be_had_is_left_out(town: Town, post: Post, path: str) -> None:
    await post.previews.look_at(await say(post, post.url(path)))

    (heard,) = town.heard()
    assert isinstance(heard, PreviewsAdded)
    assert heard.message.extras.previews[0].image is None


async def test_a_slow_picture_is_not_waited_for_and_a_slow_page_neither(
    town: Town, post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "LOOK_S", 3.0)
    await post.previews.look_at(await say(post, f"{post.url('/slow')} {post.url('/very-slow')}"))

    (heard,) = town.heard()
    assert isinstance(heard, PreviewsAdded)
    assert [(each.title, each.image) for each in heard.message.extras.previews] == [("Slow", None)]


async def test_three_links_are_looked_at_and_each_page_once(town: Town, post: Post) -> None:
    links = [post.url(f"/plain?{number}") for number in range(5)]
    PAGES.update({f"/plain?{number}": page(f"Page {number}") for number in range(5)})
    message = await say(post, " ".join(links))
    again = await say(post, " ".join(links))

    await post.previews.look_at(message)
    await post.previews.look_at(again)

    first, second = town.heard()
    assert isinstance(first, PreviewsAdded)
    assert isinstance(second, PreviewsAdded)
    titles = [each.title for each in first.message.extras.previews]
    assert titles == ["Page 0", "Page 1", "Page 2"]
    assert first.message.extras.previews == second.message.extras.previews
    assert len(post.server.asked) == 3


async def test_nothing_is_added_to_what_was_deleted_or_edited_meanwhile(
    town: Town, post: Post
) -> None:
    ana = town.actors[0]
    deleted = await say(post, post.url("/page"))
    edited = await say(post, post.url("/page"))
    await town.core.messages.delete(ana, deleted.id)
    await town.core.messages.edit(ana, edited.id, "no link at all")
    town.published.clear()

    await post.previews.look_at(deleted)
    await post.previews.look_at(edited)

    assert town.heard() == []


async def test_nothing_is_added_for_somebody_who_has_left(town: Town, post: Post) -> None:
    ana, bea = town.actors[:2]
    group = await town.group(ana, bea)
    message = await town.core.messages.send(bea, group, post.url("/page"))
    await town.core.members.leave(bea, group)
    town.published.clear()

    await post.previews.look_at(message)

    assert town.heard() == []


async def test_an_edit_keeps_what_is_known_and_looks_at_what_is_new(town: Town, post: Post) -> None:
    ana = town.actors[0]
    message = await say(post, post.url("/plain"))
    await post.previews.look_at(message)
    edited = await town.core.messages.edit(
        ana, message.id, f"{post.url('/page')} {post.url('/plain')}"
    )
    town.published.clear()

    await post.previews.look_at(edited)

    (heard,) = town.heard()
    assert isinstance(heard, PreviewsAdded)
    assert [each.title for each in heard.message.extras.previews] == ["The Café", "Plain"]
    assert len(post.server.asked_for("/plain")) == 1


async def test_without_leave_nothing_of_this_machine_is_looked_at(
    town: Town, tmp_path: Path
) -> None:
    async with open_post(town, tmp_path / "blobs", allowed=()) as post:
        await post.previews.look_at(await say(post, post.url("/page")))
        assert post.server.asked == []
    assert town.heard() == []


async def test_what_is_heard_is_looked_at_in_the_background(town: Town, post: Post) -> None:
    running = asyncio.create_task(post.previews.run())
    ana, bea = town.actors[:2]
    group = await town.group(ana, bea)
    await town.core.messages.send(ana, group, "no link")
    await town.core.messages.send(ana, group, post.url("/plain"))
    post.previews.hear(town.heard())

    await until(lambda: bool(town.published), within_s=10, what="a preview")
    (heard,) = town.heard()
    assert isinstance(heard, PreviewsAdded)
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running


async def test_switched_off_it_hears_nothing(town: Town, tmp_path: Path) -> None:
    async with open_post(town, tmp_path / "blobs", is_on=False) as post:
        running = asyncio.create_task(post.previews.run())
        ana, bea = town.actors[:2]
        group = await town.group(ana, bea)
        await town.core.messages.send(ana, group, post.url("/plain"))
        post.previews.hear(town.heard())
        await asyncio.sleep(0)
        assert post.server.asked == []
        running.cancel()
        with pytest.raises(asyncio.CancelledError):
            await running


async def test_the_queue_is_bounded(
    town: Town, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "MAX_WAITING", 2)
    async with open_post(town, tmp_path / "blobs") as post:
        ana, bea = town.actors[:2]
        group = await town.group(ana, bea)
        for number in range(4):
            await town.core.messages.send(ana, group, post.url(f"/plain?full{number}"))
        PAGES.update({f"/plain?full{number}": page("Full") for number in range(4)})
        post.previews.hear(town.heard())

        running = asyncio.create_task(post.previews.run())
        await until(lambda: len(town.published) == 2, within_s=10, what="two previews")
        running.cancel()
        with pytest.raises(asyncio.CancelledError):
            await running
        assert len(post.server.asked) == 2


async def test_one_person_has_only_so_many_pages_looked_at(post: Post) -> None:
    for start in range(0, 90, 3):
        links = [post.url(f"/none?{number}") for number in range(start, start + 3)]
        await post.previews.look_at(await say(post, " ".join(links)))

    assert len(post.server.asked) == 60


async def test_a_picture_goes_with_its_message(town: Town, post: Post) -> None:
    messages, keys = [], []
    for _ in range(2):
        messages.append(await say(post, post.url("/page")))
        await post.previews.look_at(messages[-1])
        (heard,) = town.heard()
        assert isinstance(heard, PreviewsAdded)
        keys.append(heard.message.extras.previews[0].image or "")
    key, kept = keys
    await town.core.messages.delete(town.actors[0], messages[0].id)

    async with open_counter(town, post.folder) as counter:
        await counter.sweep.sweep()
        assert await post.pictures.picture(key)
        counter.clock.advance(timedelta(hours=1))
        await counter.sweep.sweep()

    with pytest.raises(NotFound):
        await post.pictures.picture(key)
    assert await post.pictures.picture(kept)
