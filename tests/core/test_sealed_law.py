"""Whatever happens in an encrypted group: all have what was sealed for them, no one more."""

from __future__ import annotations

import asyncio
import contextlib
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from hypothesis import given
from hypothesis import strategies as st

from tertulia.core.errors import Refusal
from tertulia.core.events import SealedEdited, SealedReacted, SealedSent
from tertulia.core.message import Message
from tertulia.realtime.topic import AccountTopic, topics_of
from tests.core.sealed_life import (
    ANYONE,
    AS_IT_SHOULD_BE,
    FOR_A_STRANGER,
    NOT_FOR_ONE,
    SealedLife,
)
from tests.core.sealing import circle
from tests.core.test_convergence import lasting, lives
from tests.replica import Replica, catch_up, fresh_replica

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterator
    from uuid import UUID

    from tertulia.core.events import Event, LastingChange
    from tests.core.town import Town

PEOPLE = 4


@dataclass(frozen=True)
class Someone:
    """Who it is, is told when it happens."""

    pick: int


@dataclass(frozen=True)
class Action:
    """Something that people do, with what, and who looks afterwards."""

    do: Callable[..., Awaitable[None]]
    args: tuple[object, ...]
    looker: int | None


person = st.integers(0, PEOPLE - 1)
someone = st.builds(Someone, st.integers(0, ANYONE + PEOPLE - 1))
author = st.none() | someone
text = st.text("abc", min_size=1, max_size=4)
ref = st.none() | st.sampled_from(["r1", "r2"])
which = st.integers(0, 30)
way = st.sampled_from([AS_IT_SHOULD_BE] * 4 + [NOT_FOR_ONE, FOR_A_STRANGER])


def doing(
    do: Callable[..., Awaitable[None]], *args: st.SearchStrategy[Any]
) -> st.SearchStrategy[Action]:
    """Return how one thing is done in all ways."""
    return st.builds(Action, st.just(do), st.tuples(*args), st.none() | person)


action = st.one_of(
    doing(SealedLife.publish, someone),
    doing(SealedLife.publish_all),
    doing(SealedLife.send, someone, text, ref, way),
    doing(SealedLife.edit, author, which, text, way),
    doing(SealedLife.delete, author, which),
    doing(SealedLife.react, someone, which, text, way),
    doing(SealedLife.withdraw, someone, which),
    doing(SealedLife.pin, someone, which),
    doing(SealedLife.unpin, someone, which),
    doing(SealedLife.add, someone, person),
    doing(SealedLife.welcome, someone, person, text),
    doing(SealedLife.remove, someone, someone),
    doing(SealedLife.leave, someone),
    doing(SealedLife.come_back, someone, someone, text),
)


@lives(25)
@given(actions=st.lists(action, min_size=12, max_size=40))
async def test_all_find_what_was_sealed_for_them_and_nothing_else(
    town: Town, actions: list[Action]
) -> None:
    life = await begun(town)
    for each in actions:
        await act(life, each)
    for who in sorted(life.present):
        await assert_finds_all(life, who)
    await assert_told_right(life)


@lives(15)
@given(earlier=st.lists(action, max_size=8), together=st.lists(action, min_size=2, max_size=12))
async def test_nobody_finds_what_is_not_theirs_when_much_happens_at_the_same_moment(
    town: Town, earlier: list[Action], together: list[Action]
) -> None:
    life = await begun(town)
    for each in earlier:
        await act(life, each)
    life.is_hasty = True
    await asyncio.gather(*[act(life, replace(each, looker=None)) for each in together])
    await assert_told_right(life)


async def begun(town: Town) -> SealedLife:
    """Begin an encrypted group of two among four new people, who both look at it."""
    people = await town.settle("ana", "bea", "caro", "dani")
    conversation_id = await circle(town, people[0], people[1])
    life = SealedLife(town, people, conversation_id, present={0, 1}, keyed={0, 1})
    life.first_head = await town.head(conversation_id)
    for who in (0, 1):
        await life.send(who, "first", None, AS_IT_SHOULD_BE)
        await life.look(who)
    return life


