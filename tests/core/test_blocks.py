"""Of whom one wants to hear nothing: what somebody blocked cannot do, and what stays."""

from __future__ import annotations

import asyncio
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from tertulia.core.clock import utc_now
from tertulia.core.errors import Conflict, Forbidden, NotFound
from tertulia.core.ids import new_id
from tertulia.core.presence_events import TypingStarted, TypingStopped
from tertulia.core.voice_events import VoiceForbidden
from tests.core.test_at_once import outcomes

if TYPE_CHECKING:
    from collections.abc import Iterator
    from uuid import UUID

    from tertulia.core.model import Actor
    from tests.core.town import Town


@pytest.fixture
async def pair(town: Town) -> tuple[Actor, Actor, UUID]:
    """Return Ana, Bea whom she has blocked, and the private chat that they had before."""
    ana, bea = town.actors[:2]
    conversation_id = await town.private(ana, bea)
    await town.core.contacts.block(ana, bea.account_id)
    # Nodes act on it; nobody is told.
    assert town.heard() == [
        VoiceForbidden(conversation_id=conversation_id, account_id=bea.account_id)
    ]
    return ana, bea, conversation_id


@contextmanager
def blocked(town: Town) -> Iterator[None]:
    with town.refuses(Forbidden, "blocked"):
        yield


async def test_blocks_are_ones_own_and_nobody_is_told(town: Town) -> None:
    ana, bea, caro = town.actors[:3]
    for other in (bea, caro, bea):
        assert (await town.core.contacts.block(ana, other.account_id)).id == other.account_id
    ids = {person.id for person in await town.core.contacts.blocked(ana)}
    assert ids == {bea.account_id, caro.account_id}
    assert await town.core.contacts.blocked(bea) == ()
    await town.core.contacts.unblock(ana, bea.account_id)
    (left,) = await town.core.contacts.blocked(ana)
    # No address of somebody with whom nothing is shared.
    assert (left.id, left.email) == (caro.account_id, None)
    assert town.heard() == []


async def test_nobody_is_blocked_and_nobody_unblocked(town: Town) -> None:
    ana, bea = town.actors[:2]
    gone = replace(await town.account(bea), deleted_at=utc_now())
    async with town.storage.begin() as work:
        await work.accounts.update(gone)
    for nobody in (new_id(), bea.account_id):
        with town.refuses(NotFound, "not_found"):
            await town.core.contacts.block(ana, nobody)
        with town.refuses(NotFound, "not_found"):
            await town.core.contacts.unblock(ana, nobody)
    with town.refuses(Conflict, "oneself"):
        await town.core.contacts.block(ana, ana.account_id)


async def test_no_private_chat_begins_between_the_two(town: Town) -> None:
    ana, bea = town.actors[:2]
    await town.core.contacts.block(ana, bea.account_id)
    with blocked(town):
        await town.core.conversations.start_private(bea, ana.account_id)
    with town.refuses(Conflict, "blocked_by_you"):
        await town.core.conversations.start_private(ana, bea.account_id)
    assert await town.core.conversations.between(bea, ana.account_id) is None
    await town.core.contacts.unblock(ana, bea.account_id)
    conversation_id = await town.private(bea, ana)
    await town.core.messages.send(bea, conversation_id, "Hello again")


async def test_where_both_have_blocked_one_another_one_unblocking_is_not_enough(
    town: Town,
) -> None:
    ana, bea = town.actors[:2]
    await town.core.contacts.block(ana, bea.account_id)
    await town.core.contacts.block(bea, ana.account_id)
    with blocked(town):
        await town.core.conversations.start_private(ana, bea.account_id)
    await town.core.contacts.unblock(ana, bea.account_id)
    with blocked(town):
        await town.core.conversations.start_private(ana, bea.account_id)


async def test_nobody_is_brought_together_with_whom_they_have_blocked(town: Town) -> None:
    ana, bea, caro, dani = town.actors
    await town.core.contacts.block(ana, bea.account_id)
    ids = [caro.account_id, ana.account_id]
    group, room = await town.group(bea, dani), await town.room(bea)
    with blocked(town):
        await town.core.conversations.start_group(bea, "Peña", ids)
    for conversation_id in (group, room):
        with blocked(town):
            await town.core.members.add(bea, conversation_id, ids)
        # Caro, who has blocked nobody, was not brought in either.
        assert caro.account_id not in await town.roles(conversation_id)
    own = await town.group(ana, dani)
    with town.refuses(Conflict, "blocked_by_you"):
        await town.core.members.add(ana, own, [bea.account_id])
    with town.refuses(Conflict, "blocked_by_you"):
        await town.core.conversations.start_group(ana, "Peña", [bea.account_id])
    # Others bring in whom they like, and what both are in already goes on.
    await town.core.members.add(dani, own, [bea.account_id])
    await town.core.messages.send(bea, own, "Hello all")


