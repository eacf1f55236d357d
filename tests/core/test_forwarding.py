"""Forwarding: what a copy carries, where it goes, and that it goes everywhere or nowhere."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tertulia.core.errors import Conflict, Forbidden, Invalid, NotFound, RateLimited
from tertulia.core.events import MessageSent
from tertulia.core.ids import new_id
from tertulia.core.message import Extras, Origin, Poll, PollOption
from tertulia.core.model import Kind
from tertulia.core.polls import NewPoll
from tests.core.slowness import slow_down
from tests.core.test_messages import encrypted_group

if TYPE_CHECKING:
    from tests.core.town import Town


@pytest.mark.parametrize("kind", Kind)
async def test_a_copy_says_who_said_it_and_where_only_if_that_is_a_room(
    town: Town, kind: Kind
) -> None:
    ana, bea = town.actors[:2]
    source = await town.conversation(kind, ana, bea)
    targets = [await town.group(bea), await town.room(bea)]
    sent = await town.core.messages.send(ana, source, "see https://example.org")
    town.heard()
    copies = await town.core.forwarding.forward(bea, sent.id, targets)
    origin = Origin(
        message_id=sent.id,
        sender_id=ana.account_id,
        conversation_id=source if kind is Kind.ROOM else None,
    )
    assert [
        (copy.conversation_id, copy.sender_id, copy.body, copy.extras, copy.client_ref)
        for copy in copies
    ] == [(target, bea.account_id, sent.body, Extras(origin=origin), None) for target in targets]
    assert town.heard() == [
        MessageSent(
            conversation_id=copy.conversation_id,
            seq=copy.seq,
            message=copy,
            sender=await town.face(bea),
        )
        for copy in copies
    ]
    for copy in copies:
        found = await town.core.browsing.media(bea, copy.conversation_id, "link", None, 9)
        assert found.messages.items == (copy,)
        assert {person.id for person in found.people} == {ana.account_id, bea.account_id}


async def test_a_copy_of_a_copy_keeps_the_first_origin(town: Town) -> None:
    ana, bea, caro = town.actors[:3]
    one, two, three = await town.room(ana, bea), await town.group(bea, caro), await town.group(caro)
    sent = await town.core.messages.send(ana, one, "one")
    (copy,) = await town.core.forwarding.forward(bea, sent.id, [two])
    (further,) = await town.core.forwarding.forward(caro, copy.id, [three])
    assert further.extras.origin == copy.extras.origin
    assert further.sender_id == caro.account_id


async def test_a_copy_calls_nobody_and_asks_a_poll_anew(town: Town) -> None:
    ana, bea = town.actors[:2]
    source, target = await town.group(ana, bea), await town.group(ana, bea)
    poll = NewPoll(question="When?", options=("Today", "Tomorrow"))
    sent = await town.core.messages.send(ana, source, "@all vote!", poll=poll, is_silent=True)
    await town.core.polls.vote(bea, sent.id, [0])
    await town.core.polls.close(ana, sent.id)
    await town.core.reactions.react(bea, sent.id, "🎉")
    (copy,) = await town.core.forwarding.forward(ana, sent.id, [target])
    assert copy.extras.poll == Poll(
        question="When?", options=(PollOption("Today"), PollOption("Tomorrow"))
    )
    assert (copy.extras.mentions_all, copy.extras.reactions, copy.extras.is_silent) == (
        False,
        (),
        False,
    )
    assert (await town.core.conversations.get(bea, target)).mentions == 0


async def test_a_copy_is_another_persons_words_and_stays_as_it_is(town: Town) -> None:
    ana = town.actors[0]
    source, target = await town.group(ana), await town.group(ana)
    sent = await town.core.messages.send(ana, source, "one")
    (copy,) = await town.core.forwarding.forward(ana, sent.id, [target])
    town.heard()
    with town.refuses(Conflict, "forwarded"):
        await town.core.messages.edit(ana, copy.id, "two")
    await town.core.messages.delete(ana, copy.id)


async def test_all_targets_are_looked_at_before_anything_is_sent(town: Town) -> None:
    ana, bea, caro = town.actors[:3]
    source, good = await town.group(ana, bea), await town.group(bea)
    sent = await town.core.messages.send(ana, source, "one")
    blocked = await town.private(bea, caro)
    await town.core.contacts.block(caro, bea.account_id)
    slow = await town.group(ana, bea)
    await slow_down(town, slow, 60)
    await town.core.messages.send(bea, slow, "first")
    town.heard()
    for bad, kind, code in (
        (await town.group(ana), NotFound, "not_found"),
        (new_id(), NotFound, "not_found"),
        (blocked, Forbidden, "blocked"),
        (await encrypted_group(town, bea), Conflict, "encrypted"),
        (slow, RateLimited, "slow_mode"),
    ):
        with town.refuses(kind, code):
            await town.core.forwarding.forward(bea, sent.id, [good, bad])
    assert await town.history(bea, good) == []
    # Owners and admins do not wait.
    await town.core.messages.send(ana, slow, "hello")
    await town.core.forwarding.forward(ana, sent.id, [slow])


async def test_nothing_is_forwarded_that_one_may_not_see_or_that_is_gone(town: Town) -> None:
    ana, outsider = town.actors[:2]
    source, target = await town.group(ana), await town.group(ana, outsider)
    sent = await town.core.messages.send(ana, source, "one")
    for message_id in (sent.id, new_id()):
        with town.refuses(NotFound, "not_found"):
            await town.core.forwarding.forward(outsider, message_id, [target])
    await town.core.messages.delete(ana, sent.id)
    town.heard()
    with town.refuses(Conflict, "message_deleted"):
        await town.core.forwarding.forward(ana, sent.id, [target])


async def test_it_goes_to_1_to_20_places_and_to_each_once(town: Town) -> None:
    ana = town.actors[0]
    target = await town.group(ana)
    sent = await town.core.messages.send(ana, target, "one")
    town.heard()
    for targets in ([], [new_id() for _ in range(21)]):
        with town.refuses(Invalid, "invalid", "conversation_ids"):
            await town.core.forwarding.forward(ana, sent.id, targets)
    copies = await town.core.forwarding.forward(ana, sent.id, [target, target])
    assert len(copies) == 1


@pytest.mark.parametrize("ref", ["r", "r" * 64])
async def test_forwarded_again_under_one_name_nothing_is_sent_twice(town: Town, ref: str) -> None:
    ana, bea = town.actors[:2]
    source, one, two = await town.group(ana), await town.group(ana), await town.group(bea, ana)
    sent = await town.core.messages.send(ana, source, "one")
    (first,) = await town.core.forwarding.forward(ana, sent.id, [one], client_ref=ref)
    assert first.client_ref is not None
    assert len(first.client_ref) <= 64
    await slow_down(town, two, 60)
    both = await town.core.forwarding.forward(ana, sent.id, [two, one], client_ref=ref)
    assert both[1] == first
    town.heard()
    # The wait between two messages is none for what was sent before it, nor is its being gone.
    assert await town.core.forwarding.forward(ana, sent.id, [two, one], client_ref=ref) == both
    await town.core.messages.delete(ana, sent.id)
    town.heard()
    assert await town.core.forwarding.forward(ana, sent.id, [one, two], client_ref=ref) == (
        both[1],
        both[0],
    )
    assert town.heard() == []
