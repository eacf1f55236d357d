"""Whatever people do: who has followed a channel from their coming on sees it as it is."""

from __future__ import annotations

import asyncio
from contextlib import suppress

from hypothesis import given, settings
from hypothesis import strategies as st

from tertulia.core.errors import ChannelFull, NotFound, TakenOver
from tertulia.core.events import Event
from tertulia.core.participant import OwnState, Participant
from tertulia.core.voice_events import VoiceChanged, VoiceJoined, VoiceLeft, VoiceStateChanged
from tests.core.voices import PLACE, Floor, Guest

LIMIT = 3
STATES = st.builds(
    OwnState,
    muted=st.none() | st.booleans(),
    deafened=st.none() | st.booleans(),
    speaking=st.none() | st.booleans(),
)
ACTS = st.lists(
    st.tuples(
        st.integers(0, 4),
        st.sampled_from(("join", "come_back", "vanish", "leave", "silence", "unsilence", "remove"))
        | STATES,
    ),
    max_size=40,
)


class Listener:
    """What one participation has seen since it came in."""

    def __init__(self, floor: Floor, session: str) -> None:
        self.session = session
        self.seen = {each.session: each for each in floor.channels.view(PLACE).participants}

    def hear(self, event: Event) -> None:
        """Note what this one is told."""
        match event:
            case VoiceJoined() if self.session in event.audience:
                self.seen[event.participant.session] = event.participant
            case VoiceLeft() if self.session in event.audience:
                del self.seen[event.session]
            case VoiceStateChanged() if self.session in self.seen:
                self.seen[event.participant.session] = event.participant


def _act(floor: Floor, guest: Guest, act: str | OwnState) -> None:
    with suppress(ChannelFull, NotFound, TakenOver):
        match act:
            case OwnState():
                guest.say(act)
            case "silence" | "unsilence":
                floor.channels.silence(PLACE, guest.id, act == "silence")
            case "remove":
                floor.channels.remove(PLACE, guest.id)
            case _:
                getattr(guest, act)()


def _is_sound(each: Participant) -> bool:
    return (each.muted or not each.deafened) and (each.is_heard or not each.speaking)


async def _play(acts: list[tuple[int, str | OwnState]]) -> None:
    floor = Floor(limit=LIMIT)
    guests = [floor.guest(f"guest{number}") for number in range(5)]
    listeners: dict[str, Listener] = {}
    told: tuple[object, ...] = ()
    for number, act in acts:
        _act(floor, guests[number], act)
        for event in floor.heard():
            for listener in listeners.values():
                listener.hear(event)
            if isinstance(event, VoiceChanged):
                told = tuple(person.id for person in event.people)
        there = floor.channels.view(PLACE).participants
        assert len({each.account_id for each in there}) == len(there) <= LIMIT
        assert all(map(_is_sound, there))
        assert told == floor.channels.participants_in(PLACE)
        sessions = {each.session: each for each in there}
        listeners = {
            session: listeners.get(session) or Listener(floor, session) for session in sessions
        }
        assert all(listener.seen == sessions for listener in listeners.values())
    floor.channels.close()


@settings(max_examples=200)
@given(ACTS)
def test_who_follows_a_channel_sees_it_as_it_is(acts: list[tuple[int, str | OwnState]]) -> None:
    asyncio.run(_play(acts))