async def act(life: SealedLife, action: Action) -> None:
    """Do what one example says; refusals are part of life."""
    args = [life.someone(each.pick) if isinstance(each, Someone) else each for each in action.args]
    with contextlib.suppress(Refusal):
        await action.do(life, *args)
    if action.looker is not None:
        await life.look(action.looker)


async def assert_finds_all(life: SealedLife, who: int) -> None:
    """Compare what somebody finds with what was said, and see that they have the keys to it."""
    actor = life.people[who]
    own = await life.core.encryption_keys.of(actor, life.conversation_id)
    pairs = [*own.older, *([own.current] if own.current else [])]
    locks = {str(each.pair.public_key["x"]) for each in pairs}
    found = await life.town.history(actor, life.conversation_id)
    expected = [each for each in life.said if who in each.copies]
    assert [message.id for message in found] == [each.id for each in expected]
    for message, said in zip(found, expected, strict=True):
        assert message.copy is not None
        assert message.body is None
        assert message.copy.content == said.copies[who]
        assert (message.deleted_at is not None) == said.is_deleted
        assert {each.account_id: each.content for each in message.copy.reactions} == {
            life.people[by].account_id: copies[who]
            for by, copies in said.reactions.items()
            if who in copies
        }
        for content in contents_of(message):
            assert content.split()[1] in locks
    chat = await life.core.conversations.get(actor, life.conversation_id)
    assert chat.last_message == (found[-1] if found else None)


async def assert_told_right(life: SealedLife) -> None:
    """See that all snapshots converge, and that nothing is said to those for whom it is not."""
    published = life.town.heard()
    for event in published:
        assert_is_for_its_hearers(event)
    events = lasting(published, life.conversation_id)
    for who, actor in enumerate(life.people):
        with contextlib.suppress(Refusal):
            fresh = await fresh_replica(life.core, actor, life.conversation_id)
            assert_owns(fresh)
            assert [event.seq for event in events] == list(
                range(life.first_head + 1, fresh.head + 1)
            )
            for old in (look for looker, look in life.looks if looker == who):
                await assert_converges(life, who, old, events, fresh)


async def assert_converges(
    life: SealedLife, who: int, old: Replica, events: list[LastingChange], fresh: Replica
) -> None:
    """Bring a snapshot up to date in both ways, and compare it with a fresh one."""
    by_events, by_changes = old.copy(), old.copy()
    for event in events:
        by_events.apply(event)
    await catch_up(life.core, life.people[who], life.conversation_id, by_changes)
    assert by_events.seen() == fresh.seen()
    assert by_changes.seen() == fresh.seen()


def assert_is_for_its_hearers(event: Event) -> None:
    """What all hear has nothing sealed in it, and each holder hears what is sealed for them."""
    message = getattr(event, "message", None)
    if isinstance(message, Message):
        assert message.copy is None
        assert message.body is None
    match event:
        case SealedSent() | SealedEdited():
            said = {account_id: copy.content for account_id, copy in event.copies.items()}
        case SealedReacted():
            said = dict(event.copies)
        case _:
            return
    holders = [topic.id for topic in topics_of(event) if isinstance(topic, AccountTopic)]
    assert sorted(holders) == sorted(said)
    for account_id, content in said.items():
        assert_is_for(account_id, content)


def assert_owns(replica: Replica) -> None:
    """See that everything in somebody's snapshot is sealed for them."""
    for message in replica.messages.values():
        assert message.copy is not None
        for content in contents_of(message):
            assert_is_for(replica.reader, content)


def assert_is_for(account_id: UUID, content: str | None) -> None:
    """See for whom something is sealed."""
    assert content is None or content.startswith(f"{account_id} ")


def contents_of(message: Message) -> Iterator[str]:
    """Return everything sealed that comes with a message."""
    if message.copy is not None:
        if message.copy.content is not None:
            yield message.copy.content
        yield from (each.content for each in message.copy.reactions)