async def test_a_group_that_both_are_in_is_not_touched(town: Town) -> None:
    ana, bea = town.actors[:2]
    group = await town.group(ana, bea)
    await town.core.contacts.block(ana, bea.account_id)
    await town.core.messages.send(bea, group, "Hello all")
    await town.core.typists.start(bea, group)
    assert [type(event).__name__ for event in town.heard()] == ["MessageSent", "TypingStarted"]


async def test_somebody_blocked_is_silent_in_the_private_chat_until_unblocked(
    town: Town, pair: tuple[Actor, Actor, UUID]
) -> None:
    ana, bea, conversation_id = pair
    with blocked(town):
        await town.core.messages.send(bea, conversation_id, "Hello?")
    await town.core.messages.send(ana, conversation_id, "That is all")
    assert [message.body for message in await town.history(bea, conversation_id)] == ["That is all"]
    # To begin it again opens what there is, and makes nobody heard.
    chat = await town.core.conversations.start_private(bea, ana.account_id)
    assert chat.conversation.id == conversation_id
    town.heard()
    with blocked(town):
        await town.core.messages.send(bea, conversation_id, "Hello?")
    await town.core.contacts.unblock(ana, bea.account_id)
    await town.core.messages.send(bea, conversation_id, "Hello again")


async def test_what_somebody_blocked_has_said_is_edited_no_more_but_may_be_taken_back(
    town: Town,
) -> None:
    ana, bea = town.actors[:2]
    conversation_id = await town.private(ana, bea)
    sent = await town.core.messages.send(bea, conversation_id, "Hello")
    await town.core.contacts.block(ana, bea.account_id)
    town.heard()
    with blocked(town):
        await town.core.messages.edit(bea, sent.id, "Something else")
    await town.core.messages.delete(bea, sent.id)
    (left,) = await town.history(ana, conversation_id)
    assert left.body is None


async def test_a_send_that_was_answered_is_answered_again(town: Town) -> None:
    ana, bea = town.actors[:2]
    conversation_id = await town.private(ana, bea)
    sent = await town.core.messages.send(bea, conversation_id, "Hello", client_ref="r")
    await town.core.contacts.block(ana, bea.account_id)
    again = await town.core.messages.send(bea, conversation_id, "Hello", client_ref="r")
    assert again == sent
    assert len(await town.history(ana, conversation_id)) == 1


async def test_nobody_hears_somebody_blocked_typing(
    town: Town, pair: tuple[Actor, Actor, UUID]
) -> None:
    ana, bea, conversation_id = pair
    await town.core.typists.start(bea, conversation_id)
    await town.core.typists.stop(bea, conversation_id)
    assert town.heard() == []
    assert await town.core.typists.typing_in(conversation_id) == ()
    await town.core.typists.start(ana, conversation_id)
    await town.core.contacts.unblock(ana, bea.account_id)
    await town.core.typists.start(bea, conversation_id)
    assert [event.person.id for event in town.heard() if isinstance(event, TypingStarted)] == [
        ana.account_id,
        bea.account_id,
    ]


async def test_whoever_types_while_being_blocked_is_seen_to_stop(town: Town) -> None:
    ana, bea = town.actors[:2]
    conversation_id = await town.private(ana, bea)
    await town.core.typists.start(bea, conversation_id)
    await town.core.contacts.block(ana, bea.account_id)
    town.heard()
    await town.core.typists.start(bea, conversation_id)
    assert town.heard() == [
        TypingStopped(conversation_id=conversation_id, person=await town.face(bea))
    ]


async def test_a_chat_begun_while_being_blocked_is_refused_or_silent(town: Town) -> None:
    for _ in range(10):
        ana, bea = await town.settle("ana", "bea")
        made = await outcomes(
            town.core.conversations.start_private(bea, ana.account_id),
            town.core.contacts.block(ana, bea.account_id),
        )
        if made[0] == "blocked":
            continue
        with pytest.raises(Forbidden):
            await town.core.messages.send(bea, made[0].conversation.id, "Hello?")


async def test_a_chat_waits_for_a_block_that_is_about_to_be(town: Town) -> None:
    ana, bea = town.actors[:2]
    async with town.storage.begin() as work:
        await work.accounts.locked(ana.account_id)
        beginning = asyncio.create_task(town.core.conversations.start_private(bea, ana.account_id))
        await asyncio.wait([beginning], timeout=0.2)
        await work.relations.block(ana.account_id, bea.account_id, utc_now())
    with blocked(town):
        await beginning
