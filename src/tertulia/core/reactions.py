"""Reactions: an emoji under a message, and who gave it."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

from tertulia.core import message_policy
from tertulia.core.changing import Changing, Held
from tertulia.core.emoji import one_emoji
from tertulia.core.errors import Conflict
from tertulia.core.events import ReactionAdded, ReactionRemoved
from tertulia.core.message import Message, Reaction
from tertulia.core.model import Actor


class Reactions:
    """Giving reactions and taking them back; each person gives each emoji once to a message."""

    def __init__(self, changing: Changing) -> None:
        self._changing = changing

    async def react(
        self, actor: Actor, message_id: UUID, emoji: str, *, conversation_id: UUID | None = None
    ) -> Message:
        """Give a reaction; giving it again changes nothing.

        Conflict `too_many_reactions` past 20 different emoji or 1,000 people for one of them.
        """
        wanted = one_emoji(emoji)
        async with self._changing.hold(actor, message_id, conversation_id) as held:
            return await _given(held, wanted)

    async def toggle(
        self, actor: Actor, message_id: UUID, emoji: str, *, conversation_id: UUID | None = None
    ) -> Message:
        """Give a reaction, or take it back where it was given."""
        wanted = one_emoji(emoji)
        async with self._changing.hold(actor, message_id, conversation_id) as held:
            is_given = held.message.extras.has_reaction(wanted, held.account_id)
            return await (_taken_back(held, wanted) if is_given else _given(held, wanted))

    async def unreact(
        self, actor: Actor, message_id: UUID, emoji: str, *, conversation_id: UUID | None = None
    ) -> Message:
        """Take a reaction back; without one nothing changes."""
        unwanted = one_emoji(emoji)
        async with self._changing.hold(actor, message_id, conversation_id) as held:
            return await _taken_back(held, unwanted)


async def _given(held: Held, emoji: str) -> Message:
    message = held.message
    message_policy.may_react(held.membership, message)
    reactions = _with(message.extras.reactions, emoji, held.account_id)
    if reactions == message.extras.reactions:
        return message
    extras = replace(message.extras, reactions=reactions)
    changed = await held.change(extras=extras)
    held.work.announce(
        ReactionAdded(
            conversation_id=changed.conversation_id,
            seq=changed.changed_seq,
            message=changed,
            person=await held.face(),
            emoji=emoji,
        )
    )
    return changed


async def _taken_back(held: Held, emoji: str) -> Message:
    message = held.message
    message_policy.may_unreact(held.membership)
    reactions = _without(message.extras.reactions, emoji, held.account_id)
    if reactions == message.extras.reactions:
        return message
    extras = replace(message.extras, reactions=reactions)
    changed = await held.change(extras=extras)
    held.work.announce(
        ReactionRemoved(
            conversation_id=changed.conversation_id,
            seq=changed.changed_seq,
            message=changed,
            person=await held.face(),
            emoji=emoji,
        )
    )
    return changed


def _with(reactions: tuple[Reaction, ...], emoji: str, account_id: UUID) -> tuple[Reaction, ...]:
    index = next((at for at, each in enumerate(reactions) if each.emoji == emoji), None)
    if index is None:
        if len(reactions) >= message_policy.MAX_EMOJI:
            raise _too_many()
        return (*reactions, Reaction(emoji, (account_id,)))
    given = reactions[index]
    if account_id in given.account_ids:
        return reactions
    if len(given.account_ids) >= message_policy.MAX_PEOPLE_PER_EMOJI:
        raise _too_many()
    more = Reaction(emoji, (*given.account_ids, account_id))
    return (*reactions[:index], more, *reactions[index + 1 :])


def _without(reactions: tuple[Reaction, ...], emoji: str, account_id: UUID) -> tuple[Reaction, ...]:
    fewer = (
        Reaction(each.emoji, tuple(other for other in each.account_ids if other != account_id))
        if each.emoji == emoji
        else each
        for each in reactions
    )
    return tuple(each for each in fewer if each.account_ids)


def _too_many() -> Conflict:
    return Conflict("This message has as many reactions as it can.", code="too_many_reactions")
