"""Sessions that another process ended are found, and announced once."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from tertulia.core.events import Event, SessionsEnded
from tertulia.core.session_sweep import OVERLAP, SessionSweep

if TYPE_CHECKING:
    from uuid import UUID

    from tertulia.core.entrance import SignedIn
    from tests.core.door import Door


@dataclass
class Node:
    """Another server over the same database, which hears nothing of this one."""

    door: Door
    published: list[Event] = field(default_factory=list)
    sweep: SessionSweep = field(init=False)

    def __post_init__(self) -> None:
        """Put its sweep over the database."""
        self.sweep = SessionSweep(self.door.town.storage, self.published.extend, self.door.clock)

    async def heard(self, signed_in: SignedIn) -> list[tuple[UUID, ...]]:
        """Look, and return which sessions of a person it announces."""
        self.published.clear()
        await self.sweep.look()
        return [
            event.session_ids
            for event in self.published
            if isinstance(event, SessionsEnded) and event.account_id == signed_in.account.id
        ]


@pytest.fixture
async def node(door: Door) -> Node:
    """Return another node, which has looked once."""
    node = Node(door)
    await node.sweep.look()
    return node


async def test_a_session_that_ended_elsewhere_is_announced_once(door: Door, node: Node) -> None:
    signed_in = await door.someone()
    assert await node.heard(signed_in) == []
    await door.signin.sign_out(signed_in.actor)
    door.clock.advance(timedelta(seconds=2))
    assert await node.heard(signed_in) == [(signed_in.session.id,)]
    for _ in range(3):
        door.clock.advance(timedelta(seconds=2))
        assert await node.heard(signed_in) == []


async def test_all_of_a_persons_sessions_are_one_event(door: Door, node: Node) -> None:
    here = await door.someone()
    there = await door.come_in(email=here.account.email)
    await door.signin.sign_out_all(here.actor)
    (ended,) = await node.heard(here)
    assert set(ended) == {here.session.id, there.session.id}


async def test_an_end_that_was_stamped_before_the_last_look_and_committed_after_it_is_found(
    door: Door, node: Node
) -> None:
    signed_in = await door.someone()
    stamped_at = door.clock()
    door.clock.advance(OVERLAP - timedelta(seconds=1))
    await node.sweep.look()
    async with door.town.storage.begin() as work:
        await work.sessions.end(signed_in.session.id, stamped_at)
    door.clock.advance(timedelta(seconds=2))
    assert await node.heard(signed_in) == [(signed_in.session.id,)]


async def test_what_ended_while_nobody_could_look_is_found_afterwards(
    door: Door, node: Node
) -> None:
    signed_in = await door.someone()
    await door.signin.sign_out(signed_in.actor)
    door.clock.advance(timedelta(hours=3))
    assert await node.heard(signed_in) == [(signed_in.session.id,)]


async def test_sessions_that_go_on_are_let_be(door: Door, node: Node) -> None:
    signed_in = await door.someone()
    door.clock.advance(timedelta(seconds=2))
    assert await node.heard(signed_in) == []
    await door.sessions.authenticate(signed_in.access_token)
