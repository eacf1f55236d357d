"""The law: old snapshot + events = fresh snapshot = old snapshot + changes since."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, get_args

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tertulia.core.errors import Refusal
from tertulia.core.events import Event, LastingChange
from tertulia.core.ids import new_id
from tertulia.core.model import Kind, Role
from tests.replica import HoleSeenError, Replica, catch_up, fresh_replica

if TYPE_CHECKING:
    from uuid import UUID

    from tertulia.core.chat import ChatCore
    from tertulia.core.model import Actor, Message
    from tests.core.town import Town

PEOPLE = 4


person = st.integers(0, PEOPLE - 1)
text = st.text("abc xyz", min_size=1, max_size=8).filter(str.strip)
ref = st.none() | st.sampled_from(["r1", "r2", "r3"])
which = st.integers(0, 30)


@dataclass
class History:
    """One conversation in which things happen, and the snapshots taken on the way."""

    town: Town
    people: list[Actor]
    conversation_id: UUID
    sent: list[Message] = field(default_factory=list)
    looks: list[Replica] = field(default_factory=list)

    @property
    def core(self) -> ChatCore:
        """Where it all happens."""
        return self.town.core

    async def act(self, action: Action) -> None:
        """Do what one example says; refusals are part of life."""
        with contextlib.suppress(Refusal):
            await action.do(self, *action.args)
        if action.is_looked_at:
            await self.look()

    async def send(self, who: int, body: str, client_ref: str | None) -> None:
        """Send a message, perhaps once more."""
        sent = await self.core.messages.send(
            self.people[who], self.conversation_id, body, client_ref=client_ref
        )
        self.sent.append(sent)

    async def reply(self, who: int, index: int, body: str) -> None:
        """Answer one of the messages."""
        to = self._one_sent(index)
        await self.core.messages.send(self.people[who], self.conversation_id, body, reply_to=to)

    async def edit(self, who: int | None, index: int, body: str) -> None:
        """Edit one of the messages: its author, or anyone."""
        message_id = self._one_sent(index)
        await self.core.messages.edit(self._author(who, index), message_id, body)

    async def delete(self, who: int | None, index: int) -> None:
        """Delete one of the messages, perhaps again: its author, or anyone."""
        message_id = self._one_sent(index)
        await self.core.messages.delete(self._author(who, index), message_id)

    async def join(self, who: int) -> None:
        """Walk in, which only rooms allow."""
        await self.core.members.join(self.people[who], self.conversation_id)

    async def leave(self, who: int) -> None:
        """Leave."""
        await self.core.members.leave(self.people[who], self.conversation_id)

    async def add(self, who: int, whom: int, alias: str | None) -> None:
        """Bring somebody in, perhaps under another name of the conversation."""
        account_id = self.people[whom].account_id
        await self.core.members.add(
            self.people[who], self.conversation_id, [account_id], alias=alias
        )

    async def remove(self, who: int, whom: int) -> None:
        """Remove somebody."""
        account_id = self.people[whom].account_id
        await self.core.members.remove(self.people[who], self.conversation_id, account_id)

    async def promote(self, who: int, whom: int, role: Role) -> None:
        """Give somebody another role."""
        account_id = self.people[whom].account_id
        await self.core.members.set_role(self.people[who], self.conversation_id, account_id, role)

    async def rename(self, who: int, alias: str) -> None:
        """Give the conversation another name."""
        await self.core.conversations.change(self.people[who], self.conversation_id, alias=alias)

    async def look(self) -> None:
        """Take a snapshot."""
        reader = await self.reader()
        if reader is not None:
            self.looks.append(await fresh_replica(self.core, reader, self.conversation_id))

    async def reader(self) -> Actor | None:
        """Return somebody who may read the conversation now."""
        for actor in self.people:
            with contextlib.suppress(Refusal):
                await self.core.conversations.get(actor, self.conversation_id)
                return actor
        return None

    def _one_sent(self, index: int) -> UUID:
        return self.sent[index % len(self.sent)].id if self.sent else new_id()

    def _author(self, who: int | None, index: int) -> Actor:
        if who is not None or not self.sent:
            return self.people[who or 0]
        sender_id = self.sent[index % len(self.sent)].sender_id
        return next(actor for actor in self.people if actor.account_id == sender_id)


@dataclass(frozen=True)
class Action:
    """Something that people do, with what, and whether somebody looks afterwards."""

    do: Callable[..., Awaitable[None]]
    args: tuple[object, ...]
    is_looked_at: bool


def doing(
    do: Callable[..., Awaitable[None]], *args: st.SearchStrategy[Any]
) -> st.SearchStrategy[Action]:
    """Return how one thing is done in all ways."""
    return st.builds(Action, st.just(do), st.tuples(*args), st.booleans())


author = st.none() | person
action = st.one_of(
    doing(History.send, person, text, ref),
    doing(History.reply, person, which, text),
    doing(History.edit, author, which, text),
    doing(History.delete, author, which),
    doing(History.join, person),
    doing(History.leave, person),
    doing(History.add, person, person, st.none() | text),
    doing(History.remove, person, person),
    doing(History.promote, person, person, st.sampled_from([Role.ADMIN, Role.MEMBER])),
    doing(History.rename, person, text),
)


def lives(max_examples: int) -> settings:
    """Say how many lives of a conversation are tried on each database."""
    return settings(
        max_examples=max_examples,
        suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
    )


@pytest.mark.parametrize("kind", [Kind.GROUP, Kind.ROOM])
@lives(25)
@given(actions=st.lists(action, min_size=3, max_size=25))
async def test_events_and_changes_both_lead_to_the_fresh_snapshot(
    town: Town, kind: Kind, actions: list[Action]
) -> None:
    history = await begun(town, kind)
    for each in actions:
        await history.act(each)
    await assert_convergence(history)


@pytest.mark.parametrize("kind", [Kind.GROUP, Kind.ROOM])
@lives(15)
@given(earlier=st.lists(action, max_size=8), together=st.lists(action, min_size=2, max_size=12))
async def test_they_do_so_too_when_much_happens_at_the_same_moment(
    town: Town, kind: Kind, earlier: list[Action], together: list[Action]
) -> None:
    history = await begun(town, kind)
    for each in earlier:
        await history.act(each)
    await asyncio.gather(*[history.act(replace(each, is_looked_at=False)) for each in together])
    await assert_convergence(history)


async def test_a_copy_that_misses_an_event_notices_the_hole(town: Town) -> None:
    ana = town.actors[0]
    group = await town.group(ana)
    old = await fresh_replica(town.core, ana, group)
    for body in ("one", "two"):
        await town.core.messages.send(ana, group, body)
    _, second = lasting(town.heard(), group)
    with pytest.raises(HoleSeenError):
        old.apply(second)


async def begun(town: Town, kind: Kind) -> History:
    """Begin a conversation among new people, and take a first snapshot of it."""
    people = await town.settle("ana", "bea", "caro", "dani")
    others = people[1:3] if kind is Kind.GROUP else []
    history = History(town, people, await town.conversation(kind, people[0], *others))
    await history.look()
    return history


async def assert_convergence(history: History) -> None:
    """Bring every snapshot up to date in both ways, and compare it with a fresh one."""
    reader = await history.reader()
    if reader is None:
        return
    core, conversation_id = history.town.core, history.conversation_id
    fresh = await fresh_replica(core, reader, conversation_id)
    events = lasting(history.town.heard(), conversation_id)
    assert [event.seq for event in events] == list(range(2, fresh.head + 1))
    assert fresh.conversation.member_count == len(fresh.members)
    assert [member.role for member in fresh.members.values()].count(Role.OWNER) == 1

    for old in history.looks:
        by_events, by_changes = old.copy(), old.copy()
        for event in events:
            by_events.apply(event)
        await catch_up(core, reader, conversation_id, by_changes)
        assert by_events.seen() == fresh.seen()
        assert by_changes.seen() == fresh.seen()


def lasting(published: list[Event], conversation_id: UUID) -> list[LastingChange]:
    """Return the lasting changes of one conversation in order of their seq.

    Two tasks that commit at nearly the same time may announce in either order.
    """
    changes = [
        event
        for event in published
        if isinstance(event, get_args(LastingChange)) and event.conversation_id == conversation_id
    ]
    return sorted(changes, key=lambda event: event.seq)
