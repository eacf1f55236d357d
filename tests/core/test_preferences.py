"""How people keep their conversations, which is nobody else's business."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta, timezone
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tertulia.core.clock import utc_now
from tertulia.core.errors import Conflict, NotFound
from tertulia.core.events import ConversationRead, PreferencesChanged
from tertulia.core.model import Kind, Notify, Preferences
from tertulia.core.preferences import FOR_EVER, MAX_PINS, OwnPreferences

if TYPE_CHECKING:
    from uuid import UUID

    from tests.core.door import Door
    from tests.core.town import Town


async def kept(town: Town, who: int, conversation_id: UUID) -> Preferences:
    """Return how somebody keeps a conversation, as their list shows it."""
    chat = await town.core.conversations.get(town.actors[who], conversation_id)
    return chat.member.preferences


@pytest.mark.parametrize("kind", list(Kind))
async def test_one_keeps_a_conversation_one_s_own_way_and_only_one_s_devices_hear_it(
    town: Town, kind: Kind
) -> None:
    ana, bea = town.actors[:2]
    conversation_id = await town.conversation(kind, ana, bea)
    head = await town.head(conversation_id)
    until = utc_now() + timedelta(hours=8)
    changed = await town.core.preferences.change(
        ana,
        conversation_id,
        notify=Notify.MENTIONS,
        muted_until=until,
        pinned=True,
        archived=True,
        marked_unread=True,
    )
    assert (changed.notify, changed.muted_until, changed.marked_unread) == (
        Notify.MENTIONS,
        until,
        True,
    )
    assert changed.pinned_at is not None
    assert changed.pinned_at == changed.archived_at
    assert town.heard() == [
        PreferencesChanged(
            conversation_id=conversation_id, account_id=ana.account_id, preferences=changed
        )
    ]
    assert await kept(town, 0, conversation_id) == changed
    assert await kept(town, 1, conversation_id) == Preferences()
    assert await town.head(conversation_id) == head
    plain = await town.core.preferences.change(
        ana,
        conversation_id,
        notify=None,
        muted_until=None,
        pinned=False,
        archived=False,
        marked_unread=False,
    )
    assert plain == await kept(town, 0, conversation_id) == Preferences()


async def test_what_is_so_already_stays_as_it_is_and_is_not_told(town: Town) -> None:
    ana = town.actors[0]
    group = await town.group(ana)
    first = await town.core.preferences.change(ana, group, pinned=True, notify=Notify.NOTHING)
    town.heard()
    again = await town.core.preferences.change(ana, group, pinned=True, notify=Notify.NOTHING)
    assert (again, town.heard()) == (first, [])
    assert await town.core.preferences.change(ana, group) == first


async def test_archiving_anew_counts_from_now(door: Door) -> None:
    ana = door.town.actors[0]
    group = await door.town.group(ana)
    preferences = OwnPreferences(door.town.storage, door.clock)
    first = await preferences.change(ana, group, archived=True)
    door.clock.advance(timedelta(minutes=1))
    second = await preferences.change(ana, group, archived=True)
    assert first.archived_at is not None
    assert second.archived_at == first.archived_at + timedelta(minutes=1)


async def test_a_moment_gone_by_is_not_muted_and_the_latest_is_for_ever(town: Town) -> None:
    ana = town.actors[0]
    group = await town.group(ana)
    for gone in (datetime.min.replace(tzinfo=UTC), utc_now() - timedelta(seconds=1)):
        assert (
            await town.core.preferences.change(ana, group, muted_until=gone)
        ).muted_until is None
    last = datetime.max.replace(tzinfo=timezone(-timedelta(hours=23)))
    assert (
        await town.core.preferences.change(ana, group, muted_until=last)
    ).muted_until == FOR_EVER
    assert (await kept(town, 0, group)).muted_until == FOR_EVER


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    until=st.datetimes(
        timezones=st.timezones() | st.just(timezone(-timedelta(hours=23, minutes=59)))
    )
)
async def test_what_is_answered_is_what_is_stored(town: Town, until: datetime) -> None:
    ana = town.actors[0]
    group = await town.group(ana)
    answered = await town.core.preferences.change(ana, group, muted_until=until)
    assert answered == await kept(town, 0, group)


async def test_reading_takes_the_mark_of_unread_away_even_where_all_was_read(town: Town) -> None:
    ana, bea = town.actors[:2]
    group = await town.group(ana, bea)
    await town.core.messages.send(bea, group, "Well?")
    await town.core.receipts.read(ana, group)
    await town.core.preferences.change(ana, group, marked_unread=True)
    town.heard()
    chat = await town.core.receipts.read(ana, group)
    assert chat.member.preferences == Preferences()
    assert town.heard() == [
        PreferencesChanged(
            conversation_id=group, account_id=ana.account_id, preferences=Preferences()
        )
    ]
    await town.core.messages.send(bea, group, "Well?")
    town.heard()
    await town.core.receipts.read(ana, group)
    assert [type(event) for event in town.heard()] == [ConversationRead]


async def test_who_leaves_and_returns_keeps_it_as_anybody_does_at_first(town: Town) -> None:
    ana, bea = town.actors[:2]
    room = await town.room(ana, bea)
    await town.core.preferences.change(
        bea, room, notify=Notify.NOTHING, pinned=True, archived=True, marked_unread=True
    )
    await town.core.members.leave(bea, room)
    with town.refuses(NotFound, "not_found"):
        await town.core.preferences.change(bea, room, pinned=True)
    chat = await town.core.members.join(bea, room)
    assert chat.member.preferences == await kept(town, 1, room) == Preferences()


async def test_twenty_conversations_are_pinned_and_no_more_even_at_the_same_moment(
    town: Town,
) -> None:
    ana = town.actors[0]
    groups = [await town.group(ana) for _ in range(MAX_PINS + 3)]
    outcomes = await asyncio.gather(
        *(town.core.preferences.change(ana, group, pinned=True) for group in groups),
        return_exceptions=True,
    )
    refused = [outcome for outcome in outcomes if isinstance(outcome, BaseException)]
    assert [getattr(refusal, "code", refusal) for refusal in refused] == ["too_many_pins"] * 3
    town.heard()
    pinned = [group for group in groups if (await kept(town, 0, group)).pinned_at]
    (free, *_) = set(groups) - set(pinned)
    with town.refuses(Conflict, "too_many_pins"):
        await town.core.preferences.change(ana, free, pinned=True)
    await town.core.preferences.change(ana, pinned[0], pinned=True, notify=Notify.NOTHING)
    await town.core.members.leave(ana, pinned[0])
    assert (await town.core.preferences.change(ana, free, pinned=True)).pinned_at


async def test_changes_and_readings_at_the_same_moment_lose_nothing(town: Town) -> None:
    ana, bea = town.actors[:2]
    group = await town.group(ana, bea)
    for _ in range(5):
        await town.core.messages.send(bea, group, "Well?")
        await town.core.preferences.change(ana, group, marked_unread=True, pinned=False)
        await asyncio.gather(
            town.core.receipts.read(ana, group),
            town.core.preferences.change(ana, group, pinned=True),
            town.core.receipts.read(ana, group),
            town.core.preferences.change(ana, group, notify=Notify.MENTIONS),
        )
        found = await kept(town, 0, group)
        assert (found.marked_unread, found.notify) == (False, Notify.MENTIONS)
        assert found.pinned_at is not None


async def test_outsiders_have_nothing_to_keep(town: Town) -> None:
    ana, bea = town.actors[:2]
    group = await town.group(ana)
    with town.refuses(NotFound, "not_found"):
        await town.core.preferences.change(bea, group, pinned=True)
