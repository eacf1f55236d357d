"""Slow mode: plain members wait between two messages, however they send them."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest

from tertulia.core.errors import RateLimited
from tertulia.core.message import Message
from tertulia.core.model import Kind
from tests.core.slowness import slow_down

if TYPE_CHECKING:
    from tests.core.town import Town


@pytest.mark.parametrize("kind", [Kind.GROUP, Kind.ROOM])
async def test_a_plain_member_waits_and_owner_and_admins_do_not(town: Town, kind: Kind) -> None:
    owner, admin, member, other = town.actors
    conversation_id = await town.conversation(kind, owner, admin, member, other)
    await town.promote(owner, conversation_id, admin)
    await slow_down(town, conversation_id, 3600)
    for actor in (owner, owner, admin, admin, member, other):
        await town.core.messages.send(actor, conversation_id, "one")
    head = await town.head(conversation_id)
    town.heard()
    for actor in (member, other):
        with pytest.raises(RateLimited) as refused:
            await town.core.messages.send(actor, conversation_id, "two")
        assert refused.value.code == "slow_mode"
        assert 3500 < refused.value.retry_after_s <= 3600
    assert await town.head(conversation_id) == head
    assert town.heard() == []
    await slow_down(town, conversation_id, 0)
    await town.core.messages.send(member, conversation_id, "two")


async def test_of_two_sends_at_one_moment_the_first_is_sent(town: Town) -> None:
    owner, member = town.actors[:2]
    conversation_id = await town.group(owner, member)
    await slow_down(town, conversation_id, 60)
    outcomes = await asyncio.gather(
        *[town.core.messages.send(member, conversation_id, str(each)) for each in range(3)],
        return_exceptions=True,
    )
    assert [type(outcome) for outcome in outcomes] == [Message, RateLimited, RateLimited]
    sent = await town.history(owner, conversation_id)
    assert [message.body for message in sent] == ["0"]
    assert await town.head(conversation_id) == sent[0].seq


async def test_the_repeat_of_a_send_is_answered_and_edits_do_not_wait(town: Town) -> None:
    owner, member = town.actors[:2]
    conversation_id = await town.group(owner, member)
    await slow_down(town, conversation_id, 60)
    sent = await town.core.messages.send(member, conversation_id, "one", client_ref="r")
    again = await town.core.messages.send(member, conversation_id, "one", client_ref="r")
    assert again == sent
    await town.core.messages.edit(member, sent.id, "two")
    await town.core.reactions.react(member, sent.id, "🎉")


async def test_waiting_in_one_conversation_is_not_waiting_in_another(town: Town) -> None:
    owner, member = town.actors[:2]
    places = [await town.group(owner, member) for _ in range(2)]
    for place in places:
        await slow_down(town, place, 60)
        await town.core.messages.send(member, place, "one")
