"""Calls in private chats: what rings, until when, and who is told."""

from __future__ import annotations

import pytest

from tertulia.core.errors import NotFound
from tertulia.core.voice_events import CallDeclined, CallEnded, CallStarted
from tests import examples as eg
from tests.core.voices import PLACE, Floor, Guest
from tests.waiting import until

WITHIN_S = 5.0


def _called(floor: Floor) -> tuple[Guest, Guest]:
    ana, bea = floor.guest("ana"), floor.guest("bea")
    ana.join(callee_id=bea.id)
    return ana, bea


def _ends(floor: Floor) -> list[str]:
    return [event.reason for event in floor.heard() if isinstance(event, CallEnded)]


async def test_it_rings_at_the_other_one_while_somebody_waits_alone() -> None:
    floor = Floor()
    ana, bea = _called(floor)
    call = CallStarted(
        conversation_id=PLACE, account_id=bea.id, caller=ana.person, started_at=eg.NOON
    )
    assert floor.heard()[-1] == call
    assert floor.channels.calls.ringing_at(bea.id) == (call,)
    assert floor.channels.calls.ringing_at(ana.id) == ()


async def test_who_comes_has_answered_and_nothing_rings_anew_while_one_is_there() -> None:
    floor = Floor()
    ana, bea = _called(floor)
    bea.join(callee_id=ana.id)
    assert _ends(floor) == ["answered"]
    ana.leave()
    ana.join(callee_id=bea.id)
    assert not floor.has_heard(CallStarted)
    assert floor.channels.calls.ringing_at(bea.id) == ()


async def test_who_calls_and_goes_has_cancelled() -> None:
    floor = Floor()
    ana, bea = _called(floor)
    ana.leave()
    assert _ends(floor) == ["cancelled"]
    assert floor.channels.calls.ringing_at(bea.id) == ()
    ana.join(callee_id=bea.id)
    assert floor.has_heard(CallStarted)


async def test_who_comes_back_too_late_calls_nobody() -> None:
    floor = Floor()
    ana, bea = _called(floor)
    ana.leave()
    floor.heard()
    ana.come_back_as(ana.session, callee_id=bea.id)
    assert not floor.has_heard(CallStarted)
    assert floor.channels.participants_in(PLACE) == (ana.id,)
    assert floor.channels.calls.ringing_at(bea.id) == ()


async def test_who_declines_is_told_to_who_waits() -> None:
    floor = Floor()
    ana, bea = _called(floor)
    floor.heard()
    for stranger in (ana, floor.guest("caro")):
        with pytest.raises(NotFound):
            floor.channels.calls.decline(PLACE, stranger.id)
    floor.channels.calls.decline(PLACE, bea.id)
    assert floor.heard() == [
        CallEnded(conversation_id=PLACE, account_id=bea.id, reason="declined"),
        CallDeclined(conversation_id=PLACE, account_id=bea.id),
    ]
    with pytest.raises(NotFound):
        floor.channels.calls.decline(PLACE, bea.id)
    assert floor.channels.participants_in(PLACE) == (ana.id,), "who called may go on waiting"


async def test_what_nobody_answers_was_missed() -> None:
    floor = Floor(ring_s=0.01)
    ana, _ = _called(floor)
    await until(lambda: floor.has_heard(CallEnded), within_s=WITHIN_S, what="it stops ringing")
    assert _ends(floor) == ["missed"]
    assert floor.channels.participants_in(PLACE) == (ana.id,)


async def test_another_client_of_who_calls_takes_the_call_over() -> None:
    floor = Floor()
    ana, bea = _called(floor)
    floor.heard()
    ana.join(callee_id=bea.id)
    assert _ends(floor) == []
    assert len(floor.channels.calls.ringing_at(bea.id)) == 1


async def test_it_rings_no_more_at_who_may_not_come() -> None:
    floor = Floor()
    _, bea = _called(floor)
    floor.channels.shut_out(PLACE, bea.id, "removed")
    assert _ends(floor) == ["cancelled"]
