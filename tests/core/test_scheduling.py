"""Messages that wait: sent once at their time, whatever happens in between."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from tertulia.adapters.limits_memory import LimitsInMemory
from tertulia.core import limits
from tertulia.core.errors import Conflict, Forbidden, Invalid, NotFound, RateLimited, Unavailable
from tertulia.core.events import MessageSent, ScheduleChanged
from tertulia.core.ids import new_id
from tertulia.core.scheduling import (
    CLAIM,
    LATEST,
    MAX_SCHEDULED,
    RETRY_S,
    SOONEST,
    Scheduling,
)
from tests import examples as eg
from tests.core.door import Clock
from tests.core.test_at_once import outcomes
from tests.core.uploads import HandedIn

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from typing import Any
    from uuid import UUID

    from tertulia.core.message import Message
    from tertulia.core.model import Actor
    from tertulia.core.scheduled import Scheduled
    from tertulia.settings import Settings
    from tests.core.town import Town

HOUR = timedelta(hours=1)


class Failing:
    """Messages that fail as they are told to before they go the usual way."""

    def __init__(self, town: Town) -> None:
        self.town = town
        self.failures: list[Exception] = []
        self.sent = 0

    async def send(self, *args: Any, **kwargs: Any) -> Message:
        if self.failures:
            raise self.failures.pop(0)
        self.sent += 1
        return await self.town.core.messages.send(*args, **kwargs)


@dataclass
class Desk:
    """What keeps messages until their time, over a town whose clock stands still."""

    town: Town
    clock: Clock
    messages: Failing
    scheduling: Scheduling
    ana: Actor
    bea: Actor
    conversation_id: UUID

    async def schedule(self, body: str = "Good morning", **changes: Any) -> Scheduled:
        usual = {"due_at": self.clock() + HOUR}
        return await self.scheduling.schedule(
            self.ana, self.conversation_id, body, **{**usual, **changes}
        )

    async def wait(self, by: timedelta = HOUR) -> int:
        self.clock.advance(by)
        return await self.scheduling.send_due()

    async def bodies(self) -> list[str | None]:
        history = await self.town.history(self.ana, self.conversation_id)
        return [message.body for message in history]

    async def waiting(self) -> list[Scheduled]:
        return list(await self.scheduling.waiting(self.ana))


@pytest.fixture
async def desk(town: Town) -> AsyncIterator[Desk]:
    """Return a desk at which nothing of earlier tests waits, and a private chat."""
    ana, bea = town.actors[:2]
    clock, messages = Clock(), Failing(town)
    scheduling = Scheduling(
        town.storage,
        messages,  # type: ignore[arg-type]
        LimitsInMemory(scale=1000),
        clock,
        max_body_chars=100,
    )
    conversation_id = await town.private(ana, bea)
    yield Desk(town, clock, messages, scheduling, ana, bea, conversation_id)
    async with town.storage.begin() as work:
        for actor in town.actors:
            await work.scheduled.drop_all(actor.account_id)


async def test_a_message_is_sent_at_its_time_and_waits_no_more(desk: Desk) -> None:
    scheduled = await desk.schedule()
    assert await desk.waiting() == [scheduled]
    assert await desk.wait(HOUR - timedelta(milliseconds=1)) == 0
    assert await desk.wait(timedelta(milliseconds=1)) == 1
    assert (await desk.bodies(), await desk.waiting()) == (["Good morning"], [])
    assert await desk.wait() == 0


async def test_ones_own_devices_hear_that_something_waits_and_that_it_was_sent(
    desk: Desk,
) -> None:
    changed = ScheduleChanged(conversation_id=desk.conversation_id, account_id=desk.ana.account_id)
    await desk.schedule()
    assert desk.town.heard() == [changed]
    await desk.wait()
    sent, then = desk.town.heard()
    assert (type(sent), then) == (MessageSent, changed)


async def test_what_became_due_while_the_server_was_down_is_sent_at_the_start(
    desk: Desk,
) -> None:
    await desk.schedule("Second", due_at=desk.clock() + 2 * HOUR)
    await desk.schedule("First")
    assert await desk.wait(timedelta(days=3)) == 2
    assert await desk.bodies() == ["First", "Second"]


async def test_a_crash_between_sending_and_forgetting_doubles_nothing(desk: Desk) -> None:
    scheduled = await desk.schedule()
    desk.clock.advance(HOUR)
    async with desk.town.storage.begin() as work:
        now = desk.clock()
        await work.scheduled.claim_due(now, now + CLAIM, 10)
    await desk.town.core.messages.send(
        desk.ana,
        desk.conversation_id,
        scheduled.body,
        client_ref=f"scheduled:{scheduled.id}",
    )
    assert await desk.wait(CLAIM - timedelta(seconds=1)) == 0
    assert await desk.wait(timedelta(seconds=1)) == 1
    assert (await desk.bodies(), await desk.waiting()) == (["Good morning"], [])


async def test_two_nodes_at_once_send_it_once(desk: Desk) -> None:
    for number in range(5):
        await desk.schedule(f"{number}")
    desk.clock.advance(HOUR)
    counts = await outcomes(desk.scheduling.send_due(), desk.scheduling.send_due())
    assert sum(counts) == desk.messages.sent == 5
    assert sorted(map(str, await desk.bodies())) == list("01234")


async def test_what_is_refused_waits_for_its_author_who_sees_why(desk: Desk) -> None:
    await desk.schedule()
    await desk.town.core.contacts.block(desk.bea, desk.ana.account_id)
    assert await desk.wait() == 1
    (kept,) = await desk.waiting()
    assert kept.failure == "blocked"
    assert await desk.wait() == 0
    assert desk.town.heard()[-1] == ScheduleChanged(
        conversation_id=desk.conversation_id, account_id=desk.ana.account_id
    )
    await desk.town.core.contacts.unblock(desk.bea, desk.ana.account_id)
    changed = await desk.scheduling.change(desk.ana, kept.id, due_at=desk.clock() + SOONEST)
    assert changed.failure is None
    assert await desk.wait(SOONEST) == 1
    assert await desk.bodies() == ["Good morning"]


@pytest.mark.parametrize("way", ["left", "deleted"])
async def test_a_conversation_that_one_is_in_no_more_is_a_failure(desk: Desk, way: str) -> None:
    conversation_id = await desk.town.group(desk.bea, desk.ana)
    await desk.scheduling.schedule(desk.ana, conversation_id, "Hello", desk.clock() + HOUR)
    if way == "left":
        await desk.town.core.members.leave(desk.ana, conversation_id)
    else:
        await desk.town.core.conversations.delete(desk.bea, conversation_id)
    assert await desk.wait() == 1
    (kept,) = await desk.waiting()
    assert kept.failure == "not_found"
    await desk.scheduling.cancel(desk.ana, kept.id)
    assert await desk.waiting() == []


async def test_an_account_that_is_shut_sends_nothing(desk: Desk) -> None:
    await desk.schedule()
    async with desk.town.storage.begin() as work:
        account = await work.accounts.get(desk.ana.account_id)
        await work.accounts.update(replace(account, disabled_at=eg.NOON))
    await desk.wait()
    (kept,) = await desk.waiting()
    assert (kept.failure, await desk.bodies()) == ("account_disabled", [])


@pytest.mark.parametrize(
    ("failure", "wait"),
    [
        (RateLimited("Slowly.", retry_after_s=20), timedelta(seconds=20)),
        (Unavailable("Not now."), timedelta(seconds=RETRY_S)),
        (RuntimeError("a bug"), CLAIM),
    ],
)
async def test_what_cannot_be_sent_just_now_is_sent_a_little_later(
    desk: Desk, failure: Exception, wait: timedelta
) -> None:
    await desk.schedule()
    desk.messages.failures = [failure]
    assert await desk.wait() == 1
    assert [each.failure for each in await desk.waiting()] == [None]
    assert await desk.wait(wait - timedelta(seconds=1)) == 0
    assert await desk.wait(timedelta(seconds=1)) == 1
    assert await desk.bodies() == ["Good morning"]


async def test_what_is_too_early_in_slow_mode_gets_a_later_time_and_can_be_done_without(
    desk: Desk,
) -> None:
    scheduled = await desk.schedule()
    desk.messages.failures = [RateLimited("Slowly.", retry_after_s=3600)]
    await desk.wait()
    (moved,) = await desk.waiting()
    assert moved == replace(scheduled, due_at=desk.clock() + HOUR)
    await desk.scheduling.cancel(desk.ana, moved.id)
    assert (await desk.wait(), await desk.bodies()) == (0, [])


async def test_text_and_time_can_be_changed_until_then(desk: Desk) -> None:
    scheduled = await desk.schedule()
    later = desk.clock() + 2 * HOUR
    await desk.scheduling.change(desk.ana, scheduled.id, body="Good evening")
    changed = await desk.scheduling.change(desk.ana, scheduled.id, due_at=later)
    assert changed == replace(scheduled, body="Good evening", due_at=later)
    assert await desk.waiting() == [changed]
    assert await desk.wait() == 0
    assert await desk.wait() == 1
    assert await desk.bodies() == ["Good evening"]


async def test_what_is_being_sent_can_be_neither_changed_nor_cancelled_nor_sent(
    desk: Desk,
) -> None:
    scheduled = await desk.schedule()
    desk.clock.advance(HOUR)
    async with desk.town.storage.begin() as work:
        now = desk.clock()
        await work.scheduled.claim_due(now, now + CLAIM, 10)
    desk.town.heard()
    later = desk.clock() + HOUR
    with desk.town.refuses(Conflict, "being_sent"):
        await desk.scheduling.change(desk.ana, scheduled.id, due_at=later)
    with desk.town.refuses(Conflict, "being_sent"):
        await desk.scheduling.cancel(desk.ana, scheduled.id)
    with desk.town.refuses(Conflict, "being_sent"):
        await desk.scheduling.send_now(desk.ana, scheduled.id)


async def test_it_can_be_sent_now_and_where_that_is_refused_it_waits_on(desk: Desk) -> None:
    scheduled = await desk.schedule()
    await desk.town.core.contacts.block(desk.bea, desk.ana.account_id)
    desk.town.heard()
    with desk.town.refuses(Forbidden, "blocked"):
        await desk.scheduling.send_now(desk.ana, scheduled.id)
    assert await desk.waiting() == [scheduled]
    await desk.town.core.contacts.unblock(desk.bea, desk.ana.account_id)
    message = await desk.scheduling.send_now(desk.ana, scheduled.id)
    assert (message.body, await desk.waiting()) == ("Good morning", [])
    with desk.town.refuses(NotFound, "not_found"):
        await desk.scheduling.send_now(desk.ana, scheduled.id)
    assert await desk.wait() == 0


async def test_what_waits_is_ones_own(desk: Desk) -> None:
    scheduled = await desk.schedule()
    desk.town.heard()
    assert await desk.scheduling.waiting(desk.bea) == ()
    for call in (
        desk.scheduling.change(desk.bea, scheduled.id, body="Mine"),
        desk.scheduling.cancel(desk.bea, scheduled.id),
        desk.scheduling.send_now(desk.bea, scheduled.id),
    ):
        with desk.town.refuses(NotFound, "not_found"):
            await call


async def test_what_waits_is_listed_for_one_conversation_or_all(desk: Desk) -> None:
    other = await desk.town.group(desk.ana, desk.bea)
    first = await desk.schedule()
    second = await desk.scheduling.schedule(desk.ana, other, "There", desk.clock() + 2 * HOUR)
    assert await desk.scheduling.waiting(desk.ana) == (first, second)
    assert await desk.scheduling.waiting(desk.ana, other) == (second,)
    assert await desk.scheduling.waiting(desk.ana, new_id()) == ()


@pytest.mark.parametrize(
    ("away", "code"),
    [
        (SOONEST - timedelta(milliseconds=1), "too_soon"),
        (-HOUR, "too_soon"),
        (LATEST + timedelta(milliseconds=1), "too_late"),
    ],
)
async def test_a_time_too_near_or_too_far_is_refused(
    desk: Desk, away: timedelta, code: str
) -> None:
    scheduled = await desk.schedule()
    desk.town.heard()
    with desk.town.refuses(Invalid, code, "send_at"):
        await desk.schedule(due_at=desk.clock() + away)
    with desk.town.refuses(Invalid, code, "send_at"):
        await desk.scheduling.change(desk.ana, scheduled.id, due_at=desk.clock() + away)


async def test_only_where_one_is_a_member_and_only_what_could_be_sent_is_taken(
    desk: Desk,
) -> None:
    elsewhere = await desk.town.private(desk.bea, desk.town.actors[2])
    there = await desk.town.core.messages.send(desk.bea, elsewhere, "Elsewhere")
    group = await desk.town.group(desk.ana, desk.bea)
    in_group = await desk.town.core.messages.send(desk.ana, group, "In the group")
    desk.town.heard()
    with desk.town.refuses(NotFound, "not_found"):
        await desk.scheduling.schedule(desk.ana, elsewhere, "Hello", desk.clock() + HOUR)
    for replied in (there.id, in_group.id, new_id()):
        with desk.town.refuses(Invalid, "invalid", "reply_to"):
            await desk.schedule(reply_to=replied)
    with desk.town.refuses(Invalid, "required", "content"):
        await desk.schedule(" ")
    with desk.town.refuses(Invalid, "too_long", "content"):
        await desk.schedule("x" * 101)


async def test_files_wait_with_their_message_and_go_with_it(desk: Desk, settings: Settings) -> None:
    desk_files = HandedIn(settings)
    sent, other = [await desk_files.file(desk.ana, desk.conversation_id) for _ in range(2)]
    scheduled = await desk.schedule("", attachment_ids=[sent.id], is_silent=True)
    cancelled = await desk.schedule("", attachment_ids=[other.id])
    assert [each.attachments for each in await desk.waiting()] == [(sent,), (other,)]
    kept_until = await desk_files.expires_at(sent.id)
    assert kept_until is not None
    assert kept_until > scheduled.due_at + LATEST
    await desk.scheduling.cancel(desk.ana, cancelled.id)
    assert await desk_files.expires_at(other.id) == desk.clock()
    assert await desk.wait() == 1
    (message,) = await desk.town.history(desk.bea, desk.conversation_id)
    assert message.extras.attachments == (sent,)
    assert message.extras.is_silent
    assert await desk_files.expires_at(sent.id) is None


async def test_only_whole_files_of_ones_own_for_there_can_wait(
    desk: Desk, settings: Settings
) -> None:
    files = HandedIn(settings)
    elsewhere = await desk.town.group(desk.ana, desk.bea)
    for ids in (
        [new_id()],
        [(await files.file(desk.bea, desk.conversation_id)).id],
        [(await files.file(desk.ana, elsewhere)).id],
        [(await files.file(desk.ana, desk.conversation_id, is_whole=False)).id],
    ):
        with desk.town.refuses(Invalid, "invalid", "attachments"):
            await desk.schedule("Look", attachment_ids=ids)
    with desk.town.refuses(Invalid, "required", "content"):
        await desk.schedule("")


async def test_nobody_has_more_than_a_hundred_waiting_even_at_once(desk: Desk) -> None:
    for number in range(MAX_SCHEDULED - 1):
        await desk.schedule(f"{number}")
    results = await outcomes(*(desk.schedule("at once") for _ in range(3)))
    assert results.count("too_many_scheduled") == 2
    assert len(await desk.waiting()) == MAX_SCHEDULED


async def test_scheduling_again_and_again_is_limited(desk: Desk) -> None:
    doors = LimitsInMemory()
    strict = Scheduling(
        desk.town.storage, desk.town.core.messages, doors, desk.clock, max_body_chars=100
    )
    scheduled = await desk.schedule()
    limit = limits.SCHEDULES_OF
    await doors.take(limit, str(desk.ana.account_id), count=limit.times)
    with pytest.raises(RateLimited):
        await strict.change(desk.ana, scheduled.id, body="Again")
    with pytest.raises(RateLimited):
        await strict.schedule(desk.ana, desk.conversation_id, "Again", desk.clock() + HOUR)
