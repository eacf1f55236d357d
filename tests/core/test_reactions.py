"""Reactions: giving them, taking them back, and who hears of it."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from tertulia.core import message_policy
from tertulia.core.errors import Conflict, Forbidden, Invalid, NotFound
from tertulia.core.events import ReactionAdded, ReactionRemoved
from tertulia.core.ids import new_id
from tertulia.core.message import PLAIN, Extras, Reaction
from tertulia.core.model import Kind

if TYPE_CHECKING:
    from tertulia.core.message import Message
    from tests.core.town import Town

EMOJI = "😀😃😄😁😆😅😂🙂🙃😉😊😇😍😘😗😚😙😋😛😜🤪"


async def with_reactions(town: Town, message: Message, *reactions: Reaction) -> None:
    """Store a message with reactions of people who are not there."""
    extras = Extras(reactions=reactions)
    async with town.storage.begin() as work:
        await work.messages.update(replace(message, extras=extras))


@pytest.mark.parametrize("kind", Kind)
async def test_everyone_reacts_and_everyone_hears_it(town: Town, kind: Kind) -> None:
    ana, bea = town.actors[:2]
    conversation_id = await town.conversation(kind, ana, bea)
    sent = await town.core.messages.send(ana, conversation_id, "one")
    town.heard()
    once = await town.core.reactions.react(bea, sent.id, "🎉")
    twice = await town.core.reactions.react(ana, sent.id, "🎉")
    other = await town.core.reactions.react(ana, sent.id, "❤")
    assert once.extras.reactions == (Reaction("🎉", (bea.account_id,)),)
    assert twice.extras.reactions == (Reaction("🎉", (bea.account_id, ana.account_id)),)
    assert other.extras.reactions == (*twice.extras.reactions, Reaction("❤️", (ana.account_id,)))
    assert town.heard() == [
        ReactionAdded(
            conversation_id=conversation_id,
            seq=changed.changed_seq,
            message=changed,
            person=await town.face(actor),
            emoji=emoji,
        )
        for changed, actor, emoji in ((once, bea, "🎉"), (twice, ana, "🎉"), (other, ana, "❤️"))
    ]
    assert [each.changed_seq for each in (once, twice, other)] == [
        sent.seq + 1,
        sent.seq + 2,
        sent.seq + 3,
    ]
    assert await town.history(bea, conversation_id) == [other]


async def test_reacting_again_changes_nothing_and_nobody_hears_of_it(town: Town) -> None:
    ana = town.actors[0]
    sent = await town.core.messages.send(ana, await town.group(ana), "one")
    reacted = await town.core.reactions.react(ana, sent.id, "❤️")
    town.heard()
    for written in ("❤️", "❤"):
        assert await town.core.reactions.react(ana, sent.id, written) == reacted
    assert await town.core.reactions.unreact(ana, sent.id, "🎉") == reacted
    assert town.heard() == []


async def test_a_reaction_taken_back_leaves_those_of_others(town: Town) -> None:
    ana, bea = town.actors[:2]
    conversation_id = await town.group(ana, bea)
    sent = await town.core.messages.send(ana, conversation_id, "one")
    for actor in (ana, bea):
        await town.core.reactions.react(actor, sent.id, "🎉")
    town.heard()
    left = await town.core.reactions.unreact(ana, sent.id, "🎉")
    assert left.extras.reactions == (Reaction("🎉", (bea.account_id,)),)
    assert town.heard() == [
        ReactionRemoved(
            conversation_id=conversation_id,
            seq=left.changed_seq,
            message=left,
            person=await town.face(ana),
            emoji="🎉",
        )
    ]
    none = await town.core.reactions.unreact(bea, sent.id, "🎉")
    assert none.extras == PLAIN


async def test_reactions_at_the_same_moment_are_all_kept(town: Town) -> None:
    conversation_id = await town.group(*town.actors)
    sent = await town.core.messages.send(town.actors[0], conversation_id, "one")
    await asyncio.gather(
        *[
            town.core.reactions.react(actor, sent.id, emoji)
            for actor in town.actors
            for emoji in ("🎉", "👍", "👎")
        ]
    )
    (message,) = await town.history(town.actors[0], conversation_id)
    assert {
        each.emoji: set(each.account_ids) for each in message.extras.reactions
    } == dict.fromkeys(("🎉", "👍", "👎"), set(town.ids))


async def test_a_message_has_20_different_emoji_at_most(town: Town) -> None:
    ana, bea = town.actors[:2]
    sent = await town.core.messages.send(ana, await town.group(ana, bea), "one")
    assert len(EMOJI) == message_policy.MAX_EMOJI + 1
    for emoji in EMOJI[:-1]:
        await town.core.reactions.react(ana, sent.id, emoji)
    with town.refuses(Conflict, "too_many_reactions"):
        await town.core.reactions.react(ana, sent.id, EMOJI[-1])
    await town.core.reactions.react(bea, sent.id, EMOJI[0])
    await town.core.reactions.unreact(ana, sent.id, EMOJI[1])
    await town.core.reactions.react(ana, sent.id, EMOJI[-1])


async def test_an_emoji_is_given_by_1000_people_at_most(town: Town) -> None:
    ana = town.actors[0]
    sent = await town.core.messages.send(ana, await town.group(ana), "one")
    crowd = tuple(new_id() for _ in range(message_policy.MAX_PEOPLE_PER_EMOJI))
    await with_reactions(town, sent, Reaction("🎉", crowd))
    with town.refuses(Conflict, "too_many_reactions"):
        await town.core.reactions.react(ana, sent.id, "🎉")
    await town.core.reactions.react(ana, sent.id, "👍")


async def test_only_an_emoji_is_a_reaction(town: Town) -> None:
    ana = town.actors[0]
    sent = await town.core.messages.send(ana, await town.group(ana), "one")
    for text in ("ok", "🎉🎉", ""):
        with town.refuses(Invalid, "invalid", "emoji"):
            await town.core.reactions.react(ana, sent.id, text)
        with town.refuses(Invalid, "invalid", "emoji"):
            await town.core.reactions.unreact(ana, sent.id, text)


async def test_nobody_reacts_to_what_was_deleted_or_is_not_theirs_to_see(town: Town) -> None:
    ana, bea, outsider = town.actors[:3]
    conversation_id, other = await town.group(ana, bea), await town.group(ana, bea)
    sent = await town.core.messages.send(ana, conversation_id, "one")
    await town.core.reactions.react(bea, sent.id, "🎉")
    for attempt in (
        town.core.reactions.react(outsider, sent.id, "🎉"),
        town.core.reactions.unreact(outsider, sent.id, "🎉"),
        town.core.reactions.react(ana, sent.id, "🎉", conversation_id=other),
    ):
        with town.refuses(NotFound, "not_found"):
            await attempt
    deleted = await town.core.messages.delete(ana, sent.id)
    assert deleted.extras == PLAIN
    with town.refuses(Conflict, "message_deleted"):
        await town.core.reactions.react(ana, sent.id, "🎉")


async def test_who_is_blocked_does_not_react_but_takes_back(town: Town) -> None:
    ana, bea = town.actors[:2]
    conversation_id = await town.private(ana, bea)
    sent = await town.core.messages.send(ana, conversation_id, "one")
    await town.core.reactions.react(bea, sent.id, "🎉")
    await town.core.contacts.block(ana, bea.account_id)
    with town.refuses(Forbidden, "blocked"):
        await town.core.reactions.react(bea, sent.id, "👍")
    assert (await town.core.reactions.unreact(bea, sent.id, "🎉")).extras == PLAIN
