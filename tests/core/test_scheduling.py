"""Messages that wait are sent once and in order, at their time, whatever happens in between."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from tertulia.core.errors import Forbidden, NotFound, RateLimited, Unavailable
from tertulia.core.events import MessageSent, ScheduleChanged
from tertulia.core.scheduling import (
    CLAIM,
    RETRY_S,
    SOONEST,
)
from tests import examples as eg
from tests.core.diary import HOUR
from tests.core.test_at_once import outcomes

if TYPE_CHECKING:
    from tests.core.diary import Diary


async def test_a_message_is_sent_at_its_time_and_waits_no_more(diary: Diary) -> None:
    scheduled = await diary.schedule()
    assert await diary.waiting() == [scheduled]
    assert await diary.wait(HOUR - timedelta(milliseconds=1)) == 0
    assert await diary.wait(timedelta(milliseconds=1)) == 1
    assert (await diary.bodies(), await diary.waiting()) == (["Good morning"], [])
    assert await diary.wait() == 0


async def test_ones_own_devices_hear_that_something_waits_and_that_it_was_sent(
    diary: Diary,
) -> None:
    changed = ScheduleChanged(
        conversation_id=diary.conversation_id, account_id=diary.ana.account_id
    )
    await diary.schedule()
    assert diary.town.heard() == [changed]
    await diary.wait()
    sent, then = diary.town.heard()
    assert (type(sent), then) == (MessageSent, changed)


async def test_what_became_due_while_the_server_was_down_is_sent_at_the_start(
    diary: Diary,
) -> None:
    await diary.schedule("Second", due_at=diary.clock() + 2 * HOUR)
    await diary.schedule("First")
    assert await diary.wait(timedelta(days=3)) == 2
    assert await diary.bodies() == ["First", "Second"]


async def test_a_crash_between_sending_and_forgetting_doubles_nothing(diary: Diary) -> None:
    scheduled = await diary.schedule()
    diary.clock.advance(HOUR)
    async with diary.town.storage.begin() as work:
        now = diary.clock()
        await work.scheduled.claim_due([diary.ana.account_id], now, now + CLAIM)
    await diary.town.core.messages.send(
        diary.ana,
        diary.conversation_id,
        scheduled.body,
        client_ref=f"scheduled:{scheduled.id}",
    )
    assert await diary.wait(CLAIM - timedelta(seconds=1)) == 0
    assert await diary.wait(timedelta(seconds=1)) == 1
    assert (await diary.bodies(), await diary.waiting()) == (["Good morning"], [])


async def test_two_nodes_at_once_send_it_once(diary: Diary) -> None:
    for number in range(5):
        await diary.schedule(f"{number}")
    diary.clock.advance(HOUR)
    counts = await outcomes(diary.scheduling.send_due(), diary.scheduling.send_due())
    assert sum(counts) == diary.messages.sent == 5
    assert await diary.bodies() == list("01234")


async def test_what_becomes_due_while_another_node_sends_what_was_before_it_waits(
    diary: Diary,
) -> None:
    first = await diary.schedule("First")
    await diary.schedule("Second", due_at=first.due_at + timedelta(seconds=1))
    other = await diary.town.group(diary.bea)
    await diary.scheduling.schedule(diary.bea, other, "Of another person", first.due_at)
    diary.clock.advance(HOUR)
    async with diary.town.storage.begin() as work:
        await work.scheduled.claim(first.id, diary.clock(), diary.clock() + CLAIM)
    assert await diary.wait(timedelta(seconds=1)) == 1
    assert await diary.bodies() == []
    assert await diary.wait(CLAIM) == 2
    assert await diary.bodies() == ["First", "Second"]


async def test_what_is_refused_waits_for_its_author_who_sees_why(diary: Diary) -> None:
    await diary.schedule()
    await diary.town.core.contacts.block(diary.bea, diary.ana.account_id)
    assert await diary.wait() == 1
    (kept,) = await diary.waiting()
    assert kept.failure == "blocked"
    assert await diary.wait() == 0
    assert diary.town.heard()[-1] == ScheduleChanged(
        conversation_id=diary.conversation_id, account_id=diary.ana.account_id
    )
    await diary.town.core.contacts.unblock(diary.bea, diary.ana.account_id)
    changed = await diary.scheduling.change(diary.ana, kept.id, due_at=diary.clock() + SOONEST)
    assert changed.failure is None
    assert await diary.wait(SOONEST) == 1
    assert await diary.bodies() == ["Good morning"]


@pytest.mark.parametrize("way", ["left", "deleted"])
async def test_a_conversation_that_one_is_in_no_more_is_a_failure(diary: Diary, way: str) -> None:
    conversation_id = await diary.town.group(diary.bea, diary.ana)
    await diary.scheduling.schedule(diary.ana, conversation_id, "Hello", diary.clock() + HOUR)
    if way == "left":
        await diary.town.core.members.leave(diary.ana, conversation_id)
    else:
        await diary.town.core.conversations.delete(diary.bea, conversation_id)
    assert await diary.wait() == 1
    (kept,) = await diary.waiting()
    assert kept.failure == "not_found"
    await diary.scheduling.cancel(diary.ana, kept.id)
    assert await diary.waiting() == []


async def test_an_account_that_is_shut_sends_nothing(diary: Diary) -> None:
    await diary.schedule()
    async with diary.town.storage.begin() as work:
        account = await work.accounts.get(diary.ana.account_id)
        await work.accounts.update(replace(account, disabled_at=eg.NOON))
    await diary.wait()
    (kept,) = await diary.waiting()
    assert (kept.failure, await diary.bodies()) == ("account_disabled", [])


@pytest.mark.parametrize(
    ("failure", "wait"),
    [
        (RateLimited("Slowly.", retry_after_s=20), timedelta(seconds=20)),
        (Unavailable("Not now."), timedelta(seconds=RETRY_S)),
        (RuntimeError("a bug"), CLAIM),
    ],
)
async def test_what_cannot_be_sent_just_now_is_sent_a_little_later(
    diary: Diary, failure: Exception, wait: timedelta
) -> None:
    await diary.schedule()
    diary.messages.failures = [failure]
    assert await diary.wait() == 1
    assert [each.failure for each in await diary.waiting()] == [None]
    assert await diary.wait(wait - timedelta(seconds=1)) == 0
    assert await diary.wait(timedelta(seconds=1)) == 1
    assert await diary.bodies() == ["Good morning"]


async def test_what_is_too_early_in_slow_mode_gets_a_later_time_and_can_be_done_without(
    diary: Diary,
) -> None:
    scheduled = await diary.schedule()
    diary.messages.failures = [RateLimited("Slowly.", retry_after_s=3600)]
    await diary.wait()
    (moved,) = await diary.waiting()
    assert moved == replace(scheduled, due_at=diary.clock() + HOUR)
    await diary.scheduling.cancel(diary.ana, moved.id)
    assert (await diary.wait(), await diary.bodies()) == (0, [])


async def test_what_comes_after_one_that_was_too_early_stays_behind_it(
    diary: Diary,
) -> None:
    for body in ("First", "Second", "Third"):
        await diary.schedule(body)
    elsewhere = await diary.town.group(diary.ana)
    await diary.scheduling.schedule(diary.ana, elsewhere, "Elsewhere", diary.clock() + 2 * HOUR)
    diary.messages.failures = [RateLimited("Slowly.", retry_after_s=11)]
    assert await diary.wait(2 * HOUR) == 4
    assert [each.body for each in await diary.waiting()] == ["First", "Second", "Third"]
    assert await diary.bodies() == []
    assert await diary.wait(timedelta(seconds=12)) == 3
    assert await diary.bodies() == ["First", "Second", "Third"]


@pytest.mark.parametrize(
    ("failure", "wait"),
    [
        (RateLimited("Slowly.", retry_after_s=20), timedelta(seconds=20)),
        (Unavailable("Not now."), timedelta(seconds=RETRY_S)),
    ],
)
async def test_what_becomes_due_while_one_before_it_was_put_off_stays_behind_it(
    diary: Diary, failure: Exception, wait: timedelta
) -> None:
    soon = timedelta(seconds=5)
    await diary.schedule("First")
    await diary.schedule("Second", due_at=diary.clock() + HOUR + soon)
    diary.messages.failures = [failure]
    assert await diary.wait() == 1
    assert await diary.wait(soon) == 0
    assert await diary.wait(wait) == 2
    assert await diary.bodies() == ["First", "Second"]


async def test_one_that_is_put_off_takes_along_only_what_would_come_before_it(
    diary: Diary,
) -> None:
    due = diary.clock() + HOUR
    later, moment = due + timedelta(seconds=RETRY_S), timedelta(milliseconds=1)
    elsewhere = await diary.town.group(diary.ana)
    times = {
        "First": due,
        "At the same time": due,
        "Failed": due + timedelta(seconds=1),
        "Meanwhile": due + timedelta(seconds=5),
        "At the new time": later,
        "Where another one goes": later + 3 * moment,
        "Far enough": later + 5 * moment,
    }
    waiting = {body: await diary.schedule(body, due_at=time) for body, time in times.items()}
    await diary.scheduling.schedule(diary.ana, elsewhere, "Elsewhere", due + HOUR)
    async with diary.town.storage.begin() as work:
        await work.scheduled.release(replace(waiting["Failed"], failure="blocked"))
    diary.messages.failures = [Unavailable("Not now.")]
    diary.town.heard()
    await diary.wait()
    assert diary.town.heard() == [
        ScheduleChanged(conversation_id=diary.conversation_id, account_id=diary.ana.account_id)
    ]
    assert {each.body: each.due_at for each in await diary.waiting()} == {
        **times,
        "First": later,
        "At the same time": later + moment,
        "Meanwhile": later + 2 * moment,
        "At the new time": later + 3 * moment,
        "Where another one goes": later + 4 * moment,
        "Elsewhere": due + HOUR,
    }


async def test_it_can_be_sent_now_and_where_that_is_refused_it_waits_on(
    diary: Diary,
) -> None:
    scheduled = await diary.schedule()
    await diary.town.core.contacts.block(diary.bea, diary.ana.account_id)
    diary.town.heard()
    with diary.town.refuses(Forbidden, "blocked"):
        await diary.scheduling.send_now(diary.ana, scheduled.id)
    assert await diary.waiting() == [scheduled]
    await diary.town.core.contacts.unblock(diary.bea, diary.ana.account_id)
    message = await diary.scheduling.send_now(diary.ana, scheduled.id)
    assert (message.body, await diary.waiting()) == ("Good morning", [])
    with diary.town.refuses(NotFound, "not_found"):
        await diary.scheduling.send_now(diary.ana, scheduled.id)
    assert await diary.wait() == 0
