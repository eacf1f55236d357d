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
from tertulia.core.polls import NewPoll
from tests.core.links import Post, open_post
from tests.core.uploads import HandedIn
from tests.replica import HoleSeenError, Replica, catch_up, fresh_replica

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path
    from uuid import UUID

    from tertulia.core.chat import ChatCore
    from tertulia.core.message import Message
    from tertulia.core.model import Actor
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
    elsewhere: UUID
    files: list[UUID]
    post: Post
    sent: list[Message] = field(default_factory=list)
    polls: list[Message] = field(default_factory=list)
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

    async def call(self, who: int, whom: int, body: str, silent: bool) -> None:
        """Send a message that names somebody and everyone, and a web address."""
        name = (await self.town.account(self.people[whom])).username
        sent = await self.core.messages.send(
            self.people[who],
            self.conversation_id,
            f"@{name} @all {self.post.url('/plain')} {body}",
            is_silent=silent,
        )
        self.sent.append(sent)

    async def look_behind(self, index: int) -> None:
        """Look at the page behind a message's link, with the message as it was when it was sent."""
        if self.sent:
            await self.post.previews.look_at(self.sent[index % len(self.sent)])

    async def show(self, index: int) -> None:
        """Send one of the files that the first person has handed in, perhaps again."""
        sent = await self.core.messages.send(
            self.people[0],
            self.conversation_id,
            "",
            attachments=[self.files[index % len(self.files)]],
        )
        self.sent.append(sent)

    async def ask(self, who: int, question: str, multiple: bool) -> None:
        """Begin a poll."""
        poll = NewPoll(question=question, options=("yes", "no", "perhaps"), is_multiple=multiple)
        sent = await self.core.messages.send(self.people[who], self.conversation_id, "", poll=poll)
        self.sent.append(sent)
        self.polls.append(sent)

    async def vote(self, who: int, index: int, choices: list[int]) -> None:
        """Vote in one of the polls."""
        if self.polls:
            poll = self.polls[index % len(self.polls)]
            await self.core.polls.vote(self.people[who], poll.id, choices)

    async def close(self, who: int, index: int) -> None:
        """Close one of the polls."""
        if self.polls:
            await self.core.polls.close(self.people[who], self.polls[index % len(self.polls)].id)

    async def react(self, who: int, index: int, emoji: str) -> None:
        """React to one of the messages."""
        await self.core.reactions.react(self.people[who], self._one_sent(index), emoji)

    async def unreact(self, who: int, index: int, emoji: str) -> None:
        """Take a reaction back."""
        await self.core.reactions.unreact(self.people[who], self._one_sent(index), emoji)

    async def pin(self, who: int, index: int) -> None:
        """Pin one of the messages."""
        await self.core.pins.pin(self.people[who], self._one_sent(index))

    async def unpin(self, who: int, index: int) -> None:
        """Unpin one of the messages."""
        await self.core.pins.unpin(self.people[who], self._one_sent(index))

    async def forward(self, who: int, index: int, is_out: bool) -> None:
        """Send a copy of one of the messages elsewhere or here, and of that copy here again."""
        targets = [self.elsewhere] if is_out else [self.elsewhere, self.conversation_id]
        actor = self.people[who]
        copies = await self.core.forwarding.forward(actor, self._one_sent(index), targets)
        if is_out:
            here = [self.conversation_id]
            copies = await self.core.forwarding.forward(actor, copies[0].id, here)
        self.sent.append(copies[-1])

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

    async def ban(self, who: int, whom: int) -> None:
        """Keep somebody out."""
        account_id = self.people[whom].account_id
        await self.core.bans.ban(self.people[who], self.conversation_id, account_id)

    async def lift(self, who: int, whom: int) -> None:
        """Keep somebody out no longer."""
        account_id = self.people[whom].account_id
        await self.core.bans.lift(self.people[who], self.conversation_id, account_id)

    async def come_by_link(self, who: int, whom: int) -> None:
        """Make a link, by which somebody comes in."""
        link = await self.core.invites.by_link(self.people[who], self.conversation_id)
        await self.core.invites.take(self.people[whom], link.url.rpartition("/")[2])

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
emoji = st.sampled_from(["🎉", "👍", "❤️"])
action = st.one_of(
    doing(History.send, person, text, ref),
    doing(History.reply, person, which, text),
    doing(History.edit, author, which, text),
    doing(History.delete, author, which),
    doing(History.call, person, person, text, st.booleans()),
    doing(History.look_behind, which),
    doing(History.show, which),
    doing(History.ask, person, text, st.booleans()),
    doing(History.vote, person, which, st.lists(st.integers(0, 2), max_size=2)),
    doing(History.close, person, which),
    doing(History.react, person, which, emoji),
    doing(History.unreact, person, which, emoji),
    doing(History.pin, person, which),
    doing(History.unpin, person, which),
    doing(History.forward, person, which, st.booleans()),
    doing(History.join, person),
    doing(History.leave, person),
    doing(History.add, person, person, st.none() | text),
    doing(History.remove, person, person),
    doing(History.promote, person, person, st.sampled_from(Role)),
    doing(History.rename, person, text),
    doing(History.ban, person, person),
    doing(History.lift, person, person),
    doing(History.come_by_link, person, person),
)


def lives(max_examples: int) -> settings:
    """Say how many lives of a conversation are tried on each database."""
    return settings(
        max_examples=max_examples,
        suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
    )


@pytest.fixture
async def post(town: Town, tmp_path: Path) -> AsyncIterator[Post]:
    """Return where links are looked at."""
    async with open_post(town, tmp_path / "blobs") as post:
        yield post


@pytest.mark.parametrize("kind", [Kind.GROUP, Kind.ROOM])
@lives(25)
@given(actions=st.lists(action, min_size=3, max_size=30))
async def test_events_and_changes_both_lead_to_the_fresh_snapshot(
    uploads: HandedIn, post: Post, kind: Kind, actions: list[Action]
) -> None:
    history = await begun(post, uploads, kind)
    for each in actions:
        await history.act(each)
    await assert_convergence(history)


@pytest.mark.parametrize("kind", [Kind.GROUP, Kind.ROOM])
@lives(15)
@given(earlier=st.lists(action, max_size=8), together=st.lists(action, min_size=2, max_size=12))
async def test_they_do_so_too_when_much_happens_at_the_same_moment(
    uploads: HandedIn, post: Post, kind: Kind, earlier: list[Action], together: list[Action]
) -> None:
    history = await begun(post, uploads, kind)
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


async def begun(post: Post, uploads: HandedIn, kind: Kind) -> History:
    """Begin a conversation among new people, and take a first snapshot of it."""
    town = post.town
    people = await town.settle("ana", "bea", "caro", "dani")
    others = people[1:3] if kind is Kind.GROUP else []
    conversation_id = await town.conversation(kind, people[0], *others)
    history = History(
        town,
        people,
        conversation_id,
        await town.group(*people),
        [(await uploads.file(people[0], conversation_id)).id for _ in range(2)],
        post,
    )
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
