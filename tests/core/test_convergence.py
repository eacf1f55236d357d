"""The law: old snapshot + events = fresh snapshot = old snapshot + changes since."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, get_args

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tertulia.core.errors import Refusal
from tertulia.core.events import Event, LastingChange
from tertulia.core.model import Role
from tests.replica import HoleSeenError, Replica, catch_up, fresh_replica

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from uuid import UUID

    from tertulia.core.model import Chat, Message
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
    conversation_id: UUID
    sent: list[Message] = field(default_factory=list)
    looks: list[Replica] = field(default_factory=list)

    async def act(self, do: Callable[..., Awaitable[None]], *args: object) -> None:
        """Do what one example says; refusals are part of life."""
        with contextlib.suppress(Refusal):
            await do(self, *args)

    async def send(self, who: int, body: str, client_ref: str | None) -> None:
        core, actor = self.town.core, self.town.actors[who]
        self.sent.append(
            await core.messages.send(actor, self.conversation_id, body, client_ref=client_ref)
        )

    async def reply(self, who: int, index: int, body: str) -> None:
        if self.sent:
            to = self.sent[index % len(self.sent)].id
            actor = self.town.actors[who]
            await self.town.core.messages.send(actor, self.conversation_id, body, reply_to=to)

    async def edit(self, who: int, index: int, body: str) -> None:
        if self.sent:
            message_id = self.sent[index % len(self.sent)].id
            await self.town.core.messages.edit(self.town.actors[who], message_id, body)

    async def delete(self, who: int, index: int) -> None:
        if self.sent:
            message_id = self.sent[index % len(self.sent)].id
            await self.town.core.messages.delete(self.town.actors[who], message_id)

    async def join(self, who: int) -> None:
        await self.town.core.members.join(self.town.actors[who], self.conversation_id)

    async def leave(self, who: int) -> None:
        await self.town.core.members.leave(self.town.actors[who], self.conversation_id)

    async def add(self, who: int, whom: int) -> None:
        account_id = self.town.actors[whom].account_id
        await self.town.core.members.add(self.town.actors[who], self.conversation_id, [account_id])

    async def remove(self, who: int, whom: int) -> None:
        account_id = self.town.actors[whom].account_id
        await self.town.core.members.remove(self.town.actors[who], self.conversation_id, account_id)

    async def promote(self, who: int, whom: int, role: Role) -> None:
        account_id = self.town.actors[whom].account_id
        await self.town.core.members.set_role(
            self.town.actors[who], self.conversation_id, account_id, role
        )

    async def rename(self, who: int, alias: str) -> None:
        await self.town.core.conversations.change(
            self.town.actors[who], self.conversation_id, alias=alias
        )

    async def look(self) -> None:
        reader = await self.reader()
        if reader is not None:
            self.looks.append(
                await fresh_replica(self.town.core, self.town.actors[reader], self.conversation_id)
            )

    async def reader(self) -> int | None:
        """Return somebody who may read the conversation now."""
        for index, actor in enumerate(self.town.actors):
            try:
                await self.town.core.conversations.get(actor, self.conversation_id)
            except Refusal:
                continue
            return index
        return None


action = st.one_of(
    st.tuples(st.just(History.send), person, text, ref),
    st.tuples(st.just(History.reply), person, which, text),
    st.tuples(st.just(History.edit), person, which, text),
    st.tuples(st.just(History.delete), person, which),
    st.tuples(st.just(History.join), person),
    st.tuples(st.just(History.leave), person),
    st.tuples(st.just(History.add), person, person),
    st.tuples(st.just(History.remove), person, person),
    st.tuples(st.just(History.promote), person, person, st.sampled_from([Role.ADMIN, Role.MEMBER])),
    st.tuples(st.just(History.rename), person, text),
    st.tuples(st.just(History.look)),
)


async def _started(town: Town, kind: str) -> Chat:
    founder = town.actors[0]
    if kind == "room":
        return await town.core.conversations.start_room(founder, "Plaza", "general", None, None)
    others = [actor.account_id for actor in town.actors[1:3]]
    return await town.core.conversations.start_group(founder, "Peña", others)


@pytest.mark.parametrize("kind", ["group", "room"])
@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(actions=st.lists(action, min_size=3, max_size=25))
async def test_events_and_changes_both_lead_to_the_fresh_snapshot(
    town: Town, kind: str, actions: list[tuple[Any, ...]]
) -> None:
    town.published.clear()
    history = History(town, (await _started(town, kind)).conversation.id)
    await history.act(History.look)
    for do, *args in actions:
        await history.act(do, *args)

    reader = await history.reader()
    if reader is None:
        return
    actor = town.actors[reader]
    fresh = await fresh_replica(town.core, actor, history.conversation_id)
    events = lasting(town.published, history.conversation_id)
    assert [event.seq for event in events] == list(range(2, fresh.head + 1))

    for old in history.looks:
        by_events, by_changes = old.copy(), old.copy()
        for event in events:
            by_events.apply(event)
        await catch_up(town.core, actor, history.conversation_id, by_changes)
        assert by_events.seen() == fresh.seen()
        assert by_changes.seen() == fresh.seen()


async def test_a_copy_that_misses_an_event_notices_the_hole(town: Town) -> None:
    chat = await _started(town, "group")
    conversation_id = chat.conversation.id
    old = await fresh_replica(town.core, town.actors[0], conversation_id)
    for body in ("one", "two"):
        await town.core.messages.send(town.actors[0], conversation_id, body)
    _, second = lasting(town.published, conversation_id)
    with pytest.raises(HoleSeenError):
        old.apply(second)


def lasting(published: list[Event], conversation_id: UUID) -> list[LastingChange]:
    """Return the lasting changes of one conversation, as they were announced."""
    return [
        event
        for event in published
        if isinstance(event, get_args(LastingChange)) and event.conversation_id == conversation_id
    ]
