"""Who is in a voice channel: coming, coming back, going, states and what is told to whom."""

from __future__ import annotations

import pytest

from tertulia.core.errors import ChannelFull, NotFound, TakenOver
from tertulia.core.ids import new_id
from tertulia.core.participant import OwnState
from tertulia.core.voice_events import (
    VoiceChanged,
    VoiceJoined,
    VoiceLeft,
    VoiceSignalled,
    VoiceStateChanged,
)
from tests.core.voices import PLACE, Floor
from tests.waiting import until

SOON_S = 0.01
WITHIN_S = 5.0


async def test_who_comes_is_told_to_those_who_are_there_and_to_the_conversation() -> None:
    floor = Floor()
    ana, bea = floor.guest("ana"), floor.guest("bea")
    ana.join()
    floor.heard()
    bea.join(own=OwnState(muted=True))
    assert bea.seen().muted
    assert floor.heard() == [
        VoiceJoined(
            conversation_id=PLACE,
            participant=bea.seen(),
            person=bea.person,
            audience=(ana.session,),
        ),
        VoiceChanged(conversation_id=PLACE, people=(ana.person.face, bea.person.face)),
    ]
    assert floor.channels.participants_in(PLACE) == (ana.id, bea.id)


async def test_they_stand_in_the_order_in_which_they_came_in_one_moment() -> None:
    floor = Floor()
    ana, bea, caro = (floor.guest(name) for name in ("ana", "bea", "caro"))
    assert ana.now == bea.now == caro.now
    for guest in (caro, ana, bea):
        guest.join()
    assert floor.channels.participants_in(PLACE) == (caro.id, ana.id, bea.id)


async def test_who_goes_is_told_to_all_of_them() -> None:
    floor = Floor()
    ana, bea = floor.guest("ana"), floor.guest("bea")
    ana.join()
    bea.join()
    floor.heard()
    ana.leave()
    assert floor.heard() == [
        VoiceLeft(
            conversation_id=PLACE,
            account_id=ana.id,
            session=ana.session,
            reason="left",
            audience=(ana.session, bea.session),
        ),
        VoiceChanged(conversation_id=PLACE, people=(bea.person.face,)),
    ]
    ana.leave()
    assert floor.heard() == [], "one who is gone does not go again"


async def test_who_comes_back_in_time_was_never_away() -> None:
    floor = Floor()
    ana, bea = floor.guest("ana"), floor.guest("bea")
    ana.join(own=OwnState(muted=True))
    bea.join()
    floor.heard()
    before, session = ana.seen(), ana.session
    ana.vanish()
    ana.come_back()
    assert (ana.session, ana.seen()) == (session, before)
    assert floor.heard() == []


async def test_who_does_not_come_back_has_vanished() -> None:
    floor = Floor(grace_s=SOON_S)
    ana, bea = floor.guest("ana"), floor.guest("bea")
    ana.join()
    bea.join()
    floor.heard()
    ana.vanish()
    await until(lambda: floor.has_heard(VoiceLeft), within_s=WITHIN_S, what="ana vanishes")
    left = floor.heard()[0]
    assert isinstance(left, VoiceLeft)
    assert (left.account_id, left.reason) == (ana.id, "vanished")
    earlier = ana.session
    ana.come_back()
    assert ana.session != earlier, "who comes too late is somebody new"


async def test_the_connection_of_before_takes_nothing_with_it_when_it_dies_at_last() -> None:
    floor = Floor(grace_s=0)
    ana = floor.guest("ana")
    ana.join()
    dead = ana.ref
    ana.come_back()
    floor.heard()
    floor.channels.vanish(ana.actor, PLACE, dead)
    assert floor.channels.participants_in(PLACE) == (ana.id,)
    assert not ana.seen().muted
    assert floor.heard() == []


async def test_another_client_of_the_same_person_takes_over_in_their_place() -> None:
    floor = Floor(limit=2)
    ana, bea = floor.guest("ana"), floor.guest("bea")
    ana.join()
    bea.join()
    floor.heard()
    first, since = ana.session, ana.seen().joined_at
    ana.join()
    left, joined = floor.heard()
    assert isinstance(left, VoiceLeft)
    assert isinstance(joined, VoiceJoined)
    assert (left.session, left.reason) == (first, "taken_over")
    assert left.audience == (first, bea.session)
    assert joined.audience == (bea.session,)
    assert ana.seen().joined_at == since
    assert floor.channels.participants_in(PLACE) == (ana.id, bea.id)


async def test_a_client_that_wakes_late_takes_nothing_from_the_one_that_took_over() -> None:
    floor = Floor()
    ana, bea = floor.guest("ana"), floor.guest("bea")
    ana.join()
    bea.join()
    laptop = ana.session
    ana.vanish()
    ana.ref = object()
    ana.join()
    phone = ana.session
    floor.heard()
    with pytest.raises(TakenOver) as refused:
        ana.come_back_as(laptop)
    assert refused.value.code == "taken_over"
    assert (ana.seen().session, floor.heard()) == (phone, [])
    ana.join()
    assert ana.session not in (laptop, phone), "who chooses to come takes over all the same"


