"""Pushes on their way: tried again, given up, and taken back once they were read."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

import pytest

from tertulia.core import push_queue
from tertulia.core.errors import Unavailable
from tertulia.core.push_queue import MAX_TRIES
from tests.waiting import until

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from contextlib import AbstractAsyncContextManager
    from uuid import UUID

    from tertulia.core.model import Actor
    from tertulia.core.ports import Work
    from tests.core.ears import Ears
    from tests.push_service import Browser


@pytest.fixture
async def chat(ears: Ears) -> tuple[Actor, Actor, UUID]:
    """Return Ana, Bea and their private chat."""
    ana, bea = ears.town.actors[:2]
    return ana, bea, await ears.town.private(ana, bea)


@asynccontextmanager
async def running(ears: Ears) -> AsyncIterator[None]:
    """Run the queue meanwhile."""
    queue = asyncio.create_task(ears.queue.run())
    try:
        yield
    finally:
        queue.cancel()
        await asyncio.gather(queue, return_exceptions=True)


async def pushed(ears: Ears, browser: Browser, asked: int) -> None:
    """Run the queue until a browser's push service was asked so often."""
    async with running(ears):
        await until(lambda: browser.asked >= asked, within_s=20, what=f"{asked} tries")


@pytest.mark.parametrize("status", [404, 410])
async def test_a_subscription_that_leads_nowhere_is_forgotten(
    ears: Ears, chat: tuple[Actor, Actor, UUID], status: int
) -> None:
    ana, bea, conversation_id = chat
    gone, living = await ears.listen(bea, bea)
    gone.answers.append(status)
    for body in ("One", "Two"):
        await ears.say(ana, conversation_id, body)
        await ears.pass_on()
    assert gone.asked == 1
    assert ears.bodies(living) == ["One", "Two"]


async def test_what_is_not_taken_now_is_tried_again_after_the_wait_that_was_asked_for(
    ears: Ears, chat: tuple[Actor, Actor, UUID]
) -> None:
    ana, bea, conversation_id = chat
    (beas,) = await ears.listen(bea)
    beas.answers.extend([(429, 1), (503, 1)])
    await ears.say(ana, conversation_id, "Hello")
    began_s = asyncio.get_running_loop().time()
    await ears.pass_on()
    assert beas.payloads == []
    await pushed(ears, beas, 3)
    assert asyncio.get_running_loop().time() - began_s >= 2
    assert ears.bodies(beas) == ["Hello"]


async def test_what_is_never_taken_is_given_up(
    ears: Ears, chat: tuple[Actor, Actor, UUID], caplog: pytest.LogCaptureFixture
) -> None:
    ana, bea, conversation_id = chat
    (beas,) = await ears.listen(bea)
    beas.answers.extend([(503, 0)] * 20)
    await ears.say(ana, conversation_id, "Hello")
    await ears.pass_on()
    async with running(ears):
        await until(lambda: "given up" in caplog.text, within_s=20, what="the end of the tries")
    await ears.pass_on()
    assert beas.asked == MAX_TRIES


