"""Who is notified of what: the whole table, and what holds everywhere in it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tertulia.core.ids import new_id
from tertulia.core.message import Extras
from tertulia.core.model import Kind, Notify, Preferences
from tertulia.core.notify_rules import (
    USUAL,
    NotificationSettings,
    Occasion,
    notifies,
    occasion_of,
)
from tests import examples as eg

ALL, MENTIONS, NOTHING = Notify.ALL, Notify.MENTIONS, Notify.NOTHING
NOW = eg.NOON
ADDRESSED = ("is_mentioned", "mentions_all", "is_reply_to_own")

levels = st.sampled_from(Notify)
settings_of_people = st.builds(
    NotificationSettings, notify_private=levels, notify_groups=levels, notify_rooms=levels
)
preferences = st.builds(
    Preferences,
    notify=st.none() | levels,
    muted_until=st.none() | st.sampled_from([eg.moment(-1), NOW, eg.moment(1)]),
)
occasions = st.builds(
    Occasion,
    is_own=st.booleans(),
    is_silent=st.booleans(),
    is_mentioned=st.booleans(),
    mentions_all=st.booleans(),
    is_reply_to_own=st.booleans(),
)


@pytest.mark.parametrize(
    ("kind", "plain", "addressed"),
    [(Kind.PRIVATE, True, True), (Kind.GROUP, True, True), (Kind.ROOM, False, True)],
)
def test_whoever_has_chosen_nothing_hears_all_but_in_rooms_what_speaks_to_them(
    kind: Kind, plain: bool, addressed: bool
) -> None:
    assert notifies(kind, USUAL, Preferences(), Occasion(), NOW) is plain
    for name in ADDRESSED:
        occasion = replace(Occasion(), **{name: True})
        assert notifies(kind, USUAL, Preferences(), occasion, NOW) is addressed


@pytest.mark.parametrize("kind", Kind)
@pytest.mark.parametrize(
    ("level", "plain", "addressed"),
    [(ALL, True, True), (MENTIONS, False, True), (NOTHING, False, False)],
)
def test_a_level_means_the_same_for_a_kind_and_for_one_conversation(
    kind: Kind, level: Notify, plain: bool, addressed: bool
) -> None:
    everywhere = NotificationSettings(notify_private=level, notify_groups=level, notify_rooms=level)
    for settings, own in ((everywhere, Preferences()), (USUAL, Preferences(notify=level))):
        assert notifies(kind, settings, own, Occasion(), NOW) is plain
        for name in ADDRESSED:
            occasion = replace(Occasion(), **{name: True})
            assert notifies(kind, settings, own, occasion, NOW) is addressed


@given(st.sampled_from(Kind), settings_of_people, preferences, occasions)
def test_nobody_hears_of_their_own_of_what_is_silent_or_of_what_they_muted(
    kind: Kind, settings: NotificationSettings, own: Preferences, occasion: Occasion
) -> None:
    is_muted = own.muted_until is not None and own.muted_until > NOW
    if occasion.is_own or occasion.is_silent or is_muted:
        assert not notifies(kind, settings, own, occasion, NOW)


@given(st.sampled_from(Kind), settings_of_people, preferences, occasions)
def test_a_choice_for_one_conversation_goes_before_any_for_its_kind(
    kind: Kind, settings: NotificationSettings, own: Preferences, occasion: Occasion
) -> None:
    if own.notify is not None:
        told = notifies(kind, settings, own, occasion, NOW)
        assert told is notifies(kind, USUAL, own, occasion, NOW)


@given(st.sampled_from(Kind), settings_of_people, preferences, occasions)
def test_to_be_spoken_to_never_means_to_hear_less(
    kind: Kind, settings: NotificationSettings, own: Preferences, occasion: Occasion
) -> None:
    plain = replace(occasion, is_mentioned=False, mentions_all=False, is_reply_to_own=False)
    if notifies(kind, settings, own, plain, NOW):
        assert notifies(kind, settings, own, occasion, NOW)


def test_muting_ends_by_itself() -> None:
    muted = Preferences(muted_until=NOW)
    assert not notifies(Kind.GROUP, USUAL, muted, Occasion(), NOW - timedelta(milliseconds=1))
    assert notifies(Kind.GROUP, USUAL, muted, Occasion(), NOW)


def test_what_a_message_is_to_somebody_is_read_from_it() -> None:
    ana, bea, caro, first = new_id(), new_id(), new_id(), new_id()
    message = eg.message(
        sender_id=ana,
        reply_to=first,
        extras=Extras(mentions=(caro,), mentions_all=True, is_silent=True),
    )
    replied = {first: bea}
    assert occasion_of(message, ana, replied) == Occasion(
        is_own=True, is_silent=True, mentions_all=True
    )
    assert occasion_of(message, bea, replied).is_reply_to_own
    assert occasion_of(message, caro, replied).is_mentioned
