"""What may wait for its time to be sent, and how its author changes it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from tertulia.adapters.limits_memory import LimitsInMemory
from tertulia.core import limits
from tertulia.core.errors import Conflict, Invalid, NotFound, RateLimited
from tertulia.core.ids import new_id
from tertulia.core.scheduling import (
    CLAIM,
    LATEST,
    MAX_SCHEDULED,
    SOONEST,
    Scheduling,
)
from tests.core.diary import HOUR
from tests.core.test_at_once import outcomes
from tests.core.uploads import HandedIn

if TYPE_CHECKING:
    from tertulia.settings import Settings
    from tests.core.diary import Diary


async def test_text_and_time_can_be_changed_until_then(diary: Diary) -> None:
    scheduled = await diary.schedule()
    later = diary.clock() + 2 * HOUR
    await diary.scheduling.change(diary.ana, scheduled.id, body="Good evening")
    changed = await diary.scheduling.change(diary.ana, scheduled.id, due_at=later)
    assert changed == replace(scheduled, body="Good evening", due_at=later)
    assert await diary.waiting() == [changed]
    assert await diary.wait() == 0
    assert await diary.wait() == 1
    assert await diary.bodies() == ["Good evening"]


async def test_what_is_being_sent_can_be_neither_changed_nor_cancelled_nor_sent(
    diary: Diary,
) -> None:
    scheduled = await diary.schedule()
    diary.clock.advance(HOUR)
    async with diary.town.storage.begin() as work:
        now = diary.clock()
        await work.scheduled.claim_due([diary.ana.account_id], now, now + CLAIM)
    diary.town.heard()
    later = diary.clock() + HOUR
    with diary.town.refuses(Conflict, "being_sent"):
        await diary.scheduling.change(diary.ana, scheduled.id, due_at=later)
    with diary.town.refuses(Conflict, "being_sent"):
        await diary.scheduling.cancel(diary.ana, scheduled.id)
    with diary.town.refuses(Conflict, "being_sent"):
        await diary.scheduling.send_now(diary.ana, scheduled.id)


async def test_what_waits_is_ones_own(diary: Diary) -> None:
    scheduled = await diary.schedule()
    diary.town.heard()
    assert await diary.scheduling.waiting(diary.bea) == ()
    for call in (
        diary.scheduling.change(diary.bea, scheduled.id, body="Mine"),
        diary.scheduling.cancel(diary.bea, scheduled.id),
        diary.scheduling.send_now(diary.bea, scheduled.id),
    ):
        with diary.town.refuses(NotFound, "not_found"):
            await call


async def test_what_waits_is_listed_for_one_conversation_or_all(diary: Diary) -> None:
    other = await diary.town.group(diary.ana, diary.bea)
    first = await diary.schedule()
    second = await diary.scheduling.schedule(diary.ana, other, "There", diary.clock() + 2 * HOUR)
    assert await diary.scheduling.waiting(diary.ana) == (first, second)
    assert await diary.scheduling.waiting(diary.ana, other) == (second,)
    assert await diary.scheduling.waiting(diary.ana, new_id()) == ()


@pytest.mark.parametrize(
    ("away", "code"),
    [
        (SOONEST - timedelta(milliseconds=1), "too_soon"),
        (-HOUR, "too_soon"),
        (LATEST + timedelta(milliseconds=1), "too_late"),
    ],
)
async def test_a_time_too_near_or_too_far_is_refused(
    diary: Diary, away: timedelta, code: str
) -> None:
    scheduled = await diary.schedule()
    diary.town.heard()
    with diary.town.refuses(Invalid, code, "send_at"):
        await diary.schedule(due_at=diary.clock() + away)
    with diary.town.refuses(Invalid, code, "send_at"):
        await diary.scheduling.change(diary.ana, scheduled.id, due_at=diary.clock() + away)


async def test_only_where_one_is_a_member_and_only_what_could_be_sent_is_taken(
    diary: Diary,
) -> None:
    elsewhere = await diary.town.private(diary.bea, diary.town.actors[2])
    there = await diary.town.core.messages.send(diary.bea, elsewhere, "Elsewhere")
    group = await diary.town.group(diary.ana, diary.bea)
    in_group = await diary.town.core.messages.send(diary.ana, group, "In the group")
    diary.town.heard()
    with diary.town.refuses(NotFound, "not_found"):
        await diary.scheduling.schedule(diary.ana, elsewhere, "Hello", diary.clock() + HOUR)
    for replied in (there.id, in_group.id, new_id()):
        with diary.town.refuses(Invalid, "invalid", "reply_to"):
            await diary.schedule(reply_to=replied)
    with diary.town.refuses(Invalid, "required", "content"):
        await diary.schedule(" ")
    with diary.town.refuses(Invalid, "too_long", "content"):
        await diary.schedule("x" * 101)


async def test_files_wait_with_their_message_and_go_with_it(
    diary: Diary, settings: Settings
) -> None:
    files = HandedIn(settings)
    sent, other = [await files.file(diary.ana, diary.conversation_id) for _ in range(2)]
    scheduled = await diary.schedule("", attachment_ids=[sent.id], is_silent=True)
    cancelled = await diary.schedule("", attachment_ids=[other.id])
    assert [each.attachments for each in await diary.waiting()] == [(sent,), (other,)]
    kept_until = await files.expires_at(sent.id)
    assert kept_until is not None
    assert kept_until > scheduled.due_at + LATEST
    await diary.scheduling.cancel(diary.ana, cancelled.id)
    assert await files.expires_at(other.id) == diary.clock()
    assert await diary.wait() == 1
    (message,) = await diary.town.history(diary.bea, diary.conversation_id)
    assert message.extras.attachments == (sent,)
    assert message.extras.is_silent
    assert await files.expires_at(sent.id) is None


async def test_only_whole_files_of_ones_own_for_there_can_wait(
    diary: Diary, settings: Settings
) -> None:
    files = HandedIn(settings)
    elsewhere = await diary.town.group(diary.ana, diary.bea)
    for ids in (
        [new_id()],
        [(await files.file(diary.bea, diary.conversation_id)).id],
        [(await files.file(diary.ana, elsewhere)).id],
        [(await files.file(diary.ana, diary.conversation_id, is_whole=False)).id],
    ):
        with diary.town.refuses(Invalid, "invalid", "attachments"):
            await diary.schedule("Look", attachment_ids=ids)
    with diary.town.refuses(Invalid, "required", "content"):
        await diary.schedule("")


async def test_nobody_has_more_than_a_hundred_waiting_even_at_once(diary: Diary) -> None:
    for number in range(MAX_SCHEDULED - 1):
        await diary.schedule(f"{number}")
    results = await outcomes(*(diary.schedule("at once") for _ in range(3)))
    assert results.count("too_many_scheduled") == 2
    assert len(await diary.waiting()) == MAX_SCHEDULED


async def test_scheduling_again_and_again_is_limited(diary: Diary) -> None:
    doors = LimitsInMemory()
    strict = Scheduling(
        diary.town.storage,
        diary.town.core.messages,
        doors,
        diary.clock,
        max_body_chars=100,
    )
    scheduled = await diary.schedule()
    limit = limits.SCHEDULES_OF
    await doors.take(limit, str(diary.ana.account_id), count=limit.times)
    with pytest.raises(RateLimited):
        await strict.change(diary.ana, scheduled.id, body="Again")
    with pytest.raises(RateLimited):
        await strict.schedule(diary.ana, diary.conversation_id, "Again", diary.clock() + HOUR)
