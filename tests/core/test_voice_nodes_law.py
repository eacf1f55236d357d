"""Whatever people do at several nodes, however slow the road: in the end all see one channel."""

from __future__ import annotations

import asyncio
from contextlib import suppress

from hypothesis import example, given, settings
from hypothesis import strategies as st

from tertulia.core.errors import ChannelFull, NotFound, TakenOver
from tertulia.core.participant import OwnState
from tests import examples as eg
from tests.core.voice_nodes import Node, VoiceTown, a_person
from tests.core.voices import PLACE, Guest

NODES = 3
PEOPLE = 3
ACTS = st.lists(
    st.tuples(
        st.integers(0, NODES - 1),
        st.integers(0, PEOPLE - 1),
        st.sampled_from(
            ("join", "come back", "vanish", "leave", "mute", "silence", "unsilence", "remove")
        )
        | st.integers(1, 5),
    ),
    max_size=40,
)


def _act(node: Node, guest: Guest, sessions: dict[int, str], person: int, act: str) -> None:
    channels = node.channels
    with suppress(ChannelFull, NotFound, TakenOver):
        match act:
            case "join":
                guest.ref = object()
                guest.join()
                node.welcome(guest.session)
            case "come back":
                guest.ref = object()
                guest.join(session=sessions.get(person))
                node.welcome(guest.session)
            case "mute":
                guest.say(OwnState(muted=True))
            case "silence" | "unsilence":
                channels.silence(PLACE, guest.id, act == "silence")
            case "remove":
                channels.remove(PLACE, guest.id)
            case _:
                getattr(guest, act)()
    if guest.session:
        sessions[person] = guest.session


async def _play(acts: list[tuple[int, int, str | int]]) -> None:
    town = VoiceTown(NODES)
    people = [a_person(f"person{number}") for number in range(PEOPLE)]
    guests = {
        (at, who): node.guest(person)
        for at, node in enumerate(town.nodes)
        for who, person in enumerate(people)
    }
    sessions: dict[int, str] = {}
    for at_minute, (at, who, act) in enumerate(acts):
        guests[at, who].now = eg.moment(minutes=at_minute)
        if isinstance(act, int):
            town.nodes[at].hear(act)
        else:
            _act(town.nodes[at], guests[at, who], sessions, who, act)
    town.settle()
    for _ in range(2):
        for node in town.nodes:
            node.neighbours.beat()
        town.settle()
    views = [node.channels.view(PLACE) for node in town.nodes]
    assert all(view == views[0] for view in views)
    there = {each.session for each in views[0].participants}
    assert len({each.account_id for each in views[0].participants}) == len(there)
    held = [(node, seat.participant.session) for node in town.nodes for seat in node.held()]
    assert sorted(session for _, session in held) == sorted(there)
    for node, session in held:
        assert node.seen[session] == there
    town.close()


@settings(max_examples=300)
@given(ACTS)
@example([(1, 1, "join"), (0, 0, 2), (0, 0, "join"), (1, 0, "join")])
@example([(0, 1, "join"), (0, 0, "join"), (1, 0, 4), (1, 1, "come back")])
@example([(1, 1, "join"), (2, 0, 2), (2, 0, "come back"), (1, 0, "join")])
@example([(0, 0, "join"), (1, 1, 2), (1, 2, "join"), (0, 0, 1), (0, 0, "come back")])
@example(
    [
        *((1, 0, "join"), (0, 1, 2), (0, 0, "come back")),
        *((0, 0, "leave"), (1, 2, "join"), (1, 2, "leave")),
    ]
)
@example([(0, 2, "join"), (0, 2, "come back"), (1, 0, 2), (1, 2, "come back")])
@example([(0, 0, "join"), (1, 1, "join"), (0, 0, 2), (0, 0, "join"), (0, 1, "come back")])
def test_all_nodes_come_to_see_one_channel(acts: list[tuple[int, int, str | int]]) -> None:
    asyncio.run(_play(acts))