async def test_who_did_not_hear_that_they_are_somebody_new_comes_back_as_that_one() -> None:
    floor = Floor()
    ana = floor.guest("ana")
    ana.join()
    before = ana.session
    ana.leave()
    ana.come_back_as(before)
    new = ana.session
    floor.heard()
    ana.come_back_as(before)
    assert (ana.session, floor.heard()) == (new, []), "the answer to the join was lost"


async def test_no_session_of_another_person_is_taken() -> None:
    floor = Floor()
    ana, bea = floor.guest("ana"), floor.guest("bea")
    ana.join()
    bea.join(session=ana.session)
    assert bea.session != ana.session
    assert floor.channels.participants_in(PLACE) == (ana.id, bea.id)


async def test_no_more_come_in_than_fit() -> None:
    floor = Floor(limit=2)
    ana, bea, caro = (floor.guest(name) for name in ("ana", "bea", "caro"))
    ana.join()
    bea.join()
    with pytest.raises(ChannelFull) as refused:
        caro.join()
    assert (refused.value.code, refused.value.limit) == ("full", 2)
    bea.leave()
    caro.join()
    assert floor.channels.participants_in(PLACE) == (ana.id, caro.id)


async def test_who_is_deafened_is_muted_until_they_say_otherwise() -> None:
    floor = Floor()
    ana = floor.guest()
    ana.join()
    ana.say(OwnState(speaking=True, camera=True))
    floor.heard()
    ana.say(OwnState(deafened=True, muted=False))
    seen = ana.seen()
    assert (seen.deafened, seen.muted, seen.speaking, seen.camera) == (True, True, False, True)
    (changed,) = floor.heard()
    assert changed == VoiceStateChanged(
        conversation_id=PLACE, participant=seen, person=ana.person.face
    )
    ana.say(OwnState(deafened=False))
    assert ana.seen().muted
    ana.say(OwnState(muted=False))
    assert not ana.seen().muted
    floor.heard()
    ana.say(OwnState(muted=False))
    assert floor.heard() == [], "what is so already is not told again"


async def test_who_is_silenced_does_not_speak_however_often_they_come_anew() -> None:
    floor = Floor()
    ana, bea = floor.guest("ana"), floor.guest("bea")
    ana.join()
    bea.join()
    floor.channels.silence(PLACE, ana.id, True)
    ana.say(OwnState(muted=False, speaking=True))
    assert ana.seen().silenced
    assert not ana.seen().speaking
    assert not floor.channels.is_heard(PLACE, *ana.address)
    ana.leave()
    ana.join()
    assert ana.seen().silenced
    floor.channels.silence(PLACE, ana.id, False)
    assert floor.channels.is_heard(PLACE, *ana.address)


async def test_what_a_client_tells_another_reaches_that_one_alone() -> None:
    floor = Floor()
    ana, bea = floor.guest("ana"), floor.guest("bea")
    ana.join()
    bea.join()
    floor.heard()
    floor.channels.signal(ana.actor, PLACE, ana.session, bea.address, "offer", {"sdp": "v=0"})
    assert floor.heard() == [
        VoiceSignalled(
            conversation_id=PLACE,
            account_id=ana.id,
            session=ana.session,
            to_session=bea.session,
            kind="offer",
            content={"sdp": "v=0"},
        )
    ]
    for to in ((bea.id, ana.session), (new_id(), bea.session), (bea.id, "elsewhere")):
        with pytest.raises(NotFound):
            floor.channels.signal(ana.actor, PLACE, ana.session, to, "answer", {})
    with pytest.raises(NotFound):
        floor.channels.signal(ana.actor, PLACE, "before", bea.address, "answer", {})
    assert floor.heard() == []


async def test_who_signs_out_leaves_every_channel_that_they_came_into_so() -> None:
    floor = Floor()
    ana, other_device, bea = floor.guest("ana"), floor.guest("ana"), floor.guest("bea")
    elsewhere = new_id()
    other_device.person = ana.person
    other_device.actor = type(ana.actor)(account_id=ana.id, session_id=new_id())
    ana.join()
    bea.join()
    other_device.join(elsewhere)
    floor.channels.sign_out(ana.id, [ana.actor.session_id])
    assert floor.channels.participants_in(PLACE) == (bea.id,)
    assert floor.channels.participants_in(elsewhere) == (ana.id,)


async def test_a_node_that_stops_forgets_everyone_without_a_word() -> None:
    floor = Floor(grace_s=SOON_S, ring_s=SOON_S)
    ana, bea = floor.guest("ana"), floor.guest("bea")
    ana.join(callee_id=bea.id)
    ana.vanish()
    floor.heard()
    floor.channels.close()
    assert floor.channels.participants_in(PLACE) == ()
    assert floor.channels.calls.ringing_at(bea.id) == ()
    assert floor.heard() == []