async def test_more_than_can_wait_are_given_up(
    ears: Ears, chat: tuple[Actor, Actor, UUID], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(push_queue, "MAX_WAITING", 1)
    ana, bea, conversation_id = chat
    one, other = await ears.listen(bea, bea)
    one.answers.append((503, 1))
    other.answers.append((503, 1))
    await ears.say(ana, conversation_id, "Hello")
    await ears.pass_on()
    async with running(ears):
        await until(lambda: len(one.taken) + len(other.taken) == 1, within_s=5, what="one push")
    assert one.asked + other.asked == 3


async def test_a_session_that_ends_while_a_push_waits_is_not_tried_again(
    ears: Ears, chat: tuple[Actor, Actor, UUID]
) -> None:
    ana, bea, conversation_id = chat
    ending, living = await ears.listen(bea, bea)
    ending.answers.append((503, 1))
    living.answers.append((503, 1))
    await ears.say(ana, conversation_id, "Hello")
    await ears.pass_on()
    async with ears.town.storage.begin() as work:
        await work.push_subscriptions.drop(bea.account_id, ending.endpoint)
    await pushed(ears, living, 2)
    await ears.pass_on()
    assert (ending.asked, living.asked) == (1, 2)


async def test_what_was_pushed_and_is_read_elsewhere_is_taken_back_where_it_was_pushed(
    ears: Ears, chat: tuple[Actor, Actor, UUID]
) -> None:
    ana, bea, conversation_id = chat
    one, other = await ears.listen(bea, bea)
    other.answers.append(410)
    message = await ears.say(ana, conversation_id, "Hello")
    await ears.pass_on()
    (late,) = await ears.listen(bea)
    for _ in range(2):
        await ears.town.core.receipts.read(bea, conversation_id)
        await ears.pass_on()
    word = {
        "type": "read",
        "conversation_id": str(conversation_id),
        "read_seq": message.seq,
    }
    assert one.payloads[1:] == [word]
    assert other.payloads == late.payloads == []


@pytest.mark.parametrize(
    ("failures", "lost"),
    [([Unavailable("Not now.")] * 2, 0), ([RuntimeError("a bug")], 1)],
    ids=["away", "bug"],
)
async def test_what_was_read_is_taken_back_whatever_goes_wrong_at_first(
    ears: Ears,
    chat: tuple[Actor, Actor, UUID],
    monkeypatch: pytest.MonkeyPatch,
    failures: list[Exception],
    lost: int,
) -> None:
    monkeypatch.setattr(push_queue, "AGAIN_S", 0)
    ana, bea, conversation_id = chat
    other = await ears.town.group(ana, bea)
    (beas,) = await ears.listen(bea)
    for each in (conversation_id, other):
        await ears.say(ana, each, "Hello")
    await ears.pass_on()
    for each in (conversation_id, other):
        await ears.town.core.receipts.read(bea, each)
    ears.hear()
    waiting, read = list(failures), ears.town.storage.read

    def read_in_the_end() -> AbstractAsyncContextManager[Work]:
        if waiting:
            raise waiting.pop()
        return read()

    monkeypatch.setattr(ears.town.storage, "read", read_in_the_end)
    await pushed(ears, beas, 4 - lost)
    seen = [each["conversation_id"] for each in beas.payloads[2:]]
    assert sorted(seen) == sorted([str(conversation_id), str(other)][lost:])


async def test_reading_what_nobody_was_told_of_tells_nobody(
    ears: Ears, chat: tuple[Actor, Actor, UUID]
) -> None:
    ana, bea, conversation_id = chat
    (beas,) = await ears.listen(bea)
    await ears.say(ana, conversation_id, "Hello")
    ears.town.heard()
    await ears.town.core.receipts.read(bea, conversation_id)
    await ears.pass_on()
    assert beas.asked == 0


async def test_reading_only_the_beginning_takes_nothing_back(
    ears: Ears, chat: tuple[Actor, Actor, UUID]
) -> None:
    ana, bea, conversation_id = chat
    (beas,) = await ears.listen(bea)
    first = await ears.say(ana, conversation_id, "One")
    await ears.say(ana, conversation_id, "Two")
    await ears.pass_on()
    await ears.town.core.receipts.read(bea, conversation_id, first.seq)
    await ears.pass_on()
    assert [each["type"] for each in beas.payloads] == ["message"]


async def test_a_message_read_while_its_push_is_lined_up_is_not_pushed(
    ears: Ears, chat: tuple[Actor, Actor, UUID]
) -> None:
    ana, bea, conversation_id = chat
    (beas,) = await ears.listen(bea)
    await ears.say(ana, conversation_id, "Hello")
    ears.hear()
    await ears.notifier.look()
    await ears.town.core.receipts.read(bea, conversation_id)
    await ears.pass_on()
    assert beas.asked == 0
